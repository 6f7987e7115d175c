"""What every page is given: the program, the templates, and the company and language of the request."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.datastructures import State
from markupsafe import Markup, escape

from brygga import __version__
from brygga.app import App
from brygga.insight.checks import Check
from brygga.insight.posting import Kontering
from brygga.insight.setting_choices import Facts
from brygga.records.reasons import Refused, reason
from brygga.store.company_addresses import addresses
from brygga.store.database import utcnow
from brygga.store.states import RowState
from brygga.web.access import Doorkeeper
from brygga.web.assets import address_of
from brygga.web.setting_words import page_help
from brygga.web.texts import Words

LANGUAGE_COOKIE = "brygga-sprak"
THEME_COOKIE = "brygga-tema"

ATTENTION_SECONDS = 3.0
"""How old the small figures in the tabs may be."""

NEEDS_A_PERSON = (RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.TRANSFERRED_WITH_REMARK)

CODE = re.compile(r"\([A-Z]{3}-[0-9]{3}\)$")
"""The code at the end of a reason."""

ENDS = {"severa": "Severa", "administration": "Administration"}
"""The checks that say whether a system answers, and its name."""

FACTS_LIVE = timedelta(minutes=5)
"""How long what the systems have is believed while a person types settings; saving and ``Ask again`` end it."""

TABS: tuple[tuple[str, str], ...] = (
    ("kunder", "customers"),
    ("projekt", "projects"),
    ("fakturor", "invoices"),
    ("betalningar", "payments"),
    ("leverantorsfakturor", "supplier-invoices"),
    ("artiklar", "articles"),
)
"""Tabs in the order of the work (REL-1.6.0-18): the part of the address, and the transfer."""

LISTS = (*TABS, ("kunder-till-severa", "customers-to-severa"))
"""Every list: the tabs, and the other direction of customers."""

DIRECTIONS: tuple[tuple[str, ...], ...] = (("kunder", "kunder-till-severa"),)
"""Lists that share a tab, by their parts of the address: its page offers the other as another direction."""

Html = Response[str]
WebRequest = Request[Any, Any, State]


class NoSuchPage(Exception):
    """The address names nothing that this company has."""


class Connections(NamedTuple):
    """How both systems answered, what was found of the mappings between them, and when."""

    at: datetime
    ends: list[Check]
    mappings: list[Check]


class Posted(NamedTuple):
    """What Administration said of a preview of invoices: each one's posting, and the number it would give first."""

    posting: Mapping[str, Kontering] = MappingProxyType({})
    first_number: int = 0
    """0 while Administration has not been asked."""


@dataclass(frozen=True)
class Site:
    """One running web application."""

    app: App
    doorkeeper: Doorkeeper
    start_secret: str = ""
    """By which a second start of the program asks for a launch token; empty: there is no such way in."""
    log_in: bool = False
    """Whether people may come in with a name and a password."""
    kept_addresses: dict[str, str] = field(default_factory=dict)
    """The companies' parts of the address, which never change."""
    kept_facts: dict[str, Facts] = field(default_factory=dict)
    kept_postings: dict[str, Posted] = field(default_factory=dict)
    """By preview."""
    kept_checks: dict[str, tuple[datetime, list[Check]]] = field(default_factory=dict)
    """By company: when both systems were last asked whether they answer, and what they said."""
    kept_attention: dict[str, tuple[float, dict[str, int]]] = field(default_factory=dict)

    def attention(self, company: str) -> dict[str, int]:
        """What needs a person, by transfer, and under ``doubt`` what is in doubt; counted anew after some seconds."""
        at, found = self.kept_attention.get(company, (0.0, {}))
        if not at or time.monotonic() - at > ATTENTION_SECONDS:
            journal = self.app.journal(company)
            found = journal.attention(NEEDS_A_PERSON) | {"doubt": len(journal.undecided())}
            self.kept_attention[company] = (time.monotonic(), found)
        return found

    def checks(self, company: str) -> list[Check]:
        """Both connections and the settings, looked at afresh; what was found stands in the frame from then on."""
        found = self.app.checks(company)
        self.kept_checks[company] = (utcnow(), found)
        return found

    def connections(self, company: str) -> Connections | None:
        """How both systems answered when they were last asked, if that is known and not old."""
        at, found = self.kept_checks.get(company, (datetime.min.replace(tzinfo=UTC), []))
        ends = [check for check in found if check.id in ENDS]
        mappings = [check for check in found if check.id == "mappings"]
        return Connections(at, ends, mappings) if ends and utcnow() - at < FACTS_LIVE else None

    def facts(self, company: str, *, afresh: bool = False) -> Facts:
        """What both systems have that settings can point to; asked again after ``FACTS_LIVE``."""
        kept = self.kept_facts.get(company)
        if afresh or kept is None or utcnow() - kept.read_at > FACTS_LIVE:
            kept = self.app.facts(company)
            self.kept_facts[company] = kept
        return kept

    def forget_facts(self, company: str) -> None:
        """The settings are others now: another system may be meant."""
        self.kept_facts.pop(company, None)
        self.kept_checks.pop(company, None)

    @cached_property
    def templates(self) -> Environment:
        """The templates; what is not given to one is an error, and everything is escaped."""
        environment = Environment(
            loader=PackageLoader("brygga.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["coded"] = coded
        environment.globals["asset"] = address_of
        environment.globals["setting_help"] = page_help
        environment.globals["version"] = __version__
        return environment

    @property
    def companies(self) -> dict[str, str]:
        """Companies by their part of the address."""
        return {self.slug(name): name for name in self.app.companies()}

    def slug(self, company: str) -> str:
        """The company's part of the address."""
        if company not in self.kept_addresses:
            self.kept_addresses.update(addresses(self.app.engine))
        return self.kept_addresses[company]

    def company(self, part: str) -> str:
        """The company of an address; ``NoSuchPage`` when there is none."""
        if part not in self.companies:
            raise NoSuchPage(part)
        return self.companies[part]


def coded(sentence: str) -> Markup:
    """A sentence as HTML whose code at the end stays whole and quiet; everything of it is escaped."""
    code = CODE.search(sentence)
    if code is None:
        return escape(sentence)
    return Markup("{}<span class=code>{}</span>").format(sentence[: code.start()], code.group())


def transfer_of(tab: str) -> str:
    """The transfer of a tab's part of the address."""
    for part, transfer in LISTS:
        if part == tab:
            return transfer
    raise NoSuchPage(tab)


def tab_of(transfer: str) -> str:
    """The part of the address of a transfer's list."""
    return next(part for part, each in LISTS if each == transfer)


def directions_of(tab: str) -> tuple[str, ...]:
    """The lists that share the tab of this one, itself among them."""
    return next((parts for parts in DIRECTIONS if tab in parts), (tab,))


def site_of(request: WebRequest) -> Site:
    """The site that answers the request."""
    site: Site = request.app.state.site
    return site


def language_of(request: WebRequest) -> Literal["sv", "en"]:
    """The language chosen with the switch; Swedish unless it says English."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "sv"


def words_of(request: WebRequest) -> Words:
    """The words of the request's language."""
    return Words(language_of(request))


def page(
    request: WebRequest, template: str, *, company: str = "", here: str = "", status: int = 200, **values: object
) -> Html:
    """A page, or a part of one, as HTML. ``here`` names the tab that is open."""
    site, words = site_of(request), words_of(request)
    user = str(request.scope.get("state", {}).get("user", ""))
    attention = site.attention(company) if company else {}
    context: dict[str, Any] = {
        **words.calls(),
        "words": words,
        "company": company,
        "base": f"/{site.slug(company)}" if company else "",
        "companies": site.companies if user else {},
        "here": here,
        "tabs": _tabs(here, attention),
        "connections": site.connections(company) if company else None,
        "ends": ENDS,
        "attention": attention,
        "language": words.language,
        "theme": request.cookies.get(THEME_COOKIE, "")
        if request.cookies.get(THEME_COOKIE) in ("light", "dark")
        else "",
        "path": request.url.path,
        "address": address(request.url.path, request.query_params.dict()),
        "user": user,
        "log_in": site.log_in,
        "away": {"lost": reason("WEB-972"), "closed": reason("WEB-973")},
        "htmx": "hx-request" in request.headers,
        **values,
    }
    html = site.templates.get_template(template).render(context)
    return Response(html, media_type=MediaType.HTML, status_code=status)


class Tab(NamedTuple):
    """A tab of the frame: its address, its transfer, whether it is open, and how many records there need a person."""

    part: str
    transfer: str
    is_open: bool
    attention: int


def _tabs(here: str, attention: Mapping[str, int]) -> list[Tab]:
    found = []
    for part, transfer in TABS:
        lists = directions_of(part)
        needing = sum(attention.get(transfer_of(each), 0) for each in lists)
        found.append(Tab(part, transfer, here in lists, needing))
    return found


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with the parameters that say something."""
    said = {name: value for name, value in query.items() if value not in ("", None, False)}
    return f"{path}?{urlencode(said, doseq=True)}" if said else path


def is_ours(to: str) -> bool:
    """Whether it is an address on this server, not somebody else's written so that a browser would follow it there."""
    return to.startswith("/") and not to.startswith("//") and "\\" not in to


def moved(to: str) -> Html:
    """Look at another address now (after a form was sent)."""
    if not is_ours(to):
        raise Refused(reason("WEB-964"))
    return Response("", status_code=303, headers={"Location": to}, media_type=MediaType.HTML)
