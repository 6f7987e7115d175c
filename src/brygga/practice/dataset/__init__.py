"""The generator of practice companies: seeded, deterministic, both systems and what the transfers must make of them."""

from brygga.practice.dataset.company import PracticeCompany, generate
from brygga.practice.dataset.parameters import SIZES, Figures, PracticeParameters

__all__ = ["SIZES", "Figures", "PracticeCompany", "PracticeParameters", "generate"]
