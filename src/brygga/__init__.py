"""Brygga: records between Visma Severa and Visma Administration."""

__version__ = "0.1.0"
