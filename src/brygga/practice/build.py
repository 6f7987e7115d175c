"""Building a practice installation in a folder: the Severa environment and the Administration company side by side.

A folder holds one practice company. Building again with the same parameters and source keeps what is there, so that a
second run finds its own work; other parameters are refused, because they would mix two companies.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from brygga.practice.adk_engine.company import create_company, create_installation
from brygga.practice.administration_base import AdministrationBase, Notice
from brygga.practice.administration_seed import (
    BUILT_IN_MONTH,
    BUILT_IN_PROFIT_CENTRES,
    administration_from_sie,
    built_in_administration,
)
from brygga.practice.dataset import Figures, LoadSet, PracticeCompany, PracticeParameters, generate
from brygga.practice.dataset.company import Setting
from brygga.practice.severa_server.state import SeveraSeed, SeveraState
from brygga.practice.sie import read_sie

CLIENT_ID = "ovningsforetag"
CLIENT_SECRET = "hemlig-bara-i-ovningen"
"""The credential of the simulator; it opens nothing else."""

SCOPES = (
    "customers:read",
    "customers:write",
    "projects:read",
    "invoices:read",
    "invoices:write",
    "fees:read",
    "fees:write",
    "settings:read",
    "users:read",
    "organization:read",
)
"""What the transfers of this version need (contracts/severa.md §3)."""

_MANIFEST = "ovningsforetag.json"
_SEVERA = "severa.sqlite"
_COMMON = "gemensamma-filer"
_COMPANY = "foretag"
_SOURCE = "underlag.se"
_MANIFEST_VERSION = 2


class PracticeBuildError(Exception):
    """The folder cannot be used; the text says why and how to go on."""


@dataclass(frozen=True)
class PracticeInstallation:
    """A built practice company: where both systems lie and how the program reaches them.

    ``severa_data_path`` is the data file of ``brygga.practice.severa_server``; ``settings`` are keys of the settings
    registry with their values.
    """

    folder: Path
    severa_data_path: Path
    common_path: Path
    company_path: Path
    company_name: str
    month: date
    client_id: str
    client_secret: str
    settings: Mapping[str, Setting]
    notices: tuple[Notice, ...]

    def company(self) -> PracticeCompany:
        """The company before the first transfer, with its oracle: made again from the manifest's parameters."""
        manifest = _read_manifest(self.folder)
        source = self.folder / _SOURCE
        parameters = _parameters(manifest["parameters"])
        return generate(parameters, _administration(source if source.exists() else None, parameters))


def build(
    folder: Path,
    *,
    sie: Path | None = None,
    parameters: PracticeParameters | None = None,
    fresh: bool = False,
) -> PracticeInstallation:
    """Build (or find again) the practice company of a folder.

    ``sie``: a SIE 4 file whose company is used instead of the built-in one. ``fresh`` throws the folder's practice
    company away first. Raises ``PracticeBuildError``, and ``SieError`` when the SIE file cannot be used.
    """
    wanted = parameters or PracticeParameters()
    # Everything that can be wrong with the source is found before anything in the folder is touched.
    company = generate(wanted, _administration(sie, wanted))
    source = sie.read_bytes() if sie is not None else None
    manifest = _manifest(wanted, source, company)
    if _is_kept(folder, manifest, fresh=fresh):
        return _installation(folder, company)
    _remove(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write_manifest(folder, manifest | {"complete": False})
    if source is not None:
        (folder / _SOURCE).write_bytes(source)
    _create(folder, company, company.severa)
    _write_manifest(folder, manifest | {"complete": True})
    return _installation(folder, company)


def build_load(folder: Path, load: LoadSet) -> PracticeInstallation:
    """Build a load set in a folder that holds no practice company yet; PracticeBuildError otherwise.

    It has no manifest and no oracle: ``company()`` of the installation refuses.
    """
    if any((folder / name).exists() for name in (_MANIFEST, _SEVERA, _COMMON, _COMPANY)):
        raise PracticeBuildError(f"{folder} is in use: choose another folder for a load set")
    folder.mkdir(parents=True, exist_ok=True)
    _create(folder, load, load.severa())
    return _installation(folder, load)


def _create(folder: Path, company: PracticeCompany | LoadSet, severa: Mapping[str, list[dict[str, Any]]]) -> None:
    """Create both systems in the folder."""
    SeveraState.create(folder / _SEVERA, SeveraSeed(CLIENT_ID, CLIENT_SECRET, SCOPES, severa)).close()
    create_installation(folder / _COMMON)
    create_company(
        folder / _COMMON,
        folder / _COMPANY,
        company.name,
        company.administration_tables,
        next_invoice_number=company.next_invoice_number,
        round_to_kronor=bool(company.settings["invoices.round_to_kronor"]),
        # A day of the company's own: what was changed since some day is then the same in every build.
        entered=datetime.combine(company.month, time(8)),
    )


def _administration(sie: Path | None, parameters: PracticeParameters) -> AdministrationBase:
    if sie is not None:
        return administration_from_sie(read_sie(sie))
    centres = BUILT_IN_PROFIT_CENTRES if parameters.ordinary_only else parameters.figure.cost_centres
    return built_in_administration(parameters.month or BUILT_IN_MONTH, profit_centres=centres)


def _installation(folder: Path, company: PracticeCompany | LoadSet) -> PracticeInstallation:
    return PracticeInstallation(
        folder=folder,
        severa_data_path=folder / _SEVERA,
        common_path=folder / _COMMON,
        company_path=folder / _COMPANY,
        company_name=company.name,
        month=company.month,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        settings=company.settings,
        notices=company.notices if isinstance(company, PracticeCompany) else (),
    )


def _is_kept(folder: Path, wanted: dict[str, Any], *, fresh: bool) -> bool:
    """Whether the folder holds this very company already. Raises when it holds something else."""
    if not (folder / _MANIFEST).exists():
        strangers = [name for name in (_SEVERA, _COMMON, _COMPANY, _SOURCE) if (folder / name).exists()]
        if strangers:
            raise PracticeBuildError(
                f"{folder} holds {', '.join(strangers)} but no practice company: choose another folder"
            )
        return False
    held = _read_manifest(folder)
    if fresh or not held.get("complete"):
        # An interrupted build has never been used: nothing is lost by starting over.
        return False
    differing = [name for name in wanted if held.get(name) != wanted[name]]
    if differing:
        raise PracticeBuildError(
            f"{folder} holds a practice company made with another {' and '.join(differing)}: "
            "choose another folder, or start afresh, which throws that company and its transfers away"
        )
    return True


def _manifest(parameters: PracticeParameters, source: bytes | None, company: PracticeCompany) -> dict[str, Any]:
    # The content too: the same parameters give another company when the generator has changed.
    content = json.dumps([company.severa, sorted(company.settings.items())], sort_keys=True, default=str)
    return {
        "version": _MANIFEST_VERSION,
        "parameters": _parameters_document(parameters),
        "source": "built-in" if source is None else hashlib.sha256(source).hexdigest(),
        "content": hashlib.sha256(content.encode("utf-8")).hexdigest(),
    }


def _parameters_document(parameters: PracticeParameters) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(asdict(parameters), default=str))
    if parameters.ordinary_only:
        # Folders from before this parameter existed hold the same company and must still be found again.
        del document["ordinary_only"]
    if not parameters.towards_severa:
        del document["towards_severa"]
    return document


def _parameters(document: Mapping[str, Any]) -> PracticeParameters:
    month = document["month"]
    figures = document["figures"]
    known = PracticeParameters(**{**document, "month": date.fromisoformat(month) if month else None, "figures": None})
    if figures is None:
        return known
    terms = tuple((int(days), float(share)) for days, share in figures["payment_terms"])
    return replace(known, figures=Figures(**{**figures, "payment_terms": terms}))


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PracticeBuildError(f"{folder / _MANIFEST} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise PracticeBuildError(f"{folder / _MANIFEST} is not the description of a practice company")
    return document


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    new = folder / f"{_MANIFEST}.new"
    new.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(new, folder / _MANIFEST)


def _remove(folder: Path) -> None:
    """Remove a practice company's own files; whatever else lies in the folder stays."""
    for name in (_COMMON, _COMPANY):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    for name in (_SEVERA, f"{_SEVERA}-wal", f"{_SEVERA}-shm", _SOURCE, _MANIFEST):
        (folder / name).unlink(missing_ok=True)
