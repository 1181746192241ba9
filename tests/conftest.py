"""What several folders of tests share: a Prefect server for the session, and the `commentary` command as a process."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from flows.local_server import LocalServer

ROOT = Path(__file__).parents[1]
COMMENTARY = Path(sys.executable).with_name("commentary")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


SERVER_FIXTURES = {"local_server", "prefect_server", "commentary", "life"}
# A push is judged by the same examples every time; at a desk and in `make soak` hypothesis looks for new ones.
# No example has a deadline: on a machine with other work any of them may take seconds.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")
# Each worker starts a server of its own; these files take about as long as all others on one.
SECOND_SERVER = {"test_crashes.py", "test_recoding.py"}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file run in one worker; those on a Prefect server in two groups, and first, being the longest."""
    for item in items:
        shared = f"prefect server {1 + (item.path.name in SECOND_SERVER)}"
        item.add_marker(pytest.mark.xdist_group(shared if _is_on_server(item) else str(item.path)))
    items.sort(key=lambda item: not _is_on_server(item))


def _is_on_server(item: pytest.Item) -> bool:
    return bool(SERVER_FIXTURES & set(getattr(item, "fixturenames", ())))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument, not their content: a gzip header or an encrypted PDF differs every second."""
    return argname if isinstance(val, bytes) else None


def free_port() -> int:
    """A port of loopback that nobody listens on at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[LocalServer]":
    """A real Prefect server on loopback, one a session: it takes half a minute to start."""
    from flows.local_server import LocalServer

    environment = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2"}
    with LocalServer(ROOT, tmp_path_factory.mktemp("prefect"), free_port(), environment) as server:
        yield server


@pytest.fixture(scope="session")
def prefect_server(local_server: "LocalServer") -> dict[str, str]:
    """The environment in which commands use the session's server."""
    return local_server.environment


@pytest.fixture
def commentary(prefect_server: dict[str, str], tmp_path: Path) -> Command:
    """Runs the `commentary` command as a process of its own, with `tmp_path/data` as its home."""

    def run(*arguments: str | Path, timeout: float = 120, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMENTARY, *map(str, arguments)],
            cwd=tmp_path,
            env={
                **prefect_server,
                "COMMENTARY_HOME": str(tmp_path / "data"),
                "COMMENTARY_PAGE": "false",  # tests/page makes pages; here they would only take time
                **environment,
            },
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
