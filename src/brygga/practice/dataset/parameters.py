"""The figures of a practice company, named (spec/data.md §6): all of them are inferred and meant to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Figures:
    """Counts and shares of a company of one size. Shares are parts of 1, money is SEK excluding VAT."""

    staff: int = 10
    customers: int = 60
    active_customers: int = 25
    contacts: int = 110
    projects: int = 180
    open_projects: int = 35
    won_share: float = 0.60
    work_types: int = 14
    products: int = 14
    travel_types: int = 7
    cost_centres: int = 2
    invoices_per_year: int = 280
    july_share: float = 0.40
    """July's invoices as a share of a normal month's."""
    rows_median: float = 4
    rows_p95: float = 15
    rows_max: int = 60
    invoice_median: int = 28_000
    invoice_p95: int = 150_000
    hour_price_low: int = 950
    hour_price_mode: int = 1_150
    hour_price_high: int = 1_750
    vat_12_share: float = 0.015
    vat_6_share: float = 0.02
    vat_0_share: float = 0.015
    several_projects_share: float = 0.05
    last_days_share: float = 0.65
    """Invoices dated on the month's last three working days; made on the first five of the next month."""
    odd_hours_share: float = 0.05
    """Hours that are no quarters (0.1, 0.33): they make rounding matter."""
    payment_terms: tuple[tuple[int, float], ...] = ((30, 0.70), (20, 0.12), (14, 0.10), (45, 0.04), (60, 0.04))
    no_country_share: float = 0.03
    no_phone_share: float = 0.20
    inactive_contacts_share: float = 0.10
    reverse_charge_customers: int = 3
    reverse_charge_invoices: int = 1


SIZES: Mapping[str, Figures] = {
    "small": Figures(),
    "medium": Figures(
        staff=200,
        customers=1_100,
        active_customers=350,
        contacts=2_600,
        projects=4_200,
        open_projects=520,
        won_share=0.55,
        work_types=60,
        products=180,
        travel_types=20,
        cost_centres=14,
        invoices_per_year=4_800,
        rows_median=7,
        rows_p95=45,
        rows_max=400,
        vat_12_share=0.02,
        vat_6_share=0.03,
        vat_0_share=0.02,
        several_projects_share=0.11,
        no_country_share=0.04,
        no_phone_share=0.22,
        reverse_charge_customers=77,
        reverse_charge_invoices=8,
    ),
}


@dataclass(frozen=True)
class SpecialFigures:
    """Shares of a month's ordinary invoices (parts of 1) of what is added to them; of each kind there is at least one.

    ``partial_share`` is of the credit notes; ``currency_shares`` by ISO 4217 code; of the invoices in the currencies
    of the EU, ``eu_share`` of all are reverse-charged, of the others ``export_share``.
    """

    credit_share: float = 0.03
    partial_share: float = 0.25
    currency_shares: tuple[tuple[str, float], ...] = (
        ("EUR", 0.04), ("DKK", 0.003), ("USD", 0.01), ("NOK", 0.006), ("JPY", 0.001),
    )  # fmt: skip
    eu_share: float = 0.04
    export_share: float = 0.015
    construction_share: float = 0.005


SPECIALS: Mapping[str, SpecialFigures] = {
    "small": SpecialFigures(),
    "medium": SpecialFigures(
        credit_share=0.04,
        currency_shares=(("EUR", 0.08), ("DKK", 0.01), ("USD", 0.025), ("NOK", 0.02), ("JPY", 0.005)),
        eu_share=0.07,
        export_share=0.025,
        construction_share=0.01,
    ),
}


@dataclass(frozen=True)
class PracticeParameters:
    """What decides a practice company: the same parameters always give the same company.

    ``month``: any day of the practice month, None = the Administration company's own. ``numbering_master``: "severa" or
    "administration" (semantics §4.3). ``with_defects`` adds records that must each fail or warn alone.
    ``ordinary_only`` off adds credit notes, foreign currency, reverse charge and the edge pack to the month.
    """

    seed: int = 1
    size: str = "small"
    month: date | None = None
    numbering_master: str = "severa"
    with_defects: bool = False
    ordinary_only: bool = True
    figures: Figures | None = None
    towards_severa: bool = False
    """Adds what the transfers from Administration to Severa move: supplier invoices, customers and payments."""

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise ValueError(f"size is one of {', '.join(SIZES)}, not {self.size!r}")
        if self.numbering_master not in ("severa", "administration"):
            raise ValueError(f"numbering_master is severa or administration, not {self.numbering_master!r}")

    @property
    def figure(self) -> Figures:
        """The figures in force: those given, else those of the size."""
        return self.figures or SIZES[self.size]

    @property
    def special(self) -> SpecialFigures:
        """The figures of what ``ordinary_only`` leaves out."""
        return SPECIALS[self.size]

    def with_figures(self, **changes: int | float) -> PracticeParameters:
        """The same parameters with some figures changed."""
        return replace(self, figures=replace(self.figure, **changes))  # type: ignore[arg-type]
