"""The texts of all messages in English; their Swedish is in ``locale/sv.po``. Rendered by ``brygga.messages``."""
