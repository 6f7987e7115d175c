"""What every test may use: a store of each kind, and no keyring of the person who runs the tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import Engine, make_url

from brygga.store import database
from tests import template_store
from tests.coverage_of_the_original import (  # hooks of pytest: they write docs/coverage-of-the-original.md
    pytest_runtest_logreport as pytest_runtest_logreport,
)
from tests.coverage_of_the_original import pytest_sessionfinish as pytest_sessionfinish
from tests.coverage_of_the_original import pytest_terminal_summary as pytest_terminal_summary
from tests.postgresql_server import started_in
from tests.template_store import built_stores as built_stores

POSTGRESQL_VARIABLE = "BRYGGA_TEST_POSTGRESQL"
"""URL of a PostgreSQL server whose role may create databases; without it one of our own is started."""
PRAGMAS = database._PRAGMAS
"""How the program sets SQLite up."""

# An example may take as long as a busy computer makes it, and a test run tries the same ones every time: what is found
# by chance must not depend on who is asked, nor on how long this process had to wait for its turn.
settings.register_profile("test run", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("test run")


def pytest_configure() -> None:
    """The tests prove what is committed, not what survives a power cut: a commit does not wait for the disk. New store
    files are copied, not built."""
    template_store.copies()
    database._PRAGMAS = tuple("synchronous=OFF" if name.startswith("synchronous=") else name for name in PRAGMAS)


@pytest.fixture(autouse=True, scope="session")
def no_keyring() -> None:
    """Headless computers have no keyring; on others no test may touch it."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> str:
    """The URL of a real PostgreSQL, one for all the workers of a test run."""
    given = os.environ.get(POSTGRESQL_VARIABLE, "")
    if given:
        return given
    # Not in pytest's own folder: nobody but its owner may enter that, and under root the server is another user.
    folder = Path(tempfile.gettempdir()) / f"brygga-postgresql-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    server = started_in(folder)
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str, worker_id: str) -> Iterator[str]:
    """The URL of this worker's own database."""
    name = f"brygga_{worker_id}_{os.getpid()}"
    server = sa.create_engine(
        make_url(postgresql_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


@pytest.fixture
def postgresql(postgresql_database: str) -> str:
    """The URL of an empty database: as a program meets it that has never run."""
    engine = sa.create_engine(make_url(postgresql_database).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return postgresql_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An empty store of each kind: the suites that use it hold for both."""
    if request.param == "sqlite":
        return tmp_path / "store.sqlite"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def engine(store: Path | str) -> Iterator[Engine]:
    """The store, open."""
    opened = database.open_store(store)
    yield opened
    opened.dispose()
