"""Messages of the pages (design/interface.md): who may come in, and what an address or a form lacked."""

from __future__ import annotations

from brygga.message_texts.base import Message

MESSAGES: dict[str, Message] = {
    "WEB-961": Message(
        "The page was asked for under a name that this program does not answer to.",
        "open Brygga with the command brygga, and use the address that it shows.",
    ),
    "WEB-962": Message(
        "The request came from another page than Brygga's own and was refused; nothing was changed.",
        "go back to Brygga's own page and do it there.",
    ),
    "WEB-963": Message(
        "Brygga does not know this browser, because several people may use this computer.",
        "start Brygga with the command brygga; it opens the browser and lets it in.",
    ),
    "WEB-964": Message(
        "The address to go back to is not one of Brygga's.",
        "go to the overview and begin there.",
    ),
    "WEB-965": Message(
        "No row is ticked.",
        "tick at least one row in the list and try again.",
    ),
    "WEB-966": Message(
        "The settings have changed since the list was read.",
        "search again, and tick the rows in the new list.",
    ),
    "WEB-967": Message(
        "The list is no longer kept.",
        "search again; lists are kept for 24 hours.",
    ),
    "WEB-968": Message(
        "There is no page at this address.",
        "go to the overview and follow the tabs.",
    ),
    "WEB-969": Message(
        "The request could not be understood; nothing was changed.",
        "go back, load the page again and try once more.",
    ),
    "WEB-970": Message(
        "The reconciliation {id} is not there, or its file was changed after it was made.",
        "make the reconciliation again.",
    ),
    "WEB-972": Message(
        "Brygga does not answer.",
        "start Brygga again if it has ended; what was under way is taken up where it was, and this page goes on by "
        "itself.",
    ),
    "WEB-973": Message(
        "Brygga was started anew, or half a day has passed, and this browser is let in no more.",
        "start Brygga again, or log in, in another tab of this browser; this page goes on by itself.",
    ),
    "WEB-971": Message(
        "The month was not given as year and month.",
        "give it as 2026-01.",
    ),
}
