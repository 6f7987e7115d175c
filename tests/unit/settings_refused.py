"""What settings refuse, for their tests."""

from __future__ import annotations

import pytest

from brygga.store.settings.values import (
    SettingError,
    Settings,
)

COMPANY = "Exempelkonsult AB"


def refused(settings: Settings, key: str, value: object) -> SettingError:
    before = settings.as_dict()
    with pytest.raises(SettingError) as error:
        settings.set(key, value)
    assert settings.as_dict() == before
    return error.value
