"""`kill -9` of the whole command while it fetches from a loopback web, then a run to the end: nothing lost, twice or
asked for again once it was stored."""

import json
import os
import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.conftest import COMMENTARY
from tests.flows.test_crashes import content
from tests.flows.watch import Life, serve_gold
from tests.web.site import Answer, Entry, Host, Reply, Request, Site

KILLS = 2
ARTICLES = [f"{number:02}" for number in range(1, 10)]
Content = dict[str, list[tuple[object, ...]]]

HOSTS = ("127.0.0.21", "127.0.0.22", "127.0.0.23")


class Gate:
    """Holds back the answer to the n-th page asked for from now on, until the client is dead: death in mid-fetch."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()
        self._open.set()
        self._left = 0
        self._lock = threading.Lock()

    def hold(self, number: int) -> None:
        """Hold the answer to this page, counted from 1."""
        with self._lock:
            self._left = number
        self.reached.clear()
        self._open.clear()

    def release(self) -> None:
        """Answer again, what was held and what comes."""
        with self._lock:
            self._left = 0
        self._open.set()

    def before(self, answer: Answer) -> Answer:
        """The same answer, behind this gate."""

        def gated(request: Request) -> Reply:
            with self._lock:
                self._left -= 1
                mine = self._left == 0
            if mine:
                self.reached.set()
                self._open.wait(timeout=600)
            return answer(request)

        return gated


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def web(gate: Gate) -> Iterator[Site]:
    """Three hosts with a feed each, over all of which the articles of the gold are spread."""
    with Site() as site:
        for number, name in enumerate(HOSTS):
            host = site.host(name)
            own = ARTICLES[number :: len(HOSTS)]
            for article in own:
                serve_gold(host, f"/insights/{article}", article)
                _put_behind(gate, host, f"/insights/{article}")
            host.rss("/feed/", [Entry(f"/insights/{article}") for article in own])
        yield site


def _put_behind(gate: Gate, host: Host, path: str) -> None:
    answer = host.answer_at(path)
    assert answer is not None
    host.answer(path, gate.before(answer))


@pytest.fixture
def undisturbed(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_server: dict[str, str]) -> Content:
    """What a run that nobody kills makes of this web."""
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", json.dumps(web.allow))
    life = Life(tmp_path, monkeypatch, prefect_server["PREFECT_API_URL"])
    life.watch(
        *(
            f'id = "s{number}"\nname = "S{number}"\naddress = "{web.host(name).url("/feed/")}"\n'
            'kind = "feed"\nsector = "think tank"'
            for number, name in enumerate(HOSTS)
        )
    )
    life.day(datetime.now(UTC))
    assert set(pages_asked(web).values()) == {1}
    return content(life.home)


class Runs:
    """Runs of `commentary ingest` on the web's sources, in processes that can die."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.home = folder / "killed"
        self._arguments = ("--seeds", str(folder / "seeds"), "--sources", str(folder / "sources.toml"))
        # The rest of the settings is in this process's own environment, set for the undisturbed run.
        own = {name: value for name, value in os.environ.items() if name.startswith("COMMENTARY_")}
        self._environment = {**environment, **own, "COMMENTARY_HOME": str(self.home)}

    def start(self) -> subprocess.Popen[bytes]:
        """Begin a run."""
        return subprocess.Popen(
            [COMMENTARY, "ingest", *self._arguments],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def finish(self) -> None:
        """A whole run."""
        assert self.start().wait(timeout=600) == 0

    def die(self, gate: Gate, page: int) -> None:
        """A run that is killed while it waits for this page."""
        gate.hold(page)
        run = self.start()
        try:
            while not gate.reached.wait(timeout=0.1) and run.poll() is None:
                pass
        finally:
            run.kill()
            run.wait()
            gate.release()


def stored(home: Path, scratch: Path) -> set[str]:
    """The addresses of the pages whose bytes are kept, read from a copy: the next run is to find what death left."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(home / "work", scratch)
    with duckdb.connect(str(scratch / "warehouse.duckdb")) as connection:
        rows = connection.execute("SELECT url FROM fetches WHERE raw_hash IS NOT NULL").fetchall()
    return {url for (url,) in rows}


def pages_asked(web: Site) -> Counter[str]:
    """How often each page was asked for since the record was begun anew."""
    return Counter(web.host(r.host).url(r.path) for r in web.forget() if r.path.startswith("/insights/"))


def kill_while_fetching(kills: int, seed: int, web: Site, gate: Gate, runs: Runs, scratch: Path) -> None:
    """Kill so many runs in mid-fetch and let one finish, counting on the wire what is asked for."""
    chance = random.Random(seed)
    kept: set[str] = set()
    for _ in range(kills):
        runs.die(gate, chance.randint(1, max(1, (len(ARTICLES) - len(kept)) // 2)))
        asked = pages_asked(web)
        assert not kept & set(asked), "what was stored was asked for again"
        assert set(asked.values()) <= {1}
        kept = stored(runs.home, scratch)
        assert len(set(asked) - kept) <= len(HOSTS), "more was lost than what was under way"
    runs.finish()
    asked = pages_asked(web)
    assert set(asked.values()) <= {1}
    assert not kept & set(asked), "what was stored was asked for again"
    assert len(kept) + len(asked) == len(ARTICLES)


def test_a_run_killed_while_it_fetches_is_taken_up(
    web: Site, gate: Gate, undisturbed: Content, tmp_path: Path, prefect_server: dict[str, str]
) -> None:
    runs = Runs(tmp_path, prefect_server)
    kill_while_fetching(KILLS, 7, web, gate, runs, tmp_path / "scratch")
    assert content(runs.home) == undisturbed
    assert len(undisturbed["articles"]) == len(ARTICLES)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("KILL_ROUNDS", "10"))))
def test_runs_killed_while_they_fetch_again_and_again(
    seed: int, web: Site, gate: Gate, undisturbed: Content, tmp_path: Path, prefect_server: dict[str, str]
) -> None:
    runs = Runs(tmp_path, prefect_server)
    kill_while_fetching(5, seed, web, gate, runs, tmp_path / "scratch")
    assert content(runs.home) == undisturbed
