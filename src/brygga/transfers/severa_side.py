"""What a batch towards Severa has read there, by Administration's keys: each register once, whatever the rows."""

from __future__ import annotations

from collections.abc import Iterable

from brygga.records.source import ArticleKind, Project
from brygga.records.target import Kind
from brygga.transfers.readings import Readings


class SeveraSide:
    """Severa's records by the keys that Administration knows them under; nothing is written through it."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings
        self._projects: dict[str, Project] = {}
        self._asked: set[str] = set()

    def keys(self, kind: Kind) -> dict[str, str]:
        """Severa key by Administration key, from the links; of several the oldest."""
        found: dict[str, str] = {}
        for key, link in self._readings.links(kind).items():
            found.setdefault(link.target_key, key)
        return found

    def fetch_projects(self, codes: Iterable[str]) -> None:
        """Read the projects with these codes: the linked ones by key, the others by number (semantics §4.0)."""
        wanted = {code for code in codes if code} - self._asked
        if not wanted:
            return
        self._asked |= wanted
        linked = self.keys(Kind.PROJECT)
        by_key = {linked[code]: code for code in wanted if code in linked}
        numbers = {self._number(code): code for code in wanted if code not in linked}
        self._readings.fetch_projects(by_key)
        for key, code in by_key.items():
            project = self._readings.project(key)
            if project is not None:
                self._projects[code] = project
        if numbers:
            for project in self._readings.company.severa.projects_numbered(sorted(numbers)):
                if project.number in numbers:
                    self._projects[numbers[project.number]] = project

    def project(self, code: str) -> Project | None:
        """The Severa project of a code that was fetched, None when Severa has none."""
        return self._projects.get(code)

    def code_of(self, project: Project) -> str:
        """Administration's code of a Severa project: by its link, else by the mapping of long numbers."""
        link = self._readings.links(Kind.PROJECT).get(project.key)
        if link is not None:
            return link.target_key
        return self._readings.preferences.projects_code_map.get(project.number, project.number)

    def _number(self, code: str) -> str:
        """The Severa number of a code: by the mapping of long numbers (§4.2), else the code itself."""
        mapped = {there: here for here, there in self._readings.preferences.projects_code_map.items()}
        return mapped.get(code, code)

    def product_key(self, code: str) -> str | None:
        """The active product with this code, None when Severa has none."""
        products = (a for a in self._readings.company.severa.articles() if a.kind is ArticleKind.PRODUCT)
        return next((product.key for product in products if product.is_active and product.code == code), None)
