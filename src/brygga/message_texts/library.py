"""Messages about the way to Administration: which library was chosen and why, and what it needs."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "SYS-940": Message("The built-in practice company, because the setting administration.library says practice."),
    "SYS-941": Message(
        "The C library {dll} ({bits}-bit) in a {python_bits}-bit Python, because the settings say so.",
    ),
    "SYS-942": Message(
        "The .NET wrapper {wrapper} in a {python_bits}-bit Python, because the setting administration.library says "
        "dotnet.",
    ),
    "SYS-943": Message(
        "The C library {dll}, chosen automatically: it is {bits}-bit, like the Python that loads it.",
    ),
    "SYS-944": Message(
        "The .NET wrapper {wrapper}, chosen automatically: the Python that loads it is {python_bits}-bit, and no C "
        "library of that kind was found ({dll}: {bits}-bit).",
    ),
    "SYS-945": Message(
        "The library {dll} is {bits}-bit and the Python that is to load it is {python_bits}-bit, and there is no .NET "
        "wrapper for {python_bits} bits.",
        "install a {bits}-bit Python and enter it as administration.interpreter, or enter the folder of the .NET "
        "wrapper as administration.dotnet_folder.",
    ),
    "SYS-946": Message(
        "Neither the library Adk.dll nor a .NET wrapper of it was found on this computer.",
        "install Visma Administration with Visma Integration, or enter the folder as administration.dll.",
    ),
    "SYS-947": Message(
        "The .NET way to Administration needs the package pythonnet, which this Python does not have: {detail}",
        "install it with: pip install brygga[dotnet]",
    ),
    "SYS-948": Message(
        "The .NET runtime that the wrapper of Administration needs did not start ({detail}).",
        "install .NET 6 or later, 64-bit, from Microsoft (the Desktop Runtime), and try again.",
    ),
    "SYS-949": Message(
        "The .NET assembly {path} is not the wrapper of Administration: it has no class Api.",
        "enter the folder of the installation's own AdkNet6Wrapper.dll as administration.dotnet_folder.",
    ),
}
