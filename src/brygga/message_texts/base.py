"""What a message is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """English texts with ``{names}`` for a reason's parameters.

    ``what`` says what happened and why, ``remedy`` what to do (with its place in the menus), possibly empty. ``short``
    takes the place of ``what`` when a parameter of ``what`` is not known. ``plural`` is the form of ``what`` that goes
    with a parameter ``n`` other than one.
    """

    what: str
    remedy: str = ""
    short: str = ""
    plural: str = ""
