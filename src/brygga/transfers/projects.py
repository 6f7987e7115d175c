"""Projects, Severa → Administration (semantics §4.2)."""

from __future__ import annotations

import msgspec

from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Project
from brygga.records.target import Kind, ProjectCard
from brygga.rules.matching import match_code
from brygga.rules.projects import project_code, project_dates
from brygga.transfers.customers import plan_customer
from brygga.transfers.fields import Texts, differences
from brygga.transfers.plan import Action, Plan, Transfer, action_for
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection

NOT_COMPARED = frozenset({"code", "closed"})


def plan_projects(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """Plans for the chosen projects, in order of number; those not won are skipped with the reason."""
    projects = selection.read(readings.company.severa.projects)
    if selection.keys is None and not selection.texts:
        projects = readings.belonging.projects(projects)
    chosen = [project for project in projects if selection.takes(project.number, project.name)]
    readings.fetch_customers({project.customer_key for project in chosen})
    ordered = sorted(chosen, key=lambda project: (len(project.number), project.number, project.key))
    return tuple(plan_project(readings, project) for project in ordered)


def plan_project(readings: Readings, project: Project, *, automatic: bool = False) -> Plan:
    """What to do with one project: found by link, else by its exact code, else created (§4.0, REL-1.6.0-07)."""
    if readings.preferences.projects_won_only and not project.is_won and not automatic:
        return _plan(readings, project, Action.SKIP, None, (reason("PRJ-207", Level.NOTE, nr=project.number),))
    code, reasons = project_code(
        project.number, readings.capabilities.lengths.project_code, readings.preferences.projects_code_map
    )
    link = readings.links(Kind.PROJECT).get(project.key)
    match = match_code(
        code,
        readings.project_cards.keys(),
        linked=link.target_key if link is not None else None,
        is_taken=lambda there: _is_another_ones(readings, project, there),
    )
    there = readings.project_cards.get(match.key)
    customer_number, customer_name, needs, customer_reasons = customer_of(readings, project.customer_key)
    start, end, date_reasons = project_dates(project.start, project.deadline, project.created)
    texts = Texts(project.number)
    card = ProjectCard(
        code=there.code if there is not None else code,
        name=texts.cut("PRJ-209", "name", project.name, readings.capabilities.lengths.project_name),
        start=start,
        end=end,
        customer_number=customer_number,
        customer_name=texts.cut("FAK-318", "customer_name", customer_name, readings.capabilities.lengths.customer_name),
    )
    reasons = (*reasons, *match.reasons, *customer_reasons, *date_reasons, *texts.reasons)
    if there is None:
        if automatic:
            reasons = (*reasons, reason("PRJ-210", Level.NOTE, nr=code))
        return _plan(readings, project, action_for(reasons, Action.CREATE), card, reasons, needs=needs)
    changes = differences(card, there, also_empty=False, ignore=NOT_COMPARED)
    if there.closed and changes:
        # Administration refuses edits of a closed project (273); opening it again is not ours to do (§4.2).
        reasons = (*reasons, reason("PRJ-204", nr=there.code))
    action = Action.UPDATE if changes else (Action.NOTHING if link is not None else Action.LINK)
    action = action_for(reasons, action)
    if action is not Action.UPDATE:
        changes = ()
    plan = _plan(readings, project, action, card, reasons, needs=needs, target_key=there.code)
    return msgspec.structs.replace(plan, changes=changes)


def _is_another_ones(readings: Readings, project: Project, code: str) -> bool:
    """Whether the code is linked to another project that Severa still has; one that ``projects.code_map`` gives to
    several is theirs on purpose."""
    if project.number.strip() in readings.preferences.projects_code_map:
        return False
    others = (key for key, link in readings.links(Kind.PROJECT).items() if link.target_key == code)
    return any(key != project.key and readings.project(key) is not None for key in others)


def needed_project(readings: Readings, project: Project) -> Plan:
    """The plan of a project that documents of the batch need, the same for all of them."""
    return readings.needed(Kind.PROJECT, project.key, lambda: plan_project(readings, project, automatic=True))


def customer_of(readings: Readings, key: str) -> tuple[str, str, tuple[Plan, ...], tuple[Reason, ...]]:
    """Administration's number and name of the customer, the plan that creates it first, and what stands in the way."""
    customer = readings.customer(key)
    if customer is None:
        return "", "", (), (reason("KND-116", name=key),)
    plan = readings.needed(Kind.CUSTOMER, key, lambda: plan_customer(readings, customer, automatic=True))
    if plan.target_key:
        # It is there: a fault of what Severa says of it now is the customer's own, and stops no invoice.
        return plan.target_key, customer.name, (), ()
    stops = plan.stops
    if plan.action is Action.CREATE and not readings.preferences.autofix_customers:
        stops = (reason("KND-117", nr=customer.number, name=customer.name),)
    needs = (plan,) if plan.action is Action.CREATE and not stops else ()
    return customer.number, customer.name, needs, stops


def _plan(
    readings: Readings,
    project: Project,
    action: Action,
    card: ProjectCard | None,
    reasons: tuple[Reason, ...],
    *,
    needs: tuple[Plan, ...] = (),
    target_key: str = "",
) -> Plan:
    return Plan(
        company=readings.company.name,
        transfer=Transfer.PROJECTS,
        kind=Kind.PROJECT,
        source_key=project.key,
        source_number=project.number,
        source_name=project.name,
        action=action,
        target_key=target_key,
        payload=card,
        natural_key=card.code if card is not None else "",
        reasons=reasons,
        needs=needs if action not in (Action.REFUSE, Action.SKIP) else (),
        automatic=any(why.code == "PRJ-210" for why in reasons),
    )
