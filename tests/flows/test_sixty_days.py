"""Two months of an operator through the whole command, with the days told to it: see `tests.flows.world`.

After each day: every article is that of the site which serves it, with the text that this site gave last, under its
publisher's name; every run ended in the state that it should.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.gate import Gate
from tests.flows.mortal import Begetter, Mortal, Surrounded
from tests.flows.watch import Life
from tests.flows.world import NAMES, Page, World, morning
from tests.web.site import Site

KILLED_ON = frozenset(range(5, 60, 6))


class Months:
    """The command, run day after day on the world."""

    def __init__(self, world: World, life: Life, runs: Surrounded) -> None:
        self.world = world
        self.life = life
        self.kills = 0
        self._runs = runs

    def live(self, day: int) -> None:
        """One day: what happens in the world, a run that is killed on some days, and one that is not."""
        self.world.begin(day)
        if day in KILLED_ON:
            self._die(day)
        self.world.web.forget()
        assert self._begin(day).wait() == 0, f"day {day}"
        asked = Counter((r.host, r.path) for r in self.world.web.forget() if r.path.startswith("/insights/"))
        # Once for the source, and once for the hostile one's redirect there.
        assert max(asked.values(), default=0) <= 2, f"day {day}: {asked.most_common(3)}"
        self._check(day)

    def _begin(self, day: int) -> Mortal:
        files = ("--seeds", self.life.seeds, "--sources", self.life.sources)
        return self._runs.begin("ingest", *files, now=morning(day))

    def _die(self, day: int) -> None:
        page = next(page for page in reversed(self.world.pages) if NAMES[page.host.name] not in self.world.down())
        gate = Gate()
        answer = page.host.answer_at(page.path)
        assert answer is not None
        page.host.answer(page.path, gate.before(answer))
        gate.hold(1)
        run = self._begin(day)
        assert gate.reached.wait(timeout=300), f"day {day}: today's page was not asked for"
        run.kill()
        gate.release()
        page.host.answer(page.path, answer)
        self.kills += 1

    def _check(self, day: int) -> None:
        at = {page.host.url(path): page for page in self.world.pages for path in page.paths}
        rows = self.life.rows(
            "SELECT url, publisher, source_id, title, version, list(text ORDER BY paragraph_no) FROM articles "
            "JOIN paragraphs USING (article_id) GROUP BY ALL"
        )
        held: dict[int, int] = {}
        for url, publisher, source_id, title, version, paragraphs in rows:
            page = at[url]
            name = NAMES[page.host.name]
            assert (publisher, source_id, title) == (name, name.lower(), page.title), f"day {day}: {url}"
            assert _holds(paragraphs, page.gave[-1]), f"day {day}: {url} is not as it was served last"
            assert version <= _texts(page), f"day {day}: {url} has versions that nobody served"
            assert id(page) not in held, f"day {day}: {url} is there twice"
            held[id(page)] = version
        missing = [page.host.url(page.path) for page in self.world.pages if page.gave and id(page) not in held]
        assert missing == [], f"day {day}"
        self._check_states(day)

    def _check_states(self, day: int) -> None:
        states = dict(self.life.rows("SELECT state, count(*) FROM runs GROUP BY state"))
        assert states.get("crashed", 0) == self.kills
        assert states["completed"] == day + 1
        of_sources = dict(self.life.rows("SELECT name, status FROM sources WHERE kind <> 'seeds'"))
        well = {name for name, status in of_sources.items() if status == "ok"}
        assert set(NAMES.values()) - well <= self.world.down(), f"day {day}: {of_sources}"


def _holds(paragraphs: list[str], given: list[str]) -> bool:
    plain = [text.removeprefix("• ") for text in given]
    return [text for text in (one.removeprefix("• ") for one in paragraphs) if text in plain] == plain


def _texts(page: Page) -> int:
    return 1 + sum(before != after for before, after in zip(page.gave, page.gave[1:], strict=False))


@pytest.fixture
def months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begetter: Begetter) -> Iterator[Months]:
    with Site() as web:
        world = World(web)
        monkeypatch.setenv("COMMENTARY_ALLOW_HOSTS", str(list(web.allow)).replace("'", '"'))
        life = Life(tmp_path, monkeypatch)
        life.watch(*world.sources())
        own = {name: value for name, value in os.environ.items() if name.startswith("COMMENTARY_")}
        yield Months(world, life, begetter.within(own))


def test_six_days_in_which_all_of_it_happens(months: Months) -> None:
    for day in range(6):
        months.live(day)
    everything_that_was_well_is_there(months, 5)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_sixty_days(months: Months) -> None:
    for day in range(60):
        months.live(day)
    everything_that_was_well_is_there(months, 59)


def everything_that_was_well_is_there(months: Months, last: int) -> None:
    """What each publisher put out came in, but for what its own outage still holds back."""
    given = [page for page in months.world.pages if page.gave]
    assert len(given) >= len(months.world.pages) - 2 * len(NAMES)
    assert months.life.rows("SELECT count(*) FROM articles") == [(len(given),)]
    assert months.life.rows("SELECT count(*) FROM articles WHERE syndicated_from IS NULL AND publisher = 'Gamma'") == [
        (0,)
    ]
    assert months.kills == len([day for day in KILLED_ON if day <= last])
