"""How many real kills a test run makes, and from which seed their moments are drawn."""

from __future__ import annotations

import os

KILLS = int(os.environ.get("BRYGGA_KILLS", "30"))
"""Of program, host and database together; ``dev.py soak`` makes it a thousand."""
DATABASE_KILLS = max(1, KILLS // 5)
"""Of these, the ones of the database server; the others are shared between the numbering masters."""
MOST_SECONDS = 600 + 60 * KILLS
"""After so long a test with kills hangs, on a slow and busy computer too."""
SEED = int(os.environ.get("BRYGGA_KILL_SEED", "20261123"))
