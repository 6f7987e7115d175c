"""Each company's part of the pages' addresses: given once, with its first setting, so that a bookmark never comes to
mean another company."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import chain, count

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.store.schema.web import company_address as rows

RESERVED = frozenset({"api", "borja", "in", "launch", "logga-in", "logga-ut", "sprak", "static"})
"""What addresses of the program itself begin with (a test compares them with the routes). A new one needs a revision
that gives a company of that address another."""

LONGEST_SLUG = 200


def slug(name: str) -> str:
    """A company's name as it is written in an address: small letters, digits and hyphens. Names that differ can share
    it."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG] or hashlib.sha256(name.encode()).hexdigest()[:8]


def give_address(connection: Connection, company: str) -> None:
    """Give the company its address, if it has none: its slug, or when another company has that (Åkeri and Akeri are
    written alike) or the program itself, the slug with the first free number behind it."""
    known = _addresses(connection)
    if company in known:
        return
    plain = slug(company)
    taken = RESERVED | set(known.values())
    address = next(each for each in chain([plain], (f"{plain}-{n}" for n in count(2))) if each not in taken)
    connection.execute(sa.insert(rows).values(company=company, address=address))


def addresses(engine: Engine) -> dict[str, str]:
    """Every company's address."""
    with engine.connect() as connection:
        return _addresses(connection)


def _addresses(connection: Connection) -> dict[str, str]:
    return {row.company: row.address for row in connection.execute(sa.select(rows.c.company, rows.c.address))}
