"""Messages about Severa, Administration, the store and runs (semantics §5.2)."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "SEV-701": Message(
        "Severa does not accept the credentials.",
        "check client id and client secret under Settings – Connection; they are made in Severa under Settings – API.",
    ),
    "SEV-702": Message(
        "The Severa credentials lack the right {scope}.",
        "add the right to the credentials in Severa.",
    ),
    "SEV-703": Message(
        "Severa cannot be reached at {address}.",
        "check the internet connection and the address under Settings – Connection, and try again.",
    ),
    "SEV-705": Message(
        "Severa refused {operation}: {detail}",
        "correct it in Severa and try again.",
    ),
    "SEV-706": Message(
        "The list {path} changed or broke off while it was read, so it is not complete. Nothing was decided from it.",
        "try again.",
    ),
    "SEV-707": Message(
        "Severa's answer was not understood ({path}): {detail}",
        "try again; if it happens again, send the code and this text to support.",
    ),
    "SEV-708": Message(
        "The answer from Severa to {operation} was lost. It is not known whether the change was made.",
        "wait: the next run looks in Severa before anything is repeated.",
    ),
    "SEV-709": Message(
        "Severa does not have {path}.",
        "search again; the record may have been removed.",
    ),
    "SEV-710": Message(
        "Severa has a fault of its own just now (HTTP {status}).",
        "try again later.",
    ),
    "SEV-711": Message(
        "Severa answered that it was done, but {field} was not changed.",
        "check in Severa that it may be changed there; an invoice's status may forbid it.",
    ),
    "SEV-712": Message(
        "The credentials belong to another Severa organisation ({name}) than the one company {company} has been "
        "working with.",
        "enter credentials of the right organisation, or make a new company for {name}.",
    ),
    "ADK-501": Message(
        "The library of Visma Administration was not found: {path}",
        "install Visma Administration with Visma Integration on this computer, or enter the path under Settings –"
        " Connection.",
    ),
    "ADK-502": Message(
        "The library {path} is {bits}-bit and the Python that loads it is {python_bits}-bit.",
        "enter a {bits}-bit Python under Settings – Connection, or reach Administration by its .NET wrapper.",
    ),
    "ADK-512": Message(
        "The file {path} is not a program library, or it is damaged.",
        "enter the folder or file of the installation's own Adk.dll under Settings – Connection.",
    ),
    "ADK-503": Message(
        "The library of Visma Administration is too old: the function {function} is missing.",
        "update Visma Administration.",
    ),
    "ADK-504": Message(
        "The practice library {path} did not answer as it should.",
        "build the practice library again with this Python.",
    ),
    "ADK-505": Message(
        "Administration refused with code {code}: {text}",
        "open the record in Administration and see what it says there.",
        short="Administration refused: {text}",
    ),
    "ADK-506": Message(
        "The connection to Administration ended during {operation}.",
        "try again; what was being written is looked for before anything is repeated.",
    ),
    "ADK-507": Message(
        "Administration does not accept the user or the password.",
        "check the user under Settings – Connection and the password in the environment.",
    ),
    "ADK-508": Message(
        "The licence of Visma Administration lacks the add-on Visma Integration, or has expired.",
        "contact Visma about the licence.",
    ),
    "ADK-509": Message(
        "All licences of Visma Administration are in use.",
        "close Administration on another computer and try again.",
    ),
    "ADK-510": Message(
        "The Python that is to open Administration cannot be started: {interpreter}",
        "check the path under Settings – Connection.",
    ),
    "ADK-511": Message(
        "Administration gave a warning with code {code}: {text}",
        "check the record in Administration.",
        short="Administration gave a warning: {text}",
    ),
    "LOG-951": Message(
        "The log of calls to Administration is on: every call is written to the file APIAdklogg in the common-files "
        "folder.",
        "remove the file when the log is no longer needed.",
    ),
    "LOG-952": Message(
        "The log of calls to Administration could not be written and has been switched off: {detail}",
        "check that the file can be written and that the disk is not full, or remove the file.",
    ),
    "SYS-901": Message(
        "Wrong path to the common files of Administration",
        "correct the path {path} under Settings – Connection.",
    ),
    "SYS-902": Message(
        "No database open",
        "try again; if it happens again, check the company folder under Settings – Connection.",
    ),
    "SYS-903": Message(
        "The version of the API is older than the version of Administration, or does not match the company's database",
        "update Visma Administration and Visma Integration to the same version, and open the company once in "
        "Administration.",
    ),
    "SYS-904": Message(
        "The company is locked by another user. A new attempt is made at {time}.",
        short="The company is locked by another user. Try again when the other user has finished.",
    ),
    "SYS-905": Message(
        "Severa does not answer just now (too many calls). A new attempt is made at {time}.",
        short="Severa does not answer just now (too many calls). Try again in a while.",
    ),
    "SYS-906": Message(
        "Wrong path to the company folder of Administration",
        "correct the path {path} under Settings – Connection.",
    ),
    "SYS-907": Message(
        "The base currencies differ: Severa {severa}, Administration {administration}. Nothing is sent.",
        "check that the right company is chosen under Settings – Connection.",
    ),
    "SYS-908": Message(
        "Another run has been working with the company since {since} ({holder}).",
        "wait until it is done.",
        short="Another run is working with the company ({holder}).",
    ),
    "SYS-999": Message(
        "The program itself failed ({error}). What was under way is settled by looking at the start of the next run.",
        "send {path} to support; it holds no passwords.",
    ),
    "SYS-916": Message(
        "The run file {path} cannot be used: {detail}.",
        "give the user who runs this program the right to write in the company folder.",
    ),
    "SYS-909": Message(
        "The store {path} was made by a newer version of Brygga.",
        "update Brygga on this computer.",
    ),
    "SYS-910": Message(
        "The row has changed since the preview and was not sent.",
        "preview it again.",
    ),
    "SYS-911": Message(
        "The run was cancelled before this row.",
        "transfer the row again when you like.",
    ),
    "SYS-912": Message(
        "The record has already been transferred to another company: {company}, number {nr}.",
        "check the business units under Settings – Connection.",
    ),
    "SYS-913": Message(
        "The store {path} cannot be opened: {detail}",
        "check that the file can be read and written, and that the disk is not full.",
    ),
    "SYS-914": Message(
        "The store {path} lies on a network share or in a synchronised folder, where it could be damaged.",
        "choose a folder on this computer.",
    ),
    "PRA-891": Message(
        "The SIE file {file} cannot be used: {problem} (line {line}).",
        "export SIE type 4 from the accounting program again.",
    ),
    "PRA-892": Message(
        "The practice company cannot be built: {detail}",
        "choose another folder, or start over with --fresh.",
    ),
    "KOR-871": Message(
        "Preview {id} was not found: there never was one, or it is older than 24 hours.",
        "make a new preview.",
    ),
    "KOR-872": Message(
        "Preview {id} belongs to another transfer: {company}, {transfer}.",
        "make a preview of this transfer.",
    ),
    "KOR-873": Message(
        "Preview {id} no longer holds: it is older than 24 hours, or the settings or the program have changed since.",
        "make a new preview.",
    ),
}
