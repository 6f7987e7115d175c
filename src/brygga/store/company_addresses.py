"""Each company's part of the pages' addresses: given once and kept, so that a bookmark never comes to mean another."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain, count

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.store.database import write
from brygga.store.schema_web import company_address as rows


def company_addresses(
    engine: Engine, companies: Collection[str], wanted: Callable[[str], str], reserved: Collection[str] = ()
) -> dict[str, str]:
    """The address of each company, by company.

    A company without one is given the one that is ``wanted`` for its name; when another company has it (Åkeri and
    Akeri are written alike) or the program needs it itself (``reserved``), with the first free
    number behind it.
    """
    with engine.connect() as connection:
        known = _known(connection, reserved)
    if set(companies) <= set(known):
        return {name: known[name] for name in companies}

    def work(connection: Connection) -> dict[str, str]:
        kept = _known(connection, reserved)
        taken = {*reserved, *kept.values()}
        for name in sorted(set(companies) - set(kept)):
            plain = wanted(name)
            kept[name] = next(each for each in chain([plain], (f"{plain}-{n}" for n in count(2))) if each not in taken)
            taken.add(kept[name])
            connection.execute(sa.delete(rows).where(rows.c.company == name))
            connection.execute(sa.insert(rows).values(company=name, address=kept[name]))
        return kept

    known = write(engine, work)
    return {name: known[name] for name in companies}


def _known(connection: Connection, reserved: Collection[str]) -> dict[str, str]:
    """What was given; an address that a later version of the program needs itself counts no more."""
    found = connection.execute(sa.select(rows.c.company, rows.c.address))
    return {row.company: row.address for row in found if row.address not in reserved}
