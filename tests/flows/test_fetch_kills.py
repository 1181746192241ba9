"""`kill -9` of the whole command over a served web, in mid-fetch and at any moment, then a run to its end.

Nothing is lost, nothing is there twice, and nothing is asked for again once it was stored.
"""

import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.flows.gate import Gate
from tests.flows.mortal import Begetter, Mortal, Surrounded
from tests.flows.test_crashes import content
from tests.flows.watch import GOLD, Life, serve_gold
from tests.web.site import Entry, Host, Site

KILLS = 20
PAGES = [(kind, path.stem) for kind in ("articles", "negatives") for path in sorted((GOLD / kind).glob("*.txt"))]
Content = dict[str, list[tuple[object, ...]]]

HOSTS = ("127.0.0.21", "127.0.0.22", "127.0.0.23")


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def web(gate: Gate) -> Iterator[Site]:
    """Three hosts with a feed each, over all of which the articles of the gold are spread, and what is none."""
    with Site() as site:
        for number, name in enumerate(HOSTS):
            host = site.host(name)
            own = PAGES[number :: len(HOSTS)]
            for kind, page in own:
                serve_gold(host, f"/insights/{kind}-{page}", page, kind)
                _put_behind(gate, host, f"/insights/{kind}-{page}")
            host.rss("/feed/", [Entry(f"/insights/{kind}-{page}") for kind, page in own])
        yield site


def _put_behind(gate: Gate, host: Host, path: str) -> None:
    answer = host.answer_at(path)
    assert answer is not None
    host.answer(path, gate.before(answer))


class Runs:
    """Runs of `commentary ingest` on the web's sources, in processes that can die."""

    def __init__(self, life: Life, begets: Surrounded, home: Path) -> None:
        self.home = home
        self._files = ("--seeds", life.seeds, "--sources", life.sources)
        self._begets = begets

    def start(self) -> Mortal:
        """Begin a run."""
        return self._begets.begin("ingest", *self._files, COMMENTARY_HOME=str(self.home))

    def finish(self) -> float:
        """A whole run; how many seconds it took."""
        began = time.monotonic()
        assert self.start().wait() == 0
        return time.monotonic() - began

    def die_at_page(self, gate: Gate, page: int) -> None:
        """A run that is killed while it waits for this page."""
        gate.hold(page)
        run = self.start()
        try:
            assert gate.reached.wait(timeout=600)
        finally:
            run.kill()
            gate.release()

    def die_after(self, seconds: float) -> None:
        """A run that is killed then, wherever it is; it may have ended."""
        run = self.start()
        time.sleep(seconds)
        run.kill()


@pytest.fixture
def begets(web: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begetter: Begetter) -> tuple[Life, Surrounded]:
    monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", json.dumps(web.allow))
    life = Life(tmp_path, monkeypatch)
    life.watch(
        *(
            f'id = "s{number}"\nname = "S{number}"\naddress = "{web.host(name).url("/feed/")}"\n'
            'kind = "feed"\nsector = "think tank"'
            for number, name in enumerate(HOSTS)
        )
    )
    own = {name: value for name, value in os.environ.items() if name.startswith("COMMENTARY_")}
    return life, begetter.within(own)


def stored(home: Path, scratch: Path) -> set[str]:
    """The addresses of the pages whose bytes are kept, read from a copy: the next run is to find what death left."""
    if not (home / "work" / "warehouse.duckdb").exists():
        return set()
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(home / "work", scratch)
    with duckdb.connect(str(scratch / "warehouse.duckdb")) as connection:
        if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'fetches'").fetchone():
            return set()
        rows = connection.execute("SELECT url FROM fetches WHERE raw_hash IS NOT NULL").fetchall()
    return {url for (url,) in rows}


def pages_asked(web: Site) -> Counter[str]:
    """How often each page was asked for since the record was begun anew, by its identity; nobody is there who asks."""
    web.hear_out()
    return Counter(
        web.host(r.host).url(r.path).replace("http:", "https:") for r in web.forget() if r.path.startswith("/insights/")
    )


def kill_and_finish(
    kills: int, seed: int, web: Site, gate: Gate, begets: tuple[Life, Surrounded], folder: Path
) -> None:
    """Kill so many runs, in mid-fetch and at any moment, and let one finish, counting on the wire what is asked for."""
    undisturbed, runs = Runs(*begets, folder / "whole"), Runs(*begets, folder / "killed")
    lasts = undisturbed.finish()
    assert set(pages_asked(web).values()) == {1}
    chance = random.Random(seed)
    kept: set[str] = set()
    for _ in range(kills):
        left = len(PAGES) - len(kept)
        if left and chance.random() < 0.6:
            runs.die_at_page(gate, chance.randint(1, max(1, left // 4)))
        else:
            runs.die_after(chance.uniform(0, lasts))
        kept = _kept_now(web, kept, runs, folder / "scratch")
    runs.finish()
    asked = pages_asked(web)
    assert set(asked.values()) <= {1}
    assert not kept & set(asked), "what was stored was asked for again"
    # What the last kill left in the raw store alone is neither known to its database nor asked for again.
    assert len(stored(runs.home, folder / "scratch")) == len(PAGES)
    assert content(runs.home) == content(undisturbed.home)
    assert len(content(runs.home)["articles"]) >= len(list((GOLD / "articles").glob("*.txt"))) - 1


def _kept_now(web: Site, before: set[str], runs: Runs, scratch: Path) -> set[str]:
    asked = pages_asked(web)
    assert not before & set(asked), "what was stored was asked for again"
    assert set(asked.values()) <= {1}
    kept = stored(runs.home, scratch)
    assert before <= kept, "what was stored is lost"
    assert len(set(asked) - kept) <= len(HOSTS), "more was lost than what was under way"
    return kept


@pytest.mark.timeout(1200)
def test_runs_that_are_killed_are_taken_up(
    web: Site, gate: Gate, begets: tuple[Life, Surrounded], tmp_path: Path
) -> None:
    kill_and_finish(KILLS, 7, web, gate, begets, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("KILL_ROUNDS", "10"))))
def test_runs_that_are_killed_again_and_again(
    seed: int, web: Site, gate: Gate, begets: tuple[Life, Surrounded], tmp_path: Path
) -> None:
    """Two hundred kills in all."""
    kill_and_finish(20, 100 + seed, web, gate, begets, tmp_path)
