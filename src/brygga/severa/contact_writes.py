"""Contact persons in Severa: the person, then phone, mobile and e-mail as communications (contracts/severa.md §3.3)."""

from __future__ import annotations

from collections.abc import Mapping

from brygga.records.reasons import Reason, Refused, Uncertain, reason
from brygga.records.severa_cards import SeveraContact
from brygga.records.source import Contact
from brygga.severa import errors, facts, wire, wire_writes
from brygga.severa.changes import Change, Created, afterwards, carry_out, kept_otherwise, text_change
from brygga.severa.http import SeveraClient
from brygga.severa.reference import ReferenceData
from brygga.severa.registers import segment

WAYS = {"phone": "Phone", "mobile": "MobilePhone", "email": "EmailAddress"}
"""Card field → ``CommunicationMethodType``."""

TEXT_POINTERS = {
    "first_name": (facts.CONTACT_FIRST_NAME, "first_name"),
    "last_name": (facts.CONTACT_LAST_NAME, "last_name"),
    "title": (facts.CONTACT_TITLE, "job_title"),
}
"""Card field → pointer and model field of the person's own texts."""


def contact_card(contact: Contact) -> SeveraContact:
    """A contact that was read, as the card that is compared and changed."""
    return SeveraContact(
        customer_key=contact.customer_key,
        first_name=contact.first_name,
        last_name=contact.last_name,
        title=contact.title,
        phone=contact.phone,
        mobile=contact.mobile,
        email=contact.email,
    )


class ContactWriter:
    """Makes and changes contact persons."""

    def __init__(self, client: SeveraClient, reference: ReferenceData) -> None:
        self._client = client
        self._reference = reference

    def create(self, card: SeveraContact) -> Created:
        """Make the person, then each way of contact that the card has."""
        body = wire_writes.ContactBody(
            first_name=card.first_name,
            last_name=card.last_name,
            customer=wire.Link(guid=card.customer_key),
            is_active=True,
            job_title=card.title or None,
        )
        made = self._client.post("/v1/contactpersons", body, wire.ContactPerson)
        name = f"{card.first_name} {card.last_name}"
        warnings = kept_otherwise(
            name,
            {
                field: facts.same_text(getattr(made, of), getattr(card, field))
                for field, (_, of) in TEXT_POINTERS.items()
            },
        )
        for field in WAYS:
            value = getattr(card, field)
            if value:
                with afterwards(warnings, name, field):
                    self._add_way(made.guid, name, field, value)
        return Created(made.guid, tuple(warnings))

    def update(self, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        """Change the named fields; an emptied way of contact is marked as not to be used. ValueError for another."""
        unknown = changes.keys() - TEXT_POINTERS.keys() - WAYS.keys()
        if unknown:
            raise ValueError(f"fields of a contact that cannot be changed in Severa: {sorted(unknown)}")
        texts: list[Change[wire.ContactPerson]] = [
            text_change(field, pointer, changes[field], name)
            for field, (pointer, name) in TEXT_POINTERS.items()
            if field in changes
        ]
        carry_out(self._client, f"/v1/contactpersons/{segment(key)}", key, texts, wire.ContactPerson)
        wanted = {field: str(changes[field] or "") for field in WAYS if field in changes}
        if wanted:
            self._write_ways(key, wanted)
        return ()

    def _write_ways(self, key: str, wanted: Mapping[str, str]) -> None:
        """The first usable communication of a kind is the one that is read, so it is the one that is changed."""
        path = f"/v1/contacts/{segment(key)}/contactcommunications"
        usable: dict[str, wire.Communication] = {}
        for way in self._client.get(path, list[wire.Communication]):
            if not way.is_forbidden_to_use and way.value.strip():
                usable.setdefault(way.communication_type.type, way)
        for field, value in wanted.items():
            now = usable.get(WAYS[field])
            if now is not None and now.guid:
                self._change_way(now.guid, value)
            elif value:
                self._add_way(key, value, field, value)

    def _add_way(self, contact: str, name: str, field: str, value: str) -> None:
        kind = self._reference.communication_types.get(WAYS[field])
        if kind is None:
            raise Refused(reason(errors.NO_COMMUNICATION_TYPE, field=field, name=name))
        body = wire_writes.CommunicationBody(
            value=value,
            contact=wire.Link(guid=contact),
            communication_type=wire.Link(guid=kind),
            is_forbidden_to_use=False,
        )
        made = self._client.post("/v1/contactcommunications", body, wire.Communication)
        if made.is_forbidden_to_use or not facts.same_text(made.value, value):
            raise Refused(reason(errors.NOT_TAKEN, field=field, key=contact))

    def _change_way(self, guid: str, value: str) -> None:
        """A new value, or out of use. This operation answers one object (§2 "PATCH response")."""
        pointer = facts.COMMUNICATION_VALUE if value else facts.COMMUNICATION_FORBIDDEN
        path = f"/v1/contactcommunications/{segment(guid)}"
        after = self._client.patch(path, [facts.replace(pointer, value or True)], wire.Communication)
        if after.guid != guid:
            raise Uncertain(reason(errors.ANSWER_LOST, operation=f"PATCH {path}"))
        if not (facts.same_text(after.value, value) if value else after.is_forbidden_to_use):
            raise Refused(reason(errors.NOT_TAKEN, field=pointer, key=guid))
