"""A Prefect server of our own on loopback, with work pool, worker, deployments and automations, for trying out."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import requests

from flows.deploying import POOL, Prefect, prefect_command, set_up
from flows.errors import UserError
from flows.prefect_env import EPHEMERAL_SETTINGS

_START_SECONDS = 120


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
            **EPHEMERAL_SETTINGS,
            "PWD": str(self.project),
            "PREFECT_HOME": str(self.state / "prefect"),
            "PREFECT_API_URL": f"{self.url}/api",
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_WORKER_QUERY_SECONDS": "3",
            **(environment or {}),
        }

    def __enter__(self) -> "LocalServer":
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

    def set_up(self) -> None:
        """Create the work pool, the deployments of prefect.yaml and the automations; again does no harm."""
        set_up(self.prefect)

    @property
    def prefect(self) -> Prefect:
        """Runs one `prefect` command on this server; gives what it printed."""
        return prefect_command(self.project, self._environment)

    def start_worker(self, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker for the pool; its runs find `environment` in theirs. It looks for work every few seconds."""
        return self._start("worker", "worker", "start", "--pool", POOL, environment=environment)

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
        self._processes.callback(_stop, process)
        return process

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
            f"see {self.state / 'server.log'}; if the port is taken, name another with --port",
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with all its children: it leads a session of its own."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
