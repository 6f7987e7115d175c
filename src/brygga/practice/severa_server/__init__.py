"""A practice Severa: the documented REST interface over HTTP, with its limits, its refusals and its faults on order."""

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.faults import FaultKind
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.runner import running_server
from brygga.practice.severa_server.state import SeveraSeed, SeveraState

__all__ = ["DocumentError", "FaultKind", "ServerConfig", "SeveraSeed", "SeveraState", "running_server"]
