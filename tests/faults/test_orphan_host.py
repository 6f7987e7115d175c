"""A program that is killed leaves a host that still finishes the write it was given: the next writer comes after it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from brygga.administration.host_process import HostProcess
from brygga.records.reasons import Fault, Unavailable
from tests.contract.adk_company import build_place
from tests.contract.administration_practice import ENGINE, document, gateway_to, misbehaving

ADD_SECONDS = 1.5


def test_the_next_writer_sees_what_the_orphan_added(tmp_path: Path) -> None:
    """Without the run file it would look before the orphan's add, find nothing, and add the invoice again."""
    place = build_place(tmp_path)
    began = tmp_path / "began"
    orphan = HostProcess(misbehaving("slow", began=str(began), seconds=ADD_SECONDS))
    ended: list[BaseException] = []

    def send() -> None:
        try:
            gateway_to(place, orphan).create(document())
        except Fault as fault:
            ended.append(fault)

    sender = threading.Thread(target=send)
    sender.start()
    deadline = time.monotonic() + 200
    while not began.exists():
        assert time.monotonic() < deadline, f"the add never began: {ended}"
        time.sleep(0.01)
    process = orphan.process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # what the system does for a program that was killed
    with HostProcess(ENGINE, run_file_wait=200) as host:
        seen = gateway_to(place, host).invoices_after(0)
    assert [posted.remark for posted in seen] == ["SEVERA:7d0f"]
    sender.join()


def test_a_writer_that_does_not_end_keeps_the_next_one_out_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = build_place(tmp_path)
    with (
        HostProcess(ENGINE) as first,
        HostProcess(ENGINE, run_file_wait=0.1) as second,
        HostProcess(ENGINE, read_only=True) as reader,
    ):
        gateway_to(place, first).check()
        assert gateway_to(place, reader).last_invoice_number() == 0
        with pytest.raises(Unavailable) as caught:
            gateway_to(place, second).check()
    assert caught.value.reason.code == "SYS-908"
    assert caught.value.reason.param("since").startswith("20")
