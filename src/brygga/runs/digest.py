"""What a scheduled run tells by e-mail or webhook: one sentence, what needs a person first (issue 4)."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable

from brygga.i18n import Translator
from brygga.messages import COUNTED_WORDS, STATE_WORDS, TRANSFER_WORDS, render
from brygga.records.reasons import Reason, reason
from brygga.runs.carrying import Ended
from brygga.runs.delivery import deliver
from brygga.runs.run import Report
from brygga.store.run_requests import Origin, RequestState, RunRequest, RunRequests
from brygga.store.settings.values import Settings
from brygga.store.states import RowState

FIRST = (RowState.FAILED, RowState.IN_DOUBT, RowState.WAITING, RowState.TRANSFERRED_WITH_REMARK)
"""What needs a person, in the order in which it is told."""

log = logging.getLogger(__name__)


def digest(requests: RunRequests, settings: Callable[[str], Settings]) -> Ended:
    """What is done when a run has ended: tell it where the company's settings say. Never fails the run."""

    def tell(request: RunRequest, report: Report | None, reasons: tuple[Reason, ...]) -> None:
        if request.origin is not Origin.SCHEDULE:
            return
        try:
            chosen = settings(request.company)
            if chosen.get("schedule.digest_when") == "always" or needs_a_person(request, report):
                translator = Translator("en" if chosen.get("interface.language") == "en" else "sv")
                said = sentence(request, report, reasons, translator)
                deliver(chosen, said, details(said, report, reasons, translator), as_json(request, report, said))
        except Exception as error:
            # Whatever a mail server does: the run is done and noted.
            log.warning("the digest of run %s was not sent", request.id, exc_info=True)
            requests.remark(request.id, reason("KOR-886", detail=_without_secrets(error)))

    return tell


def needs_a_person(request: RunRequest, report: Report | None) -> bool:
    """Whether the run is held or stopped, or a row of it needs somebody."""
    return report is None or request.state is not RequestState.COMPLETED or any(map(report.count, FIRST))


def sentence(request: RunRequest, report: Report | None, reasons: tuple[Reason, ...], translator: Translator) -> str:
    """The digest in one sentence: what needs a person first, then what was done."""
    _ = translator.gettext
    lead = f"{request.company}, {_(TRANSFER_WORDS[request.transfer])}: "
    if request.state is RequestState.HELD:
        return lead + _("run {id} waits for your approval. {why}").format(id=request.id, why=_why(reasons, translator))
    if report is None:
        return lead + _("run {id} stopped. {why}").format(id=request.id, why=_why(reasons, translator))
    counts = Counter(result.state for result in report.results)
    counts[RowState.TRANSFERRED] = sum(
        result.plan.writes for result in report.results if result.state is RowState.TRANSFERRED
    )
    told = [state for state in (*FIRST, RowState.TRANSFERRED) if counts[state]]
    return lead + (", ".join(_counted(counts[state], state, translator) for state in told) or _("nothing new"))


def details(said: str, report: Report | None, reasons: tuple[Reason, ...], translator: Translator) -> str:
    """The sentence, then each row that needs a person with its reason, and what to do."""
    lines = [said]
    for state in FIRST if report is not None else ():
        for result in report.results if report is not None else ():
            if result.state is state:
                lines.append(f"{result.plan.source_number} {result.plan.source_name}: {_one(state, translator)}")
                lines += [f"    {render(why, translator)}" for why in result.reasons]
    lines += [render(why, translator) for why in reasons]
    return "\n".join(lines) + "\n"


def as_json(request: RunRequest, report: Report | None, said: str) -> bytes:
    """The digest for a program: the sentence under ``text``, which chat programs show, and the numbers."""
    counts = Counter(result.state.value for result in report.results) if report is not None else {}
    data = {
        "text": said,
        "company": request.company,
        "transfer": request.transfer,
        "run": request.id,
        "state": request.state.value,
        "rows": dict(counts),
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _why(reasons: tuple[Reason, ...], translator: Translator) -> str:
    return render(reasons[0], translator) if reasons else ""


def _one(state: RowState, translator: Translator) -> str:
    return STATE_WORDS[state.value][translator.language]


def _counted(count: int, state: RowState, translator: Translator) -> str:
    words = STATE_WORDS if count == 1 else COUNTED_WORDS
    return f"{count} {words[state.value][translator.language]}"


def _without_secrets(error: Exception) -> str:
    """The kind of fault: its text may hold the webhook's address, which is a secret."""
    return type(error).__name__
