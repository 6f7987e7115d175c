"""Words that make no command: one sentence in the person's language, and the help in it too.

Typer writes both in English and has no hook for either, so this is the one place that knows its inner parts; that is
why its version is pinned.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer.core
from typer._click.core import Command
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter

from brygga.cli.exits import complain
from brygga.cli.language import _
from brygga.records.reasons import Reason, reason

HEADINGS = (_("Options"), _("Commands"), _("Arguments"))
"""What the help asks the catalogue for by itself."""
HELP = "Show this message and exit."
_TYPERS = re.compile(r" is not (one of|a valid|in the range) |Input should be")
_SURPLUS = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
_NO_COMMAND = re.compile(r"No such command '(.*?)'\.?(?: Did you mean (.*)\?)?", re.DOTALL)


class Commands(typer.core.TyperGroup):
    """The program's commands; what makes none is told as every other refusal is."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **options: Any
    ) -> Any:
        """Run a command; in ``standalone_mode`` the process ends with its exit code."""
        try:
            ended = super().main(args, standalone_mode=False, **options)
        except NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except ClickException as error:
            complain(why(error))
            sys.exit(error.exit_code)
        except typer.Abort:
            complain(reason("INS-879"))
            sys.exit(1)
        if not standalone_mode:
            return ended
        # A command answers nothing; what it ends with is the code of its exit.
        sys.exit(ended if isinstance(ended, int) else 0)


def why(error: ClickException) -> Reason:
    """What is wrong with the words, and the command whose help says more."""
    context = error.ctx if isinstance(error, UsageError) else None
    command = context.command_path if context is not None else "brygga"
    surplus, unknown = _SURPLUS.fullmatch(error.message), _NO_COMMAND.fullmatch(error.message)
    match error:
        case MissingParameter(param=param) if param is not None:
            return reason("INS-872", name=_name(param), command=command)
        case NoSuchOption(option_name=name):
            return reason("INS-873", name=name, command=command)
        case BadOptionUsage(option_name=name):
            return reason("INS-875", name=name, command=command)
        case BadParameter(param=param):
            detail = _detail(error.message, param)
            return reason("INS-874", name=_name(param) if param is not None else "", detail=detail, command=command)
    if surplus:
        return reason("INS-876", name=surplus[1], command=command)
    if unknown:
        return reason("INS-877", name=unknown[1], command=command)
    return reason("INS-878", detail=error.message, command=command)


def _name(param: Any) -> str:
    """The option as it is typed, the argument by its name."""
    return str(max(param.opts, key=len)) if param.param_type_name == "option" else str(param.name)


def _detail(message: str, param: Any) -> str:
    """What would do: our own parsers say it, and of Typer's own types the choices and whole numbers are said here."""
    kind = getattr(param, "type_descriptor", None)
    if _TYPERS.search(message) is None or kind is None:
        return message
    if kind.is_choice:
        names = ", ".join(str(getattr(each, "value", each)) for each in kind.choices or ())
        return _("Choose one of: {names}.").format(names=names)
    return _("Give a whole number that fits here.") if kind.annotation is int else message


def speak() -> None:
    """Let the help speak the person's language."""
    vars(typer.core)["_"] = _
    write_usage: Callable[..., None] = HelpFormatter.write_usage
    help_option: Callable[..., Any] = Command.get_help_option

    def usage(formatter: HelpFormatter, prog: str, args: str = "", prefix: str | None = None) -> None:
        write_usage(formatter, prog, args, prefix or _("Usage:") + " ")

    def with_help(command: Command, context: Any) -> Any:
        option = help_option(command, context)
        if option is not None and option.help == HELP:
            option.help = _("Show this help and end.")
        return option

    HelpFormatter.write_usage = usage  # type: ignore[method-assign, assignment]
    Command.get_help_option = with_help  # type: ignore[method-assign, assignment]
