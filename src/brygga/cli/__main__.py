"""``python -m brygga.cli``."""

from brygga.cli import main

main()
