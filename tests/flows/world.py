"""A world of three publishers through weeks: new articles each day, edits, moves, outages, and one that is hostile.

The world keeps what it served: the text that each page last gave with status 200 is what the warehouse has to hold.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.conftest import free_port
from tests.flows.watch import DAY_ONE, gold
from tests.web import formats
from tests.web.site import Answer, Entry, Host, Reply, Request, Site

ALPHA, BETA, HOSTILE = "127.0.0.71", "127.0.0.72", "127.0.0.73"
NAMES = {ALPHA: "Alpha", BETA: "Beta", HOSTILE: "Gamma"}
LISTED = 8
"""How many articles a feed lists."""


@dataclass
class Page:
    """One article's page: where it is by now, its text now, and the texts that it gave, in order."""

    host: Host
    path: str
    title: str
    paragraphs: list[str]
    paths: list[str] = field(default_factory=list)
    gave: list[list[str]] = field(default_factory=list)

    def serve(self, claims: str | None = None) -> None:
        """Serve it at its path, as it is now; `claims` is what it names as its canonical address."""
        self.paths.append(self.path)
        self.host.page(self.path, formats.article(self.title, self.paragraphs, canonical=claims), etag="auto")
        answer = self.host.answer_at(self.path)
        assert answer is not None
        self.host.answer(self.path, self._noting(answer))

    def _noting(self, answer: Answer) -> Answer:
        text = list(self.paragraphs)

        def noting(request: Request) -> Reply:
            reply = answer(request)
            if reply.status == 200:
                self.gave.append(text)
            return reply

        return noting


class World:
    """The publishers, and what happens to them on each day."""

    def __init__(self, web: Site) -> None:
        self.web = web
        self.pages: list[Page] = []
        self._hosts = {name: web.host(name) for name in NAMES}
        self._listed: dict[str, list[str]] = {name: [] for name in NAMES}
        self._of_day: dict[tuple[str, int], Page] = {}
        self._down: dict[str, Reply] = {}
        for host in self._hosts.values():
            self._may_be_down(host)

    def sources(self) -> tuple[str, ...]:
        """The publishers as the sources' file has them."""
        return tuple(
            f'id = "{NAMES[name].lower()}"\nname = "{NAMES[name]}"\naddress = "{host.url("/feed/")}"\n'
            'kind = "feed"\nsector = "think tank"'
            for name, host in self._hosts.items()
        )

    def down(self) -> set[str]:
        """The publishers that are out of order today."""
        return {NAMES[name] for name in self._down}

    def begin(self, day: int) -> None:
        """What happens in the morning of a day, counted from 0."""
        self._outages(day)
        alpha = self._publish(ALPHA, day, day)
        beta = self._publish(BETA, day, day + 4)
        self._publish(HOSTILE, day, day + 8, claims=alpha.host.url(alpha.path))
        self._hostile(day, beta)
        if day:
            self._change(day)
        for name, host in self._hosts.items():
            host.rss("/feed/", [Entry(path) for path in self._listed[name][-LISTED:]])

    def _publish(self, name: str, day: int, text: int, claims: str | None = None) -> Page:
        title, paragraphs = gold(f"{text % 13 + 1:02}")
        path = f"/insights/what-was-said-on-day-{day}"
        added = f"On day {day} the board of {NAMES[name]} paid a private hospital £{day + 2}m for the NHS."
        page = Page(self._hosts[name], path, f"{title} ({NAMES[name]}, {day})", [*paragraphs, added])
        page.serve(claims)
        self.pages.append(page)
        self._listed[name].append(path)
        self._of_day[name, day] = page
        return page

    def _hostile(self, day: int, beta: Page) -> None:
        """Redirects to another one's article, to a port where nobody is, and to what always asks to be left alone."""
        host = self._hosts[HOSTILE]
        host.redirect(f"/trap/{day}/taken", beta.host.url(beta.path))
        host.redirect(f"/trap/{day}/dead", f"http://{ALPHA}:{free_port()}/")
        self._hosts[BETA].reply("/busy", Reply(b"Busy", 429, {"Retry-After": str(20 * 86400)}))
        host.redirect(f"/trap/{day}/hold", self._hosts[BETA].url("/busy"))
        trap = ("taken", "dead", "hold")[day % 3]
        self._listed[HOSTILE] += [f"/trap/{day}/{trap}", beta.host.url(beta.path)]

    def _change(self, day: int) -> None:
        """What becomes of yesterday's articles: an edit, a move, an end, a redirect to the hostile one's page."""
        alpha, beta = self._of_day[ALPHA, day - 1], self._of_day[BETA, day - 1]
        if day % 5 == 1:
            alpha.paragraphs[-1] = alpha.paragraphs[-1].replace("m for", "m, later corrected to £9m, for")
            alpha.serve()
        elif day % 5 == 2:
            beta.host.redirect(beta.path, beta.host.url("/moved" + beta.path))
            beta.path = "/moved" + beta.path
            beta.serve()
        elif day % 5 == 3:
            alpha.host.remove(alpha.path, 410)
        elif day % 5 == 4:
            theirs = self._of_day[HOSTILE, day - 1]
            alpha.host.redirect(alpha.path, theirs.host.url(theirs.path))

    def _outages(self, day: int) -> None:
        self._down = {}
        if day % 10 in {3, 7, 8}:
            self._down[BETA] = Reply(b"Out of order", 503, {"Content-Type": "text/html"})
        if day % 10 == 4:
            self._down[ALPHA] = Reply(raw=b"")  # the connection is closed without a word

    def _may_be_down(self, host: Host) -> None:
        handle = host.handle

        def perhaps(request: Request) -> Reply:
            return self._down.get(host.name) or handle(request)

        host.handle = perhaps  # type: ignore[method-assign]


def morning(day: int) -> datetime:
    """The time of a day's run."""
    return DAY_ONE + timedelta(days=day)
