"""Several workers with homes of their own on one lake: no host asked by two at once, nothing lost, nothing double."""

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.server import LocalServer, stop
from flows.settings import Place
from tests.conftest import COMMENTARY, ROOT, Command
from tests.flows.test_server import ask, deployments, process_of, wait_for
from tests.flows.watch import gold
from tests.web import formats
from tests.web.site import Entry, Host, Reply, Request, Site
from warehouse.database import open_for_a_look
from warehouse.target import lake_at
from warehouse.workspace import Workspace

pytestmark = [pytest.mark.server, pytest.mark.timeout(1800)]
HOSTS = tuple(f"127.0.0.{number}" for number in range(81, 87))
PAGES = 4


class Publishers:
    """Publishers with articles, and who asks them when."""

    def __init__(self, web: Site) -> None:
        self.web = web
        self.waits_for_both = False
        self.at_once: set[tuple[str, ...]] = set()
        self._now: dict[str, list[str]] = {name: [] for name in HOSTS}
        self._lock = threading.Lock()
        for place, name in enumerate(HOSTS):
            host = web.host(name)
            for number in range(PAGES):
                title, paragraphs = gold(f"{(place * PAGES + number) % 13 + 1:02}")
                added = (
                    f"In case {place * PAGES + number} the board paid a private hospital £{number + 2}m for the NHS."
                )
                host.page(
                    f"/insights/case-{number}", formats.article(f"{title} ({name}, {number})", [*paragraphs, added])
                )
            host.rss("/feed/", [Entry(f"/insights/case-{number}") for number in range(PAGES)])
            self._watch(host)

    def _watch(self, host: Host) -> None:
        handle = host.handle

        def watched(request: Request) -> Reply:
            who = request.headers["user-agent"]
            with self._lock:
                self._now[host.name].append(who)
                self.at_once.add(tuple(self._now[host.name]))
            threading.Event().wait(0.1)  # long enough for another to come in
            if self.waits_for_both:  # a run takes a while to begin, and all the pages are fetched in a moment
                until = time.monotonic() + 6
                while len(self.workers()) < 2 and time.monotonic() < until:
                    time.sleep(0.1)
            with self._lock:
                self._now[host.name].remove(who)
            return handle(request)

        host.handle = watched  # type: ignore[method-assign]

    def sources(self) -> str:
        """The file of sources."""
        return "".join(
            f'[[source]]\nid = "s{place}"\nname = "Publisher {place}"\nkind = "feed"\nsector = "think tank"\n'
            f'address = "{self.web.host(name).url("/feed/")}"\n'
            for place, name in enumerate(HOSTS)
        )

    def asked(self) -> Counter[tuple[str, str]]:
        """How often each article was asked for."""
        return Counter((one.host, one.path) for one in self.web.requests if one.path.startswith("/insights"))

    def workers(self) -> set[str]:
        return {one.headers["user-agent"] for one in tuple(self.web.requests)}


@dataclass
class Shared:
    """A lake, and the homes of workers on it."""

    folder: Path
    catalog: str
    publishers: Publishers

    def worker(self, name: str) -> dict[str, str]:
        """The environment of a worker with a home of its own."""
        (self.folder / "sources.toml").write_text(self.publishers.sources(), "utf-8")
        (self.folder / "seeds").mkdir(exist_ok=True)
        (self.folder / "seeds/one.txt").write_text("Title: One\n\nThe NHS paid a private company £5m.\n", "utf-8")
        return {
            "COMMENTARY_HOME": str(self.folder / name),
            "COMMENTARY_WAREHOUSE": f"ducklake:postgres:{self.catalog}",
            "COMMENTARY_DATA_PATH": str(self.folder / "lake"),
            "COMMENTARY_RAW_STORE": str(self.folder / "raw"),
            "COMMENTARY_SEEDS": str(self.folder / "seeds"),
            "COMMENTARY_SOURCES": str(self.folder / "sources.toml"),
            "COMMENTARY_ALLOW_HOSTS": json.dumps(self.publishers.web.allow),
            "COMMENTARY_CONTACT": f"{name}@example.org",
            "COMMENTARY_HOST_DELAY": "0.3",
            "COMMENTARY_HOSTS_AT_ONCE": "2",
            "COMMENTARY_FETCH_SECONDS": "10",
            "COMMENTARY_PAGE": "false",
            "COMMENTARY_PROCESSES": "1",
        }

    @property
    def workspace(self) -> Workspace:
        """The lake, as from a home that has no run."""
        lake = lake_at(f"ducklake:postgres:{self.catalog}", str(self.folder / "lake"))
        return Workspace(self.folder / "look", lake, str(self.folder / "raw"))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What is in the lake now."""
        with open_for_a_look(self.workspace) as connection:
            return connection.execute(query, list(values)).fetchall()

    def nothing_is_lost_or_double(self, *, under_way: int = 0) -> None:
        """All is there once, and was asked for once, but for what was under way when a worker was killed."""
        pages = [(name, f"/insights/case-{number}") for name in HOSTS for number in range(PAGES)]
        asked = self.publishers.asked()
        assert asked.keys() == set(pages)
        assert asked.total() <= len(pages) + under_way, "each once"
        assert {len(who) for who in self.publishers.at_once} == {1}, "no host by two at once"
        (counts,) = self.rows(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(DISTINCT url) FROM articles), "
            "(SELECT count(DISTINCT url) FROM fetches WHERE purpose = 'article' AND sent), "
            "(SELECT count(*) FROM fetches WHERE purpose = 'article' AND sent) <= $1, (SELECT count(*) FROM pages), "
            "(SELECT count(*) FROM candidates WHERE status IN ('ingested', 'duplicate'))",
            asked.total(),
        )
        assert counts == (len(pages) + 1, len(pages) + 1, len(pages), True, len(pages), len(pages))


@pytest.fixture
def shared(catalog: str, tmp_path: Path) -> Iterator[Shared]:
    pytest.importorskip("duckdb_extension_ducklake", reason="run `make scaling`")
    with Site() as web:
        yield Shared(tmp_path, catalog, Publishers(web))


def start(environment: dict[str, str], folder: Path, **own: str) -> "subprocess.Popen[bytes]":
    with (folder / f"{Path(own['COMMENTARY_HOME']).name}.log").open("ab") as log:
        return subprocess.Popen(
            [COMMENTARY, "ingest"], cwd=folder, env={**environment, **own}, stdout=log, stderr=subprocess.STDOUT
        )


def test_two_workers_with_homes_of_their_own_share_a_lake(
    shared: Shared, prefect_server: dict[str, str], commentary: Command
) -> None:
    made = commentary("ingest", "--no-sources", **shared.worker("one"))
    assert made.returncode == 0, made.stdout + made.stderr
    workers = [start(prefect_server, shared.folder, **shared.worker(name)) for name in ("one", "two")]
    assert [worker.wait(600) for worker in workers] == [0, 0], logs(shared)
    assert len(shared.publishers.workers()) == 2, "both had hosts"
    last = commentary("ingest", **shared.worker("one"))  # what was one's turn when the other wanted it
    assert last.returncode == 0, last.stdout + last.stderr
    shared.nothing_is_lost_or_double()
    states = shared.rows("SELECT state, count(DISTINCT worker), count(*) FROM runs GROUP BY state")
    assert states == [("completed", 2, 4)]


def logs(shared: Shared) -> str:
    return "\n".join(path.read_text("utf-8") for path in shared.folder.glob("*.log"))


@pytest.mark.soak
def test_two_prefect_workers_share_a_lake_and_one_is_killed(shared: Shared, local_server: LocalServer) -> None:
    shared.publishers.waits_for_both = True
    shared.folder.chmod(0o755)
    place = Place(ROOT, shared.workspace, "fleet", fetchers=2)
    local_server.set_up(place)
    deployment = f"deployments/{deployments(local_server)['fleet-daily']['id']}"
    assert ask(local_server, deployment, "GET")["global_concurrency_limit"]["limit"] == 2
    schedules = ask(local_server, deployment, "GET")["schedules"]
    assert sorted(one["slug"] for one in schedules) == ["every-morning", "every-morning-2"]

    def begin() -> str:
        return str(ask(local_server, f"{deployment}/create_flow_run")["id"])

    def state(run_id: str) -> str:
        return str(ask(local_server, f"flow_runs/{run_id}", "GET")["state_type"])

    workers = [local_server.start_worker(place.name, shared.worker(name), limit=1) for name in ("one", "two")]
    try:
        first = begin()
        wait_for("the lake to be made", lambda: shared.publishers.asked().total() > 1)
        second = begin()
        wait_for("both to fetch", lambda: len(shared.publishers.workers()) == 2)
        process = wait_for("its process", lambda: process_of(first))
        os.kill(process.pid, signal.SIGKILL)
        wait_for("the crash to be noticed", lambda: state(first) == "CRASHED")
        wait_for("the other to end", lambda: state(second) == "COMPLETED")
        third, fourth = begin(), begin()
        wait_for("the runs after it", lambda: {state(third), state(fourth)} == {"COMPLETED"})
    finally:
        for worker in workers:
            stop(worker)
    shared.nothing_is_lost_or_double(under_way=2)
    states = dict(shared.rows("SELECT state, count(*) FROM runs GROUP BY state"))
    assert states == {"crashed": 1, "completed": 3}
