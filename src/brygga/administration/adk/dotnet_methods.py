"""Calling the wrapper's methods in the shape they really have, which reflection tells (contracts/adk.md §1.4).

The wrappers differ: text with or without a length, ``int`` or ``Boolean``, ``int`` or ``IntPtr`` for a record. So a
call names what the C function takes, and each argument becomes what the parameter's type wants; a method whose shape
does not fit is refused by name, never guessed. pythonnet answers a tuple (result, every by-reference parameter in
order) as soon as there is one by-reference parameter. Everything here is called on the CLR thread.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from brygga.administration.adk.clr_dates import long_of_clr
from brygga.administration.adk.errors import AdkLoadError, AdkStatus

ERROR_MEMBERS = ("lRc", "lDbTable", "lField", "lFunction", "lProgramPart")
BY_REFERENCE = "&"


class Out(Enum):
    """Stands for an argument that the method fills."""

    VALUE = "value"


@dataclass(frozen=True)
class Length:
    """The length of the text buffer before it: given only to a method that asks for it."""

    characters: int


@dataclass(frozen=True)
class Day:
    """A date to give, or none."""

    date: date | None


Argument = Any
"""str, bool, int, float, Day, AdkStatus, Length or Out."""


@dataclass(frozen=True)
class _Parameter:
    clr_type: Any
    name: str
    by_reference: bool
    is_enum: bool


@dataclass(frozen=True)
class Method:
    """One overload of a method and what it takes."""

    name: str
    invoke: Callable[..., Any]
    parameters: tuple[_Parameter, ...]

    def shape(self) -> str:
        """As a person reads it: ``AdkGetStr(IntPtr, Int32, String&)``."""
        kinds = (f"{p.name.split('.')[-1]}{BY_REFERENCE if p.by_reference else ''}" for p in self.parameters)
        return f"{self.name}({', '.join(kinds)})"


class Methods:
    """The methods of the CLR type ``Api``."""

    def __init__(self, api: Any) -> None:
        self._system: Any = importlib.import_module("System")
        self.api = api
        self._module: Any = importlib.import_module(str(api.Namespace))
        self._class: Any = getattr(self._module, "Api")  # noqa: B009 - the wrapper's own name
        self._methods: dict[str, list[Method]] = {}
        for info in api.GetMethods():
            if info.IsStatic and info.IsPublic:
                self._methods.setdefault(str(info.Name), []).append(self._method(info))

    def has(self, name: str) -> bool:
        """Whether the wrapper has the method at all."""
        return name in self._methods

    def fits(self, name: str, *arguments: Argument) -> bool:
        """Whether the method takes these arguments."""
        return self._overload(name, arguments) is not None

    def call(self, name: str, *arguments: Argument) -> tuple[Any, list[Any]]:
        """Call it; answers its result and what it filled in, in order, in Python's types (None: no result).

        AdkLoadError ``missing_function`` when there is no such method, or none of a shape that takes the arguments.
        """
        found = self._overload(name, arguments)
        if found is None:
            raise self._unfit(name)
        method, given = found
        values = [
            self._to_clr(parameter, value, following)
            for parameter, value, following in zip(method.parameters, given, [*given, None][1:], strict=True)
        ]
        outcome = method.invoke(*values)
        by_reference = [value for p, value in zip(method.parameters, given, strict=True) if p.by_reference]
        parts = list(outcome) if isinstance(outcome, tuple) else [outcome]
        result = self._from_clr(parts.pop(0)) if len(parts) > len(by_reference) else None
        outs = [self._from_clr(part) for part, value in zip(parts, by_reference, strict=True) if value is Out.VALUE]
        return result, outs

    def delegate(self, name: str, function: Callable[[Any], Any]) -> Any:
        """``function`` as the delegate that the method takes; AdkLoadError when it takes none that can be made."""
        for method in self._methods.get(name, []):
            if len(method.parameters) == 1:
                kind = str(method.parameters[0].clr_type.Name)
                made = getattr(self._class, kind, None) or getattr(self._module, kind, None)
                if made is not None:
                    return made(function)
        raise self._unfit(name)

    def hand_over(self, name: str, delegate: Any) -> None:
        """Call a method with a delegate."""
        self._methods[name][0].invoke(delegate)

    def status(self, error: Any) -> AdkStatus:
        """The five members of an ADKERROR."""
        return AdkStatus(*(int(getattr(error, member)) for member in ERROR_MEMBERS))

    # -- shapes ----------------------------------------------------------------------------------------------
    def _method(self, info: Any) -> Method:
        parameters = []
        for parameter in info.GetParameters():
            kind = parameter.ParameterType
            plain = kind.GetElementType() if kind.IsByRef else kind
            parameters.append(_Parameter(plain, str(plain.FullName), bool(kind.IsByRef), bool(plain.IsEnum)))
        name = str(info.Name)
        return Method(name, getattr(self._class, name), tuple(parameters))

    def _overload(self, name: str, arguments: tuple[Argument, ...]) -> tuple[Method, list[Argument]] | None:
        without = [each for each in arguments if not isinstance(each, Length)]
        for method in self._methods.get(name, []):
            for given in (list(arguments), without):
                if len(method.parameters) == len(given) and all(map(_fits, method.parameters, given)):
                    return method, given
        return None

    def _unfit(self, name: str) -> AdkLoadError:
        shapes = " / ".join(method.shape() for method in self._methods.get(name, []))
        return AdkLoadError("missing_function", shapes or name)

    # -- values ----------------------------------------------------------------------------------------------
    def _to_clr(self, parameter: _Parameter, value: Argument, following: Argument) -> Any:
        if value is Out.VALUE and isinstance(following, Length) and parameter.name == "System.String":
            # Such a wrapper writes into the text it is given (contracts/adk.md §1.1).
            return " " * following.characters
        if value is Out.VALUE:
            return self._placeholder(parameter)
        if isinstance(value, AdkStatus):
            return self._error(parameter.clr_type, value)
        if parameter.is_enum:
            return self._system.Enum.ToObject(parameter.clr_type, int(value))
        match parameter.name:
            case "System.Boolean":
                return bool(value)
            case "System.Double":
                return float(value)
            case "System.IntPtr":
                return self._system.IntPtr(self._system.Int64(value))
            case "System.DateTime":
                return self._date(value.date)
            case "System.String":
                return value
            case _:
                return _within_32_bits(value.characters if isinstance(value, Length) else value)

    def _placeholder(self, parameter: _Parameter) -> Any:
        if parameter.is_enum:
            return self._system.Enum.ToObject(parameter.clr_type, 0)
        match parameter.name:
            case "System.Boolean":
                return False
            case "System.Double":
                return 0.0
            case "System.String":
                return ""
            case "System.IntPtr":
                return self._system.IntPtr.Zero
            case "System.DateTime":
                return self._system.DateTime.MinValue
            case _:
                return 0

    def _date(self, given: date | None) -> Any:
        if given is None:
            return self._system.DateTime.MinValue
        return self._system.DateTime(given.year, given.month, given.day)

    def _error(self, clr_type: Any, status: AdkStatus) -> Any:
        error = self._system.Activator.CreateInstance(clr_type)
        members = (status.code, status.table, status.field, status.function, status.program_part)
        for name, value in zip(ERROR_MEMBERS, members, strict=True):
            setattr(error, name, value)
        return error

    def _from_clr(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, bool, int, float)):
            return value
        if isinstance(value, self._system.IntPtr):
            return int(value.ToInt64())
        if isinstance(value, self._system.DateTime):
            return long_of_clr(value)
        if hasattr(value, "lRc"):
            return self.status(value)
        return int(value)


_NUMBERS = frozenset({"System.Int16", "System.Int32", "System.Int64"})


def _fits(parameter: _Parameter, value: Argument) -> bool:
    """Whether the parameter can take the argument."""
    name = parameter.name
    if value is Out.VALUE:
        known = name in _NUMBERS or name in _PLAIN or parameter.is_enum
        return parameter.by_reference and known
    if isinstance(value, AdkStatus):
        return name.endswith("ADKERROR")
    if isinstance(value, str):
        return name == "System.String"
    if isinstance(value, Day):
        return name == "System.DateTime"
    if isinstance(value, float):
        return name == "System.Double"
    return name in _NUMBERS or name in ("System.Boolean", "System.IntPtr") or parameter.is_enum


_PLAIN = frozenset({"System.Boolean", "System.Double", "System.String", "System.IntPtr", "System.DateTime"})


def _within_32_bits(number: int) -> int:
    if not -(2**31) <= number < 2**31:
        raise OverflowError(f"{number} does not fit the API's 32-bit integers")
    return number
