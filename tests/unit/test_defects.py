"""A defect of the program goes to a file for support, or the sentence says why it could not."""

from __future__ import annotations

from pathlib import Path

from brygga.defects import noted


def test_the_details_are_in_the_file_that_the_sentence_names(tmp_path: Path) -> None:
    try:
        raise LookupError("inside")
    except LookupError as error:
        why = noted(error, tmp_path / "new")
    assert why.param("error") == "LookupError"
    assert "inside" in Path(why.param("path")).read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    why = noted(ValueError("x"), blocked)
    assert str(blocked) in why.param("path")
    assert why.param("path") != str(blocked / "errors.log")
