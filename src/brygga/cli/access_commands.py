"""``brygga users`` and ``brygga token``: who may use the pages from elsewhere, and which scripts the JSON API."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated, Any

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json
from brygga.cli.parameters import JsonOption
from brygga.store.api_tokens import ApiToken, ApiTokens, Scope
from brygga.store.settings.types import ACCEPTS, SettingType
from brygga.store.web_users import WebUsers

users_commands = typer.Typer(help=_("People who log in to the pages from another computer."), no_args_is_help=True)
token_commands = typer.Typer(help=_("Tokens by which scripts use the JSON API."), no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("The user's name."))]

ScopesOption = Annotated[
    list[str] | None,
    typer.Option("--scope", metavar="|".join(Scope), help=_("What it may do; repeat for several.")),
]


@users_commands.command("list", help=_("Who may log in."))
def list_users(as_json: JsonOption = False) -> None:
    with sentences(as_json):
        users = WebUsers(App().engine).scopes()
        if as_json:
            print_json([{"name": name, "scopes": list(scopes)} for name, scopes in users.items()])
            return
        for name, scopes in users.items():
            console.print(f"{name}  {', '.join(scopes)}", markup=False, highlight=False)
        if not users:
            console.print(_("Nobody can log in yet. Add somebody with: brygga users add NAME"))


@users_commands.command("add", help=_("Add a user, or give one a new password, which is asked for."))
def add_user(name: NameArgument, scope: ScopesOption = None) -> None:
    with sentences():
        scopes = scopes_named(scope) if scope else []
        password = getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        WebUsers(App().engine).put(name, password, scopes)
        console.print(_("{name} can log in.").format(name=name), markup=False, highlight=False)


@users_commands.command("allow", help=_("Set what a user may do; it holds at once."))
def allow_user(name: NameArgument, scope: ScopesOption = None) -> None:
    with sentences():
        scopes = scopes_named(scope)
        WebUsers(App().engine).allow(name, scopes)
        told = _("{name} may: {scopes}").format(name=name, scopes=", ".join(scopes))
        console.print(told, markup=False, highlight=False)


@users_commands.command("remove", help=_("Let a user in no more."))
def remove_user(name: NameArgument) -> None:
    with sentences():
        WebUsers(App().engine).remove(name)
        console.print(_("{name} can log in no more.").format(name=name), markup=False, highlight=False)


def scopes_named(texts: list[str] | None) -> list[Scope]:
    """Scopes by their words; the complaint names them all."""
    try:
        return [Scope(text) for text in texts or ("read",)]
    except ValueError:
        words = "|".join(Scope)
        raise typer.BadParameter(f"{_(ACCEPTS[SettingType.CHOICE])} {words}") from None


@token_commands.command("create", help=_("Make a token; it is shown once and only its digest is kept."))
def create_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("What the token is for."))],
    scope: ScopesOption = None,
    company: Annotated[
        list[str] | None,
        typer.Option("--company", "-c", metavar="NAME", help=_("Only this company; repeat for several.")),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, metavar="N", help=_("How many days it is good."))
    ] = 365,
    as_json: JsonOption = False,
) -> None:
    with sentences(as_json):
        app = App()
        companies = [app.known(each).company for each in company or ()]
        token, secret = ApiTokens(app.engine).create(name, scopes_named(scope), companies, days)
        if as_json:
            print_json(token_json(token) | {"token": secret})
            return
        console.print(
            _("Token {id}, good until {day}. It is shown only now:").format(id=token.id, day=f"{token.ends:%Y-%m-%d}"),
            highlight=False,
        )
        console.print(secret, markup=False, highlight=False, soft_wrap=True)


@token_commands.command("list", help=_("The tokens, without their secrets."))
def list_tokens(as_json: JsonOption = False) -> None:
    with sentences(as_json):
        tokens = ApiTokens(App().engine).all()
        if as_json:
            print_json([token_json(token) for token in tokens])
        for token in () if as_json else tokens:
            _print_token(token)
        if not tokens and not as_json:
            console.print(_("No token yet. Make one with: brygga token create NAME --scope read"))


@token_commands.command("revoke", help=_("End a token now."))
def revoke_token(
    token_id: Annotated[int, typer.Argument(metavar="ID", help=_("The token's number, as the list shows it."))],
    as_json: JsonOption = False,
) -> None:
    with sentences(as_json):
        token = ApiTokens(App().engine).revoke(token_id)
        if as_json:
            print_json(token_json(token))
        else:
            _print_token(token)


def token_json(token: ApiToken) -> dict[str, Any]:
    """A token for scripts."""
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        "companies": list(token.companies),
        "created": token.created.isoformat(),
        "ends": token.ends.isoformat(),
        "revoked": token.revoked.isoformat() if token.revoked else None,
    }


def _print_token(token: ApiToken) -> None:
    where = ", ".join(token.companies) or _("all companies")
    end = (
        _("revoked {day}").format(day=f"{token.revoked:%Y-%m-%d}")
        if token.revoked
        else _("good until {day}").format(day=f"{token.ends:%Y-%m-%d}")
    )
    line = f"{token.id:>4}  {token.name}  {', '.join(token.scopes)}  {where}  {end}"
    console.print(line, markup=False, highlight=False, soft_wrap=True)
