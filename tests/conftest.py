"""What several folders of tests share: a Prefect server for the session, and the `commentary` command as a process."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMENTARY = Path(sys.executable).with_name("commentary")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def free_port() -> int:
    """A port of loopback that nobody listens on at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A real Prefect server on loopback, one a session; the environment in which commands use it."""
    from flows.local_server import LocalServer

    with LocalServer(ROOT, tmp_path_factory.mktemp("prefect"), free_port()) as server:
        yield server.environment


@pytest.fixture
def commentary(prefect_server: dict[str, str], tmp_path: Path) -> Command:
    """Runs the `commentary` command as a process of its own, with `tmp_path/data` as its home."""

    def run(*arguments: str | Path, timeout: float = 120, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMENTARY, *map(str, arguments)],
            cwd=tmp_path,
            env={**prefect_server, "COMMENTARY_HOME": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment for commands that need no Prefect server."""
    return {**os.environ, "COMMENTARY_HOME": str(tmp_path / "data")}
