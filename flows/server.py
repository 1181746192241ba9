"""Prefect around us: the environment it is imported in, a server of our own on loopback, deployments and serving."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType

import psutil
import requests

from flows.settings import Place, UserError, settings

OWNER = "COMMENTARY_PREFECT_OWNER"

# Without these the temporary server loses task-run records when it exits (4 of 300 were kept as completed; with them
# all 300), and calls home.
EPHEMERAL_SETTINGS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

# Runs tell the server every 30 seconds that they live; docs/automations.yaml looks for those that fall silent.
HEARTBEATS = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
# A server keeps some 75 kB a run for ever unless it is told to clear old events and runs (after 90 days).
SERVER_SETTINGS = {**EPHEMERAL_SETTINGS, "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs"}


def prepare_environment(home: Path, *, verbose: bool = False) -> None:
    """Set what Prefect should find in the environment; what the operator has set already is left as it is.

    With no `PREFECT_API_URL` the run uses Prefect's temporary server on loopback, with its database in
    `home/work/prefect`. Servers that killed runs left behind are ended.
    """
    for name, value in EPHEMERAL_SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", settings().log_level)
    if not verbose:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    if "PREFECT_API_URL" in os.environ or "PREFECT_PROFILE" in os.environ:
        return
    os.environ.setdefault("PREFECT_HOME", str((home / "work" / "prefect").absolute()))
    end_orphaned_servers()
    os.environ[OWNER] = _identity(psutil.Process())


def end_orphaned_servers() -> int:
    """End temporary Prefect servers whose run is no more; the number of them.

    A run that is killed cannot stop the server process that Prefect started for it. Each inherits `OWNER` from its
    run, so that only ours are ended, and only when that run is gone.
    """
    ended = 0
    for process in psutil.process_iter():
        try:
            owner = process.environ().get(OWNER)
            if owner is None or "uvicorn" not in process.cmdline() or _is_running(owner):
                continue
            process.terminate()
            ended += 1
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or another user's
    return ended


def _identity(process: psutil.Process) -> str:
    # The start time tells a process from a later one with the same number.
    return f"{process.pid}:{process.create_time():.2f}"


def _is_running(owner: str) -> bool:
    pid = owner.partition(":")[0]
    try:
        return pid.isdigit() and _identity(psutil.Process(int(pid))) == owner
    except psutil.Error:
        return False


_START_SECONDS = 300  # a busy machine takes its time; a process that has ended is told at once


class LocalServer:
    """The processes of a server and a worker; both end when the block ends.

    Args:
        project: the project's folder, with prefect.yaml; runs work in it.
        state: where the server keeps its database and logs.
        port: of the server on 127.0.0.1.
        environment: what runs find in their environment besides our own, such as COMMENTARY_HOME.
    """

    def __init__(self, project: Path, state: Path, port: int, environment: Mapping[str, str] | None = None) -> None:
        self.project = project.absolute()
        self.state = state.absolute()
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._processes = ExitStack()
        self._environment = {
            **os.environ,
            **SERVER_SETTINGS,
            **HEARTBEATS,
            "PWD": str(self.project),
            "PREFECT_HOME": str(self.state / "prefect"),
            "PREFECT_API_URL": f"{self.url}/api",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_WORKER_QUERY_SECONDS": "3",
            **(environment or {}),
        }

    def __enter__(self) -> "LocalServer":
        self._claim_port()
        self.state.mkdir(parents=True, exist_ok=True)
        try:
            server = self._start("server", "server", "start", "--host", "127.0.0.1", "--port", str(self._port))
            self._wait_until_healthy(server)
        except BaseException:
            self._processes.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which `prefect` commands talk to this server."""
        return dict(self._environment)

    @contextmanager
    def configured(self) -> Iterator[None]:
        """Let Prefect in this process talk to this server, within the block."""
        from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415  it takes seconds to import

        with temporary_settings({PREFECT_API_URL: self._environment["PREFECT_API_URL"]}):
            yield

    def set_up(self, place: Place, notify: str = "", tell: Callable[[str], None] = lambda _: None) -> None:
        """Create the work pool, the deployments of prefect.yaml and the automations; again does no harm."""
        from flows.deploying import set_up  # noqa: PLC0415  Prefect takes seconds to import

        with self.configured():
            set_up(place, notify=notify, tell=tell)

    def start_worker(
        self, pool: str, environment: Mapping[str, str] | None = None, *, limit: int | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a worker for the pool; its runs find `environment` in theirs. It looks for work every few seconds, and
        takes at most `limit` runs at a time."""
        most = ("--limit", str(limit)) if limit is not None else ()
        return self._start("worker", "worker", "start", "--pool", pool, *most, environment=environment)

    def _start(
        self, name: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        log = self._processes.enter_context((self.state / f"{name}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=self.project,
            env={**self._environment, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._processes.callback(stop, process)
        return process

    def _claim_port(self) -> None:
        """Make sure that nobody listens on the port: the health of another's server would be taken for ours."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self._port))
            except OSError as error:
                raise UserError(
                    f"port {self._port} cannot be used ({error.strerror})", "name another with --port"
                ) from error

    def _wait_until_healthy(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if server.poll() is not None:
                break
            try:
                requests.get(f"{self.url}/api/health", timeout=2).raise_for_status()
            except requests.RequestException:
                time.sleep(0.3)
            else:
                return
        raise UserError(
            f"the Prefect server did not start on {self.url}",
            f"see {self.state / 'server.log'}",
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session, with all that it started: a worker's runs lead sessions of their own."""
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        started = []
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for child in psutil.wait_procs(started, timeout=2)[1]:
        with suppress(psutil.Error):
            child.kill()
