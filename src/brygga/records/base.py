"""The base of all records."""

from __future__ import annotations

import hashlib

import msgspec


class Record(msgspec.Struct, frozen=True):
    """A frozen value; equal when all fields are equal. ``msgspec.json`` writes Decimals as exact text."""


def fingerprint(record: object) -> str:
    """SHA-256 (hex) over the record's JSON: equal exactly when all fields are equal."""
    return fingerprint_of(msgspec.json.encode(record, order="deterministic"))


def fingerprint_of(encoded: bytes) -> str:
    """``fingerprint`` of a record whose JSON, in the deterministic order, is there already."""
    return hashlib.sha256(encoded).hexdigest()
