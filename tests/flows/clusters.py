"""A Dask scheduler and its workers on loopback, each a real process, which tests can kill and the benches measure."""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread

import psutil

from tests.conftest import ROOT, free_port

ALLOWED_FAILURES = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"


class Loopback:
    """A scheduler with as many workers as asked for, one thread each; a context that ends them.

    While it is open a worker that died is replaced by a new one, as Dask's own nanny does (for a process more each).
    """

    def __init__(self, folder: Path, workers: int = 2, allowed_failures: int = 1) -> None:
        self.port = free_port()
        self.address = f"dask://127.0.0.1:{self.port}"
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),  # its workers see the tests' functions
            ALLOWED_FAILURES: str(allowed_failures),
            "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
            "DASK_DISTRIBUTED__WORKER__PROFILE__INTERVAL": "60s",
        }
        self._over = Event()
        self._keeper = Thread(target=self._keep, daemon=True)
        self.scheduler: subprocess.Popen[bytes]
        self.workers: list[subprocess.Popen[bytes]] = []
        self._wanted = workers

    def __enter__(self) -> "Loopback":
        """Start all; returns when the scheduler answers, whether there are workers yet or not."""
        self.start_scheduler()
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all."""
        self._over.set()
        self._keeper.join()
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()

    def start_scheduler(self) -> None:
        """Start the scheduler, anew where it was killed."""
        self.scheduler = self._started("dask_scheduler", "--port", str(self.port), "--dashboard-address", "127.0.0.1:0")
        until = time.monotonic() + 120
        while not self._listens():
            assert time.monotonic() < until and self.scheduler.poll() is None, self.told()
            time.sleep(0.05)

    def kill_scheduler(self) -> None:
        """End the scheduler as the system would."""
        self.scheduler.kill()
        self.scheduler.wait()

    def told(self) -> str:
        """What its processes have printed."""
        return "\n".join(log.read_text("utf-8", errors="replace")[-3000:] for log in self._folder.glob("*.log"))

    def processes(self) -> list[psutil.Process]:
        """All of them, with those that work on items."""
        own = [psutil.Process(process.pid) for process in (self.scheduler, *self.workers)]
        return [*own, *(child for one in own for child in one.children(recursive=True))]

    def _listens(self) -> bool:
        return any(one.laddr.port == self.port for one in psutil.Process(self.scheduler.pid).net_connections())

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            self.workers = [worker for worker in self.workers if worker.poll() is None]
            while len(self.workers) < self._wanted:
                self.workers.append(self._started("dask_worker", f"tcp://127.0.0.1:{self.port}", *_WORKER))

    def _started(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments, "--host", "127.0.0.1"]
        number = len(list(self._folder.glob("*.log")))
        with (self._folder / f"{number:03}-{program}.log").open("wb") as log:
            return subprocess.Popen(
                [*command, "--no-dashboard"], cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )


_WORKER = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0")
