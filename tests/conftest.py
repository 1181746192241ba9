"""What several folders of tests share: a Prefect server for the session, and the `commentary` command as a process."""

import io
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import hypothesis
import pytest

if TYPE_CHECKING:
    from flows.server import LocalServer
    from tests.flows.mortal import Begetter

ROOT = Path(__file__).parents[1]
COMMENTARY = Path(sys.executable).with_name("commentary")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


# A shell that starts us in the background has SIGINT ignored, and so would all processes that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

SERVER_FIXTURES = {"local_server", "prefect_server", "commentary_on_server", "commentary_process", "begetter"}
# A push is judged by the same 30 examples every time; at a desk hypothesis looks for 100 others, `make soak` for 1,000.
# No example has a deadline: on a machine with other work any of them may take seconds.
hypothesis.settings.register_profile("desk", deadline=None, max_examples=100)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file run in one worker, but for the longest, which are run first: those on a Prefect server.

    They share one worker, and so one server: starting it takes as long as a dozen of them.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group("prefect server" if _on_server(item) else str(item.path)))
    items.sort(key=lambda item: not _on_server(item))


def _on_server(item: pytest.Item) -> bool:
    return not SERVER_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


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
    from flows.server import LocalServer

    environment = {"PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2"}
    with LocalServer(ROOT, tmp_path_factory.mktemp("prefect"), free_port(), environment) as server:
        yield server


@pytest.fixture(scope="session")
def prefect_server(local_server: "LocalServer") -> dict[str, str]:
    """The environment in which commands use the session's server."""
    return local_server.environment


@pytest.fixture(scope="session")
def begetter(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Begetter]":
    """Begets runs of the command on the session's server, in processes that can die and need not import anything."""
    from tests.flows.mortal import Begetter

    plain = {name: value for name, value in prefect_server.items() if not name.startswith("COMMENTARY_")}
    plain["PREFECT_LOGGING_TO_API_ENABLED"] = "false"  # nobody looks there for what runs that are killed have logged
    with closing(Begetter(plain, tmp_path_factory.mktemp("runs"))) as made:
        yield made


@pytest.fixture
def command_environment(tmp_path: Path) -> dict[str, str]:
    """What the `commentary` command finds: `tmp_path/data` as its home."""
    return {
        "COMMENTARY_HOME": str(tmp_path / "data"),
        "COMMENTARY_PAGE": "false",  # tests/page makes pages; here they would only take time
        "COMMENTARY_PROCESSES": "1",  # each loads the codebook; tests/flows/test_coding.py has several
    }


@pytest.fixture
def commentary_process(command_environment: dict[str, str], prefect_server: dict[str, str], tmp_path: Path) -> Command:
    """Runs the `commentary` command as a process of its own: seconds of processor go into importing Prefect."""

    def run(*arguments: str | Path, timeout: float = 600, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMENTARY, *map(str, arguments)],
            cwd=tmp_path,
            env={**prefect_server, **command_environment, **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def commentary(command_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the whole `commentary` command in this process, for tests that show nothing of Prefect's."""
    from tests.flows.plain import NOBODY, without_a_server

    def run(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        found = {**command_environment, "PREFECT_API_URL": NOBODY, **environment}
        with without_a_server():
            return _called(arguments, found, tmp_path, monkeypatch)

    return run


@pytest.fixture
def commentary_on_server(
    command_environment: dict[str, str],
    prefect_server: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Runs the whole `commentary` command in this process on the session's server."""
    from prefect.logging.handlers import APILogHandler

    from tests.flows.plain import asking

    def run(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        found = {**prefect_server, **command_environment, **environment}
        with asking(prefect_server["PREFECT_API_URL"]):
            done = _called(arguments, found, tmp_path, monkeypatch)
            APILogHandler().flush()  # while this server is the one configured
            return done

    return run


def _called(
    arguments: tuple[str | Path, ...], environment: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> "subprocess.CompletedProcess[str]":
    """The command called in this process, its environment, folder and output apart from ours."""
    from flows.cli import main
    from flows.settings import settings

    output, errors, code = io.StringIO(), io.StringIO(), 0
    surroundings = patch.dict(os.environ, environment)
    with monkeypatch.context() as changed, surroundings, redirect_stdout(output), redirect_stderr(errors):
        changed.setattr(sys, "argv", ["commentary", *map(str, arguments)])
        changed.chdir(folder)
        settings.cache_clear()
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except Exception:
            traceback.print_exc()
            code = 1
    settings.cache_clear()
    return subprocess.CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment for commands that need no Prefect server."""
    return {**os.environ, "COMMENTARY_HOME": str(tmp_path / "data")}
