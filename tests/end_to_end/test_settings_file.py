"""``brygga settings export`` and ``import`` from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.support import COMPANY, World, brygga


def test_settings_go_to_another_company_through_a_file(world: World, tmp_path: Path) -> None:
    file = tmp_path / "inställningar.json"
    assert brygga("settings", "export", str(file)).code == 0
    assert brygga("settings", "export").out.strip() == file.read_text(encoding="utf-8").strip()
    told = brygga("settings", "import", str(file), "--company", "beta", "--yes")
    assert (told.code, "invoices.statuses" in told.out) == (0, True)
    assert world.app.settings("beta").get("invoices.statuses") == world.settings.get("invoices.statuses")
    assert "Inget ändras" in brygga("settings", "import", str(file), "--company", COMPANY).out


def test_a_file_that_will_not_do_is_a_sentence(world: World, tmp_path: Path) -> None:
    before = world.settings.as_dict()
    for content in (b"", b'{"brygga_settings": 1, "company": "", "settings": {"invoices.mark_printed": "kanske"}}'):
        (tmp_path / "fil").write_bytes(content)
        assert brygga("settings", "import", str(tmp_path / "fil"), "--company", COMPANY).code == 3
    assert "INS-827" in brygga("settings", "import", str(tmp_path / "ingen"), "--company", COMPANY).err
    assert world.settings.as_dict() == before
