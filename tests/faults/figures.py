"""What the fault tests measured, written down when ``dev.py reliability`` or ``dev.py soak`` asks for it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "BRYGGA_FIGURES"
"""Environment variable: the file that figures are appended to, one JSON object a line."""


@dataclass(frozen=True)
class Figures:
    """The file of figures, or nowhere."""

    path: Path | None

    @classmethod
    def asked_for(cls) -> Figures:
        """As the environment says."""
        named = os.environ.get(VARIABLE, "")
        return cls(Path(named) if named else None)

    def note(self, proof: str, case: str, **counts: float) -> None:
        """Append the counts of one test; those of one proof and case are added up in the document."""
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"proof": proof, "case": case, **counts}) + "\n")
