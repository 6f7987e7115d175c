"""The settings that say how Severa and the company in Administration are reached."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType

_T = SettingType


def _is_safe_address(value: str) -> bool:
    """Encrypted, or on this very computer (the practice company): a secret travels to this address."""
    try:
        address = urlsplit(value)
        local = address.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    return bool(address.hostname) and (address.scheme == "https" or (address.scheme == "http" and local))


def _is_rate(value: int) -> bool:
    # Severa refuses more than 10 requests in one second (contracts/severa.md).
    return 1 <= value <= 10


def _is_duration(value: Decimal) -> bool:
    return Decimal(1) <= value <= Decimal(3600)


_SECONDS = N_("Give a number of seconds from 1 to 3600.")

CONNECTION = (
    Setting(
        "severa.base_url",
        N_("Severa's address"),
        _T.TEXT,
        "https://api.severa.visma.com/rest-api",
        Section.CONNECTION,
        N_("The address of Severa's REST interface. Change it only for the practice company."),
        holds=_is_safe_address,
        accepts=N_("Give an address that begins with https://."),
    ),
    Setting(
        "severa.client_id",
        N_("Client id"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The client id of the API credential that you created in Severa."),
    ),
    Setting(
        "severa.client_secret",
        N_("Client secret"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The secret of the API credential. It is kept in the keyring of your user, never in the store."),
        secret=True,
        environment="SEVERA_CLIENT_SECRET",
    ),
    Setting(
        "severa.environment",
        N_("Severa organisation"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The Severa organisation of this company. The program notes it at the first connection; leave it as it is."),
    ),
    Setting(
        "severa.requests_per_second",
        N_("Questions a second"),
        _T.INT,
        8,
        Section.CONNECTION,
        N_("How many questions a second each computer sends to Severa. Severa refuses more than 10 in all."),
        holds=_is_rate,
        accepts=N_("Give a whole number from 1 to 10."),
    ),
    Setting(
        "severa.timeout_seconds",
        N_("Time-out"),
        _T.DECIMAL,
        Decimal(30),
        Section.CONNECTION,
        N_("How many seconds to wait for Severa's answer."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
    Setting(
        "severa.settling_seconds",
        N_("Settling time"),
        _T.DECIMAL,
        Decimal(120),
        Section.CONNECTION,
        N_("How many seconds must pass after a lost answer before a change in Severa may be sent again."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
    Setting(
        "severa.credit_rows",
        N_("Sign of credit rows"),
        _T.CHOICE,
        "negative",
        Section.CONNECTION,
        N_("Whether Severa stores the quantities that a credit note credits as negative or as positive numbers."),
        choices=("negative", "positive"),
    ),
    Setting(
        "severa.business_units",
        N_("Business units"),
        _T.LIST,
        (),
        Section.CONNECTION,
        N_(
            "The business units in Severa whose invoices belong to this company. Leave empty when there is one company."
        ),
    ),
    Setting(
        "administration.common_path",
        N_("Common files"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The folder with Administration's common files."),
    ),
    Setting(
        "administration.company_path",
        N_("Company folder"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The folder of the company in Administration."),
    ),
    Setting(
        "administration.user",
        N_("User name"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The user name in Administration. Leave empty when the company has no log-in."),
    ),
    Setting(
        "administration.password",
        N_("Password"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The password in Administration. It is kept in the keyring of your user, never in the store."),
        secret=True,
        environment="ADMINISTRATION_PASSWORD",
    ),
    Setting(
        "administration.dll",
        N_("Program interface"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The file of Administration's program interface. Leave empty to use the one that is installed."),
    ),
    Setting(
        "administration.interpreter",
        N_("Python for the program interface"),
        _T.TEXT,
        "",
        Section.CONNECTION,
        N_("The Python that loads the program interface, when it must be another than this one (a 32-bit one)."),
    ),
    Setting(
        "administration.idle_close_seconds",
        N_("Close when idle"),
        _T.DECIMAL,
        Decimal(60),
        Section.CONNECTION,
        N_("After how many idle seconds the company is closed, so that its licence is free for others."),
        holds=_is_duration,
        accepts=_SECONDS,
    ),
)
