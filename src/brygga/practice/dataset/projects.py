"""Projects: won, lost and still offers; open and closed; with and without dates and cost centre of their own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from brygga.practice.administration_base import AdministrationBase
from brygga.practice.dataset.common import Document, audit, new_guid, stream
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.registers import Registers, copy, person
from brygga.practice.dataset.words import LONG_PROJECT_NAME, PROJECT_NAMES

FIRST_NUMBER = 1001
NEAR_NUMBERS = ((10, "Drift"), (100, "Drift"), (1001, "Drift 2"))
"""Numbers that a sloppy search confuses (AT-01); two of them share a name."""

MOST_COUPLED = 8
"""Projects of the SIE file that Severa's projects are coupled to."""

ARCHIVE_SHARE = 0.8
"""Part of the customers without open projects that have closed ones at all."""


@dataclass
class ProjectBook:
    """The projects as wire documents; ``code_map`` couples Severa numbers to codes that Administration has."""

    projects: list[Document] = field(default_factory=list)
    code_map: dict[str, str] = field(default_factory=dict)
    won_of: dict[str, list[Document]] = field(default_factory=dict)
    """Won projects by customer guid, open ones first."""


def build_projects(
    parameters: PracticeParameters,
    registers: Registers,
    customers: list[Document],
    base: AdministrationBase,
    month: date,
) -> ProjectBook:
    """All projects. Every active customer has an open won one; some customers have only offers or lost ones."""
    figure = parameters.figure
    chance = stream(parameters.seed, "projects")
    book = ProjectBook()
    active = customers[: figure.active_customers]
    others = customers[figure.active_customers :]
    archive = active + others[: round(len(others) * ARCHIVE_SHARE)]
    won = round(figure.projects * figure.won_share)
    won_open = min(won, max(len(active), figure.open_projects * 3 // 4))
    numbers = [number for number, _ in NEAR_NUMBERS]
    numbers += [FIRST_NUMBER + 1 + place for place in range(figure.projects - len(numbers))]
    for place, number in enumerate(numbers):
        state = "Won" if place < won else chance.choice(("Lost", "Lost", "InProgress"))
        is_open = place < won_open or won <= place < won + figure.open_projects - won_open
        if state == "Won" and is_open:
            customer = active[place] if place < len(active) else chance.choice(active)
        elif state == "Won":
            customer = chance.choice(archive)
        else:
            state = "InProgress" if is_open else "Lost"
            customer = chance.choice(customers)
        name = dict(NEAR_NUMBERS).get(number) or _name(chance, place)
        project = new_project(registers, chance, customer, number, name, state=state, closed=not is_open, month=month)
        add_project(book, project, won=state == "Won")
    _couple(book, base)
    return book


def _name(chance: random.Random, place: int) -> str:
    return LONG_PROJECT_NAME if place == 5 else chance.choice(PROJECT_NAMES)


def add_project(book: ProjectBook, project: Document, *, won: bool) -> None:
    """Add a project to the book."""
    book.projects.append(project)
    if won:
        book.won_of.setdefault(project["customer"]["guid"], []).append(project)


def _couple(book: ProjectBook, base: AdministrationBase) -> None:
    """Couple the first open won projects to those that Administration has already: the same work under two numbers."""
    free = [each for each in book.projects[len(NEAR_NUMBERS) :] if not each["isClosed"]]
    for project, known in zip(free, base.projects[:MOST_COUPLED], strict=False):
        book.code_map[str(project["number"])] = known.code


def new_project(
    registers: Registers,
    chance: random.Random,
    customer: Document,
    number: int,
    name: str,
    *,
    state: str,
    closed: bool,
    month: date,
) -> Document:
    """A project as a wire document. ``state`` is the SalesStatusType: Won, Lost or InProgress."""
    age = chance.randrange(200, 1000) if closed else chance.randrange(20, 300)
    made = month - timedelta(days=age)
    start = None if chance.random() < 0.2 else made + timedelta(days=chance.randrange(0, 30))
    deadline = None if chance.random() < 0.4 else (start or made) + timedelta(days=chance.randrange(30, 500))
    ended = made + timedelta(days=chance.randrange(60, 150)) if closed else None
    unit = chance.choice(registers.business_units)
    centre = chance.choice(registers.cost_centres) if chance.random() < 0.8 else None
    owner = chance.choice(registers.users)
    status = registers.sales_statuses[state]
    progress = registers.project_statuses["Avslutat" if closed else "Pågår"]
    currency = registers.currencies["SEK"]
    return {
        "guid": new_guid(chance),
        "name": name,
        "number": number,
        "isInternal": False,
        "isClosed": closed,
        "closedDate": ended.isoformat() if ended else None,
        "isJoiningAllowed": True,
        "customer": copy(customer, "name", "number"),
        "projectOwner": copy(owner, "code", "firstName", "lastName") | {"name": person(owner)},
        "businessUnit": copy(unit, "name", "code"),
        "currency": copy(currency, "name", "code", "symbol"),
        "salesStatus": {"guid": new_guid(chance), "salesStatusTypeGuid": status["guid"], "name": status["name"]},
        "projectStatus": {
            "guid": new_guid(chance),
            "projectStatusTypeGuid": progress["guid"],
            "name": progress["name"],
        },
        "startDate": start.isoformat() if start else None,
        "deadline": deadline.isoformat() if deadline else None,
        "costCenter": copy(centre, "name", "identifier") if centre else None,
        "paymentTerm": customer["paymentTerm"],
        "useWorkTypesFromSetting": True,
        "useProductsFromSetting": True,
        "isMileageBillable": True,
        "isDailyAllowanceBillable": True,
        "isOtherTravelExpensesBillable": True,
        "useOvertimeMultipliers": False,
        **audit(made, chance, ended),
    }
