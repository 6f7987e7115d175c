"""Articles from products, work types and travel expense types, Severa → Administration (semantics §4.8)."""

from __future__ import annotations

from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Article
from brygga.records.target import ArticleCard, Kind
from brygga.rules.matching import match_code
from brygga.rules.units import unit_code
from brygga.transfers.fields import Texts, differences
from brygga.transfers.plan import Action, Change, Plan, Transfer, action_for
from brygga.transfers.readings import Readings, ordered_articles
from brygga.transfers.selection import Selection

NOT_COMPARED = frozenset({"number", "group", "accounting_code", "inactive"})


def plan_articles(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """Plans for the chosen active articles; of several with one code the first names it, the others are reported."""
    plans = []
    for article in ordered_articles(readings.company.severa.articles()):
        chosen = selection.keys is None or article.key in selection.keys
        if not article.is_active or not chosen or not selection.takes(article.code, article.name):
            continue
        first = readings.severa_articles.get(article.code)
        if not article.code:
            why = reason("ART-704", Level.NOTE, name=article.name)
            plans.append(_plan(readings, article, Action.SKIP, None, (why,)))
        elif first is not None and first.key != article.key:
            why = reason("ART-702", Level.NOTE, code=article.code, name=first.name)
            plans.append(_plan(readings, article, Action.SKIP, None, (why,)))
        else:
            plans.append(plan_article(readings, article))
    return tuple(sorted(plans, key=lambda plan: (plan.source_number, plan.source_name)))


def needed_article(readings: Readings, article: Article) -> Plan:
    """The plan of an article that documents of the batch need, the same for all of them."""
    return readings.needed(Kind.ARTICLE, article.key, lambda: plan_article(readings, article, automatic=True))


def plan_article(readings: Readings, article: Article, *, automatic: bool = False) -> Plan:
    """What to do with one article: found by its exact number, else created with default group and accounting code."""
    lengths, preferences, texts = readings.capabilities.lengths, readings.preferences, Texts(article.code)
    reasons: tuple[Reason, ...] = ()
    if len(article.code) > lengths.article_number:
        reasons = (reason("ART-701", code=article.code, max=lengths.article_number),)
    unit, unit_reasons = unit_code(article.unit, preferences.mappings_units, readings.info.units, lengths.unit)
    card = ArticleCard(
        number=article.code,
        name=texts.cut("ART-703", "name", article.name, lengths.article_name),
        unit=unit,
        group=preferences.articles_group or readings.info.default_article_group,
        accounting_code=preferences.articles_accounting_code or readings.info.default_accounting_code,
    )
    reasons = (*reasons, *unit_reasons, *texts.reasons)
    link = readings.links(Kind.ARTICLE).get(article.key)
    match = match_code(
        article.code, readings.article_cards.keys(), linked=link.target_key if link is not None else None
    )
    there = readings.article_cards.get(match.key)
    reasons = (*reasons, *match.reasons)
    if there is None:
        if not card.group or not card.accounting_code:
            # A new article needs both (45/46), and neither comes from Severa (§4.8).
            reasons = (*reasons, reason("ART-705", code=article.code))
        if automatic:
            reasons = (*reasons, reason("ART-706", Level.NOTE, nr=article.code))
        return _plan(readings, article, action_for(reasons, Action.CREATE), card, reasons, automatic=automatic)
    changes = differences(card, there, also_empty=False, ignore=NOT_COMPARED)
    action = Action.UPDATE if changes else (Action.NOTHING if link is not None else Action.LINK)
    action = action_for(reasons, action)
    return _plan(
        readings,
        article,
        action,
        card,
        reasons,
        target_key=there.number,
        changes=changes if action is Action.UPDATE else (),
    )


def _plan(
    readings: Readings,
    article: Article,
    action: Action,
    card: ArticleCard | None,
    reasons: tuple[Reason, ...],
    *,
    target_key: str = "",
    changes: tuple[Change, ...] = (),
    automatic: bool = False,
) -> Plan:
    return Plan(
        company=readings.company.name,
        transfer=Transfer.ARTICLES,
        kind=Kind.ARTICLE,
        source_key=article.key,
        source_number=article.code,
        source_name=article.name,
        action=action,
        target_key=target_key,
        payload=card,
        changes=changes,
        natural_key=article.code,
        reasons=reasons,
        automatic=automatic,
    )
