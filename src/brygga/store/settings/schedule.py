"""The settings of scheduled runs: workers, quiet hours, circuit breaker, digest."""

from __future__ import annotations

import re
from decimal import Decimal

from brygga.i18n import N_
from brygga.rules.timetable import parse_quiet
from brygga.store.settings.types import Section, Setting, SettingType

_T = SettingType


def _is_group(value: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{0,40}", value) is not None


def _are_hours(value: str) -> bool:
    try:
        parse_quiet(value)
    except ValueError:
        return False
    return True


def _is_short(value: int) -> bool:
    return 0 <= value <= 3600


def _is_limit(value: int | Decimal) -> bool:
    return value >= 0


def _is_port(value: int) -> bool:
    return 0 < value < 65536


def _are_addresses(value: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", each) for each in value)


def _is_address(value: str) -> bool:
    return not value or _are_addresses((value,))


def _schedule(key: str, label: str, kind: SettingType, default: object, help_text: str, **more: object) -> Setting:
    return Setting(f"schedule.{key}", label, kind, default, Section.SCHEDULE, help_text, **more)  # type: ignore[arg-type]


SCHEDULE = (
    _schedule(
        "worker_group",
        N_("Group of workers"),
        _T.TEXT,
        "",
        N_("The group of workers that reach this company, when not all of them do. Leave empty when they all do."),
        holds=_is_group,
        accepts=N_("Give small letters a to z, digits and hyphens."),
    ),
    _schedule(
        "quiet_hours",
        N_("Quiet hours"),
        _T.TEXT,
        "",
        N_("Hours in which no scheduled run begins, such as 22:00-06:00. Leave empty for none."),
        holds=_are_hours,
        accepts=N_("Give two times with a hyphen between them, such as 22:00-06:00."),
    ),
    _schedule(
        "jitter_seconds",
        N_("Spread of starts"),
        _T.INT,
        60,
        N_("Scheduled runs begin up to this many seconds late, so that not all companies begin at the same moment."),
        holds=_is_short,
        accepts=N_("Give a whole number from 0 to 3600."),
    ),
    _schedule(
        "max_records",
        N_("Most records"),
        _T.INT,
        500,
        N_("A scheduled run that would write more records than this waits for approval. 0: no limit."),
        holds=_is_limit,
        accepts=N_("Give a number that is not below 0."),
    ),
    _schedule(
        "max_amount",
        N_("Highest amount"),
        _T.DECIMAL,
        Decimal(5000000),
        N_("A scheduled run that would transfer more kronor than this waits for approval. 0: no limit."),
        holds=_is_limit,
        accepts=N_("Give a number that is not below 0."),
    ),
    _schedule(
        "digest_when",
        N_("When to tell"),
        _T.CHOICE,
        "always",
        N_("When a scheduled run is told of: always, or only when something needs attention."),
        choices=("always", "attention"),
    ),
    _schedule(
        "digest_to",
        N_("Receivers"),
        _T.LIST,
        (),
        N_("The e-mail addresses that are told how scheduled runs went."),
        holds=_are_addresses,
        accepts=N_("Give e-mail addresses with commas between them."),
    ),
    _schedule(
        "digest_from",
        N_("Sender"),
        _T.TEXT,
        "",
        N_("The sender of these e-mails. Leave empty to use the first receiver."),
        holds=_is_address,
        accepts=N_("Give e-mail addresses with commas between them."),
    ),
    _schedule("smtp_host", N_("E-mail server"), _T.TEXT, "", N_("The server that sends e-mail.")),
    _schedule(
        "smtp_port",
        N_("Port"),
        _T.INT,
        587,
        N_("The port of the server that sends e-mail."),
        holds=_is_port,
        accepts=N_("Give a whole number from 1 to 65535."),
    ),
    _schedule(
        "smtp_security",
        N_("Encryption of e-mail"),
        _T.CHOICE,
        "starttls",
        N_("How the connection to the e-mail server is encrypted."),
        choices=("starttls", "tls", "none"),
    ),
    _schedule(
        "smtp_user",
        N_("User at the e-mail server"),
        _T.TEXT,
        "",
        N_("The user name at the e-mail server. Leave empty when it asks for none."),
    ),
    _schedule(
        "smtp_password",
        N_("Password at the e-mail server"),
        _T.TEXT,
        "",
        N_("The password at the e-mail server."),
        secret=True,
        environment="SMTP_PASSWORD",
    ),
    _schedule(
        "digest_webhook",
        N_("Address to tell"),
        _T.TEXT,
        "",
        N_("An address (https) that is told how scheduled runs went. It is a secret: who knows it may write there."),
        secret=True,
        environment="DIGEST_WEBHOOK",
    ),
)
