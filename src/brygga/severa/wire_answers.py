"""What Severa answers beside its records, as documented (contracts/severa_models.json): refusals and tokens."""

from __future__ import annotations

import msgspec

from brygga.severa.wire import Model


class ErrorDetail(Model, frozen=True):
    """ExceptionDetailModel."""

    message: str | None = None


class ErrorContent(Model, frozen=True):
    """ErrorModel; ``type`` is a value of ExceptionTypeEnum."""

    type: str | None = None
    details: list[ErrorDetail] | None = None


class ErrorBody(Model, frozen=True):
    """ExceptionModel, the JSON of every error but 404."""

    error: ErrorContent | None = None


class TokenAnswer(msgspec.Struct, frozen=True):
    """PublicAuthenticationOutputModel (snake_case on the wire); lifetimes are seconds, used as returned."""

    access_token: str
    access_token_expires_in: int
    scope: str | None = None
    access_token_type: str | None = None
    refresh_token: str | None = None
    refresh_token_expires_in: int | None = None

    def __repr__(self) -> str:
        return "TokenAnswer(…)"
