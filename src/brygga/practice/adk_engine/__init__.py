"""The practice company of Visma Administration: a simulator of the Administration API behind the port."""

from brygga.practice.adk_engine.engine import PracticeEngine


def library() -> PracticeEngine:
    """A fresh engine; it learns everything from the folders it is told to open."""
    return PracticeEngine()


__all__ = ["PracticeEngine", "library"]
