"""Identity numbers, countries and the fields they go to (semantics §3.3, §3.4, §4.1b)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from brygga.records.reasons import Level
from brygga.rules.countries import country_code, is_eu
from brygga.rules.identity import (
    Identity,
    IdentityFields,
    InvalidIdentity,
    identify,
    identity_fields,
    mask_personal,
    same_identity,
    swedish_organisation_number,
    vat_number,
)


def codes(fields: IdentityFields) -> dict[str, Level]:
    return {why.code: why.level for why in fields.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "5569004566",
        "556900-4566",
        " 556900 4566 ",
        "556900–4566",
        "SE556900456601",
        "se 556900-4566 01",
        "165569004566",
        "SE5569004566",
    ],
)
def test_every_way_of_writing_a_swedish_number_gives_one_form(text: str) -> None:
    assert swedish_organisation_number(text) == "556900-4566"


def test_a_sole_traders_number_with_century() -> None:
    assert swedish_organisation_number("19811218-9876") == "811218-9876"


@pytest.mark.parametrize("text", ["556900-4567", "SE556900456701", "165569004567"])
def test_a_wrong_check_digit_is_told_apart(text: str) -> None:
    with pytest.raises(InvalidIdentity) as caught:
        swedish_organisation_number(text)
    assert (caught.value.kind, caught.value.text) == ("check_digit", text)


@pytest.mark.parametrize("text", ["", "12345", "DE123456789", "55690045667", "175569004566", "saknas"])
def test_what_is_no_swedish_number_has_the_wrong_format(text: str) -> None:
    with pytest.raises(InvalidIdentity) as caught:
        swedish_organisation_number(text)
    assert caught.value.kind == "format"


@given(st.integers(min_value=200000000, max_value=999999999))
def test_exactly_one_check_digit_is_right(nine: int) -> None:
    right = luhn.calc_check_digit(str(nine))
    for digit in "0123456789":
        text = f"{nine}{digit}"
        if digit == right:
            assert swedish_organisation_number(text) == f"{text[:6]}-{text[6:]}"
        else:
            with pytest.raises(InvalidIdentity):
                swedish_organisation_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "ATU12345678",
        "BE0123456789",
        "BG123456789",
        "CY12345678X",
        "CZ12345678",
        "DE123456789",
        "DK12345678",
        "EE123456789",
        "EL123456789",
        "ESX1234567X",
        "FI12345678",
        "FRXX123456789",
        "HR12345678901",
        "HU12345678",
        "IE1234567AB",
        "IE1+12345A",
        "IT12345678901",
        "LT123456789012",
        "LU12345678",
        "LV12345678901",
        "MT12345678",
        "NL123456789B01",
        "PL1234567890",
        "PT123456789",
        "RO12",
        "SE556900456601",
        "SI12345678",
        "SK1234567890",
        "XIGD123",
    ],
)
def test_vat_numbers_of_the_shapes_that_vies_knows(text: str) -> None:
    assert vat_number(text) == text
    assert vat_number(f" {text[:2].lower()} {text[2:5]}.{text[5:]}") == text


@pytest.mark.parametrize(
    "text", ["GR123456789", "GB123456789", "NO974760673MVA", "DE12345678", "ATU1234567", "", "BE2123456789"]
)
def test_other_shapes_are_refused(text: str) -> None:
    with pytest.raises(InvalidIdentity, match="format"):
        vat_number(text)


def test_a_swedish_vat_number_has_its_check_digit_checked() -> None:
    with pytest.raises(InvalidIdentity, match="check_digit"):
        vat_number("SE556900456701")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("5569004566", "", Identity("556900-4566", "SE", True)),
        ("SE556900456601", "DE", Identity("556900-4566", "SE", True)),
        ("DE 123456789", "SE", Identity("DE123456789", "DE", False)),
        ("EL123456789", "", Identity("EL123456789", "GR", False)),
        ("NO974760673MVA", "NO", Identity("NO974760673MVA", "NO", False)),
        ("974 760 673", "NO", Identity("974760673", "NO", False)),
        ("1234567890", "PL", Identity("1234567890", "PL", False)),
        ("123456789", "", Identity("123456789", "", False)),
        ("AB1234", "", Identity("AB1234", "", False)),
    ],
)
def test_a_number_tells_its_country_or_the_customer_does(text: str, country: str, expected: Identity) -> None:
    assert identify(text, country) == expected


def test_same_identity_in_different_forms() -> None:
    assert same_identity("SE556900456601", "556900-4566")
    assert same_identity("GR123456789", "el 123 456 789")
    assert not same_identity("556900-4566", "556900-4574")
    assert not same_identity("", "")
    assert not same_identity("DE123456789", "123456789")


class TestFields:
    def test_at_04_reverse_charge_goes_to_the_vat_number(self) -> None:
        fields = identity_fields("DE123456789", reverse_charge=True, country_code="DE")
        assert fields == IdentityFields(vat_number="DE123456789", export=True)

    @pytest.mark.parametrize("text", ["SE556900456601", "5569004566"])
    def test_at_05_at_06_a_swedish_number_becomes_the_organisation_number(self, text: str) -> None:
        assert identity_fields(text, reverse_charge=False, country_code="SE") == IdentityFields("556900-4566")

    def test_at_07_a_wrong_check_digit_refuses_the_customer(self) -> None:
        fields = identity_fields("556900-4567", reverse_charge=False, country_code="SE")
        assert codes(fields) == {"KND-101": Level.STOP}
        assert fields.reasons[0].param("nr") == "556900-4567"
        assert (fields.organisation_number, fields.vat_number) == ("", "")

    def test_a_malformed_number_of_a_swedish_customer_refuses_it(self) -> None:
        assert codes(identity_fields("12345", reverse_charge=False, country_code="SE")) == {"KND-118": Level.STOP}

    @pytest.mark.parametrize("identity", ["DE123456789", ""])
    def test_at_08_a_foreign_customer_without_reverse_charge(self, identity: str) -> None:
        fields = identity_fields(identity, reverse_charge=False, country_code="DE", number="1071")
        assert (fields.organisation_number, fields.vat_number, fields.export) == ("", identity, False)
        assert codes(fields) == {"KND-109": Level.WARNING}

    def test_a_foreign_number_of_a_customer_in_sweden(self) -> None:
        fields = identity_fields("DE123456789", reverse_charge=False, country_code="SE")
        assert (fields.vat_number, codes(fields)) == ("DE123456789", {"KND-109": Level.WARNING})

    @pytest.mark.parametrize("country", ["SE", "DE"])
    def test_at_09_reverse_charge_without_a_number(self, country: str) -> None:
        fields = identity_fields("", reverse_charge=True, country_code=country)
        assert fields.export
        assert codes(fields)["KND-108"] is Level.WARNING

    def test_outside_the_eu_no_number_is_needed(self) -> None:
        assert identity_fields("", reverse_charge=True, country_code="US") == IdentityFields(export=True)

    def test_at_10_reverse_charge_for_a_swedish_customer_simple(self) -> None:
        fields = identity_fields("SE556900456601", reverse_charge=True, country_code="SE", number="1042")
        assert (fields.vat_number, fields.export, fields.buildservice) == ("SE556900456601", True, False)
        assert codes(fields) == {"KND-105": Level.WARNING}
        assert fields.reasons[0].param("nr") == "1042"

    def test_at_10_reverse_charge_for_a_swedish_customer_by_country(self) -> None:
        fields = identity_fields("SE556900456601", reverse_charge=True, country_code="SE", rule="by_country")
        assert fields == IdentityFields("556900-4566", buildservice=True)

    def test_a_foreign_number_of_a_swedish_construction_customer_stays_a_vat_number(self) -> None:
        fields = identity_fields("DE123456789", reverse_charge=True, country_code="SE", rule="by_country")
        assert fields == IdentityFields(vat_number="DE123456789", buildservice=True)

    def test_a_construction_customer_without_number(self) -> None:
        fields = identity_fields("", reverse_charge=True, country_code="SE", rule="by_country")
        assert (fields.buildservice, fields.export) == (True, False)
        assert codes(fields) == {"KND-108": Level.WARNING}

    @pytest.mark.parametrize(("country", "member"), [("DE", True), ("US", False)])
    def test_by_country_sets_the_eu_flag_for_member_states_only(self, country: str, member: bool) -> None:
        fields = identity_fields("DE123456789", reverse_charge=True, country_code=country, rule="by_country")
        assert (fields.export, fields.eu_customer) == (True, member)

    def test_a_vat_number_of_the_wrong_shape_is_a_warning(self) -> None:
        fields = identity_fields("DE12345", reverse_charge=True, country_code="DE")
        assert (fields.vat_number, codes(fields)) == ("DE12345", {"KND-120": Level.WARNING})

    def test_a_wrong_swedish_number_under_reverse_charge(self) -> None:
        simple = identity_fields("556900-4567", reverse_charge=True, country_code="SE")
        assert (simple.vat_number, simple.export) == ("556900-4567", True)
        assert codes(simple) == {"KND-101": Level.WARNING, "KND-105": Level.WARNING}
        by_country = identity_fields("556900-4567", reverse_charge=True, country_code="SE", rule="by_country")
        assert codes(by_country) == {"KND-101": Level.STOP}

    def test_at_13_no_country_is_not_taken_for_sweden(self) -> None:
        assert identity_fields("556900-4566", reverse_charge=False, country_code="") == IdentityFields("556900-4566")
        unknown = identity_fields("123456789", reverse_charge=False, country_code="")
        assert (unknown.vat_number, codes(unknown)) == ("123456789", {"KND-104": Level.WARNING})
        german = identity_fields("DE123456789", reverse_charge=False, country_code="")
        assert set(codes(german)) == {"KND-104", "KND-109"}
        assert codes(identity_fields("", reverse_charge=False, country_code="")) == {"KND-119": Level.WARNING}


@pytest.mark.parametrize("text", ["Sverige", "SE", "Sweden", "SWE", " sverige ", "se"])
def test_at_13_sweden_in_every_form(text: str) -> None:
    assert country_code(text) == "SE"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tyskland", "DE"),
        ("Germany", "DE"),
        ("DEU", "DE"),
        ("Norge", "NO"),
        ("UK", "GB"),
        ("USA", "US"),
        ("Åland", "AX"),
    ],
)
def test_other_countries(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "EU", "Svergie"])
def test_an_unknown_country_stays_unknown(text: str) -> None:
    assert country_code(text) == ""


def test_members_of_the_eu() -> None:
    assert is_eu("SE")
    assert is_eu("GR")
    assert not any(map(is_eu, ("GB", "NO", "CH", "")))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("811218-9876", "811218-XXXX"),
        ("SE811218987601", "SE811218-XXXX"),
        ("Kund 198112189876 saknas", "Kund 19811218-XXXX saknas"),
        ("811218+9876", "811218+XXXX"),
        ("556900-4566", "556900-4566"),
        ("811218-9877", "811218-9877"),
        ("faktura 10457", "faktura 10457"),
    ],
)
def test_personal_numbers_are_masked_and_others_are_not(text: str, shown: str) -> None:
    assert mask_personal(text) == shown
