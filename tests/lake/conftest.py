"""A real PostgreSQL and an S3 server for the tests of a warehouse that several share; skipped where one is missing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.conftest import free_port

DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> str:
    """A program of PostgreSQL's, on the path or where Debian keeps it."""
    kept = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(kept[0]) if kept else None)
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is missing: apt-get install postgresql")
    return found


class PostgreSQL:
    """A server on loopback in a folder of its own; it never writes for keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # It refuses to be run by root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, "postgres", "postgres")
        self.port = free_port()
        self._run(
            program("initdb"), "-D", str(folder / "data"), "-U", "commentary", "-A", "trust", "--no-sync", "-E", "UTF8"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._control("-w", "-l", str(self._folder / "log"), "-o", options, "start")

    @property
    def pid(self) -> int:
        """Its first process."""
        return int((self._folder / "data/postmaster.pid").read_text("utf-8").split()[0])

    def stop(self) -> None:
        """Stop it at once, as a power cut would."""
        self._control("-m", "immediate", "stop")

    def database(self, template: str = "template1") -> str:
        """The connection parameters of a new database, which is as the one of that name."""
        name = f"lake_{uuid4().hex[:12]}"
        options = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "commentary", "-T", template)
        self._run(program("createdb"), *options, name)
        return f"dbname={name} host=127.0.0.1 port={self.port} user=commentary"

    def _control(self, *arguments: str) -> None:
        self._run(program("pg_ctl"), "-D", str(self._folder / "data"), *arguments)

    def _run(self, *command: str) -> None:
        subprocess.run(
            command, cwd=self._folder, check=True, stdout=subprocess.DEVNULL, timeout=120,
            user=self._user, group=self._user,
        )  # fmt: skip


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A server while the block lasts; skips where one is missing, or what speaks to it."""
    pytest.importorskip("duckdb_extension_postgres_scanner", reason="run `make scaling`")
    program("initdb")
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = PostgreSQL(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The session's server."""
    with running_postgresql() as server:
        yield server


@pytest.fixture
def catalog(postgresql: PostgreSQL) -> str:
    """An empty database of it, by its connection parameters."""
    return postgresql.database()


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server with a bucket "commentary"; one a process, as all of moto's share their buckets."""
    pytest.importorskip("duckdb_extension_httpfs", reason="run `make scaling`")
    moto = pytest.importorskip("moto.server", reason="run `make scaling`")
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.put(f"http://{host}:{port}/commentary").raise_for_status()
    yield f"http://{host}:{port}"
    server.stop()
