"""The generator of practice companies: seeded, deterministic, both systems and what the transfers must make of them."""

from brygga.practice.dataset.company import PracticeCompany, generate
from brygga.practice.dataset.load import LoadSet, load_set
from brygga.practice.dataset.parameters import SIZES, SPECIALS, Figures, PracticeParameters, SpecialFigures

__all__ = [
    "SIZES",
    "SPECIALS",
    "Figures",
    "LoadSet",
    "PracticeCompany",
    "PracticeParameters",
    "SpecialFigures",
    "generate",
    "load_set",
]
