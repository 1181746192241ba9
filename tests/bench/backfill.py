"""Taking in whole archives through the real command, killed twice on the way: pages a second, and memory.

A served archive of 3,000 pages behind pagination, and a WARC file of 2,000 records; of five pages two are similar. The
server that answers is this process, on the same machine. BACKFILL_PAGES and BACKFILL_RECORDS make them smaller.
"""

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import psutil

from flows.server import LocalServer
from tests.conftest import ROOT, free_port
from tests.flows.archives import archived_path, objects_of, serve_archive, similar_addresses, varied, write_warc
from tests.flows.gate import Gate
from tests.flows.mortal import Begetter, Mortal
from tests.web.site import Site

PAGES = int(os.environ.get("BACKFILL_PAGES", "3000"))
RECORDS = int(os.environ.get("BACKFILL_RECORDS", "2000"))
HOST = "127.0.0.96"


class Peak:
    """The most memory that a run and its workers had at any moment, in megabytes."""

    def __init__(self) -> None:
        self.run = self.worker = 0.0
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, pid: int) -> None:
        """Look at a process and its children until `stop`."""
        self._over.clear()
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the looking."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self, pid: int) -> None:
        while not self._over.wait(0.5):
            try:
                process = psutil.Process(pid)
                self.run = max(self.run, process.memory_info().rss / 1e6)
                for child in process.children(recursive=True):
                    self.worker = max(self.worker, child.memory_info().rss / 1e6)
            except psutil.Error:
                continue


def run() -> str:
    """A table: each archive with its pages, what was taken, wall seconds of all three runs, pages a second, memory."""
    rows = ["| archive | pages | similar, taken | seconds | pages/s | run MB | worker MB |", "| --- | " + "--- | " * 6]
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "prefect"
        if "PREFECT_API_URL" in os.environ:
            rows += _both(Path(folder), dict(os.environ))
        else:
            with LocalServer(ROOT, state, free_port()) as server:
                rows += _both(Path(folder), server.environment)
    return "\n".join(rows)


def _both(folder: Path, environment: dict[str, str]) -> list[str]:
    with Site() as web:
        host, gate = web.host(HOST), Gate()
        serve_archive(host, PAGES, gate)
        (folder / "sources.toml").write_text(
            f'[[source]]\nid = "archive"\nname = "Archive"\nsector = "law firm"\naddress = "{host.url("/")}"\n', "utf-8"
        )
        write_warc(folder / "old.warc.gz", RECORDS)
        own = {
            **environment,
            "COMMENTARY_SOURCES": str(folder / "sources.toml"),
            "COMMENTARY_ALLOW_HOSTS": json.dumps(web.allow),
            "COMMENTARY_HOST_DELAY": "0",
            "COMMENTARY_PAGE": "false",
        }
        with closing(Begetter(own, folder)) as begets:
            return [_archive(begets, folder / "web", host.url, gate), _warc(begets, folder / "warc", folder)]


def _archive(begets: Begetter, home: Path, url: Callable[[str], str], gate: Gate) -> str:
    def begin() -> Mortal:
        return begets.begin("backfill", "archive", COMMENTARY_HOME=str(home))

    def killed_at(answer: int) -> Callable[[Mortal], None]:
        gate.hold(answer)

        def kill(run: Mortal) -> None:
            gate.reached.wait()
            run.kill()
            gate.release()

        return kill

    kills = [lambda: killed_at(10 + PAGES // 20), lambda: killed_at(PAGES // 10 + PAGES // 2)]
    expected = {url(archived_path(number)) for number in range(PAGES) if varied(number)[0]}
    return _row("served, behind pagination", PAGES, home, expected, *_timed(begin, kills))


def _warc(begets: Begetter, home: Path, folder: Path) -> str:
    def begin() -> Mortal:
        return begets.begin("add", folder / "old.warc.gz", "--set", "Old web", COMMENTARY_HOME=str(home))

    def kill_once(reached: Callable[[], bool]) -> Callable[[], Callable[[Mortal], None]]:
        def kill(run: Mortal) -> None:
            while not reached():
                time.sleep(0.05)
            run.kill()

        return lambda: kill

    journal = home / "work" / "raw" / "journal.jsonl"
    kills = [
        kill_once(lambda: sum(1 for _ in objects_of(home)) >= RECORDS // 3),
        kill_once(lambda: journal.exists() and '"article_id"' in journal.read_text("utf-8")),
    ]
    return _row("WARC", RECORDS, home, similar_addresses(RECORDS), *_timed(begin, kills))


def _timed(begin: Callable[[], Mortal], kills: list[Callable[[], Callable[[Mortal], None]]]) -> tuple[float, Peak]:
    peak, began = Peak(), time.monotonic()
    for prepared in kills:
        kill = prepared()
        run = begin()
        peak.watch(run.pid)
        kill(run)
        peak.stop()
    run = begin()
    peak.watch(run.pid)
    code = run.wait()
    peak.stop()
    if code != 0:
        raise RuntimeError(f"the last run ended with {code}")
    return time.monotonic() - began, peak


def _row(name: str, pages: int, home: Path, expected: set[str], seconds: float, peak: Peak) -> str:
    with duckdb.connect(str(home / "commentary.duckdb"), read_only=True) as connection:
        taken = {str(url) for (url,) in connection.execute("SELECT url FROM articles").fetchall()}
    told = f"{len(expected)}, {'all and only these' if taken == expected else f'{len(taken)}: NOT THE SAME'}"
    return f"| {name} | {pages} | {told} | {seconds:.0f} | {pages / seconds:.1f} | {peak.run:.0f} | {peak.worker:.0f} |"
