"""What a POST body may hold: the contract's model, without what the server itself decides, checked field by field.

A field the model does not have, one that is read-only and one that is not modelled are refused by name: a value that
is dropped in silence would look as if it had been kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.model_table import ENUMS
from brygga.practice.severa_server.models import PRIMITIVES, enum_type, fields

AUDIT_FIELDS = frozenset({"createdDateTime", "createdBy", "lastUpdatedDateTime", "lastUpdatedBy"})


@dataclass(frozen=True)
class Body:
    """A body of ``model``. ``read_only`` fields the server decides, ``not_modelled`` ones it does not know what to do
    with; ``must_say`` are flags whose default the contract does not tell, so that a client has to say them."""

    model: str
    read_only: frozenset[str] = frozenset()
    not_modelled: frozenset[str] = frozenset()
    must_say: frozenset[str] = frozenset()

    def given(self, body: Any) -> dict[str, Any]:
        """The fields that the body gives, of the right types; ``Refused`` (400) names the field that is not."""
        if not isinstance(body, Mapping):
            raise bad_body(f"the body must be an object ({self.model})")
        known = fields(self.model)
        for name in body:
            if name not in known:
                raise bad_body(f"{self.model} has no field {name}", name)
            if name in self.read_only | AUDIT_FIELDS:
                raise Refused(400, "InvalidOperation", f"{name} is read-only", "RequestBody", name)
            if name in self.not_modelled:
                raise bad_body(f"this simulator does not model {name} here", name)
        for name in sorted(self.must_say - set(body)):
            raise bad_body(f"this simulator does not know what Severa makes of a body without {name}: say it", name)
        try:
            checked = msgspec.convert(dict(body), input_type(self.model))
        except msgspec.ValidationError as error:
            raise bad_body(f"{self.model}: {error}") from error
        plain: dict[str, Any] = msgspec.to_builtins(checked, builtin_types=(_Decimal,))
        return plain


_Decimal = PRIMITIVES["double"]


@cache
def input_type(model: str) -> type[msgspec.Struct]:
    """The type of a body of ``model``: only what the schema marks as required must be there."""
    definitions: list[tuple[str, Any, Any]] = []
    for name, notation in fields(model).items():
        required = notation.endswith(" (required)")
        kind = _type(notation.removesuffix(" (required)"))
        definitions.append(
            (name, kind, msgspec.NODEFAULT) if required else (name, kind | msgspec.UnsetType, msgspec.UNSET)
        )
    return msgspec.defstruct(f"{model}Body", definitions, kw_only=True, forbid_unknown_fields=True)


def _type(kind: str) -> Any:
    if kind.endswith("?"):
        return _type(kind[:-1]) | None
    if kind.endswith("[]"):
        return list[_type(kind[:-2])]  # type: ignore[misc]
    if kind in PRIMITIVES:
        return PRIMITIVES[kind]
    return enum_type(kind) if kind in ENUMS else input_type(kind)


def said_text(values: Mapping[str, Any], name: str) -> str:
    """A required text that says something; ``Refused`` when it is empty or blank."""
    text = str(values.get(name) or "").strip()
    if not text:
        raise bad_body(f"{name} is required", name)
    return text
