"""Users and tokens on the command line, and why a record did not go."""

from __future__ import annotations

from tests.end_to_end.support import World, brygga


def test_a_token_is_made_listed_and_revoked_and_its_secret_is_shown_once(world: World) -> None:
    assert "--scope read" in brygga("token", "list").out
    made = brygga("token", "create", "export", "--scope", "read", "--scope", "transfer", "--json").json
    assert made["scopes"] == ["read", "transfer"]
    assert brygga("token", "create", "another", "--company", "exempel").code == 0
    listed = brygga("token", "list")
    assert "export" in listed.out
    assert made["token"] not in listed.everything
    assert [each["name"] for each in brygga("token", "list", "--json").json] == ["export", "another"]
    assert brygga("token", "revoke", str(made["id"]), "--json").json["revoked"]
    assert brygga("token", "revoke", str(made["id"])).code in (0, 3)
    assert brygga("token", "create", "wrong", "--scope", "everything").code == 2
    assert brygga("token", "create", "elsewhere", "--company", "nowhere").code == 3


def test_users_are_added_and_removed(world: World) -> None:
    assert "brygga users add" in brygga("users", "list").out
    assert brygga("users", "add", "anna", given="a long enough password\n").code == 0
    assert "anna" in brygga("users", "list").out
    assert brygga("users", "list", "--json").json == [
        {"name": "anna", "scopes": ["admin", "read", "settings", "transfer"]}
    ]
    assert brygga("users", "allow", "anna", "--scope", "transfer", "--scope", "read").code == 0
    assert brygga("users", "add", "anna", given="another long password\n").code == 0
    assert brygga("users", "list", "--json").json == [{"name": "anna", "scopes": ["read", "transfer"]}]
    assert brygga("users", "allow", "anna", "--scope", "everything").code == 2
    assert brygga("users", "allow", "bertil", "--scope", "read").code == 3
    assert brygga("users", "remove", "anna").code == 0
    assert brygga("users", "list", "--json").json == []


def test_why_a_record_did_not_go_is_told_rule_by_rule(world: World) -> None:
    number = str(world.installation.company().oracle.invoices[0].fields["DOCUMENT_NUMBER"])
    told = brygga("why", number)
    assert number in told.out
    assert "✓" in told.out
    answers = brygga("why", number, "--json").json
    assert answers[0]["steps"]
    assert "nittio" in brygga("why", "nittio").out
