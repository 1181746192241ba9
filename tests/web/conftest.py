"""What the tests of the web share: a loopback web, a clock, and a fetcher that reaches only them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest, Purpose, RobotsRecord
from extractors.web.settings import FetchSettings
from tests.web.clock import FakeTime
from tests.web.site import Site

MakeFetcher = Callable[..., Fetcher]


def settings(**options: Any) -> FetchSettings:
    """Settings for loopback: nothing takes long, and a page is soon too large."""
    defaults = {"contact": "tests@example.org", "connect_seconds": 2.0, "read_seconds": 2.0, "fetch_seconds": 5.0}
    return FetchSettings(**{**defaults, "page_megabytes": 1, **options})


def ask(url: str, purpose: Purpose = "article", **options: Any) -> FetchRequest:
    """A request for an address."""
    return FetchRequest(url=url, fetch_url=url, source_id="source", purpose=purpose, **options)


@pytest.fixture
def web() -> Iterator[Site]:
    """A loopback web without hosts."""
    with Site() as site:
        yield site


@pytest.fixture
def time() -> FakeTime:
    """A clock at six in the morning of a day in March."""
    return FakeTime()


@pytest.fixture
def fetcher_for(web: Site, time: FakeTime) -> Iterator[MakeFetcher]:
    """Makes fetchers on the loopback web and the clock; options are settings."""
    made: list[Fetcher] = []

    def make(*, robots: tuple[RobotsRecord, ...] = (), resolver: Any = None, **options: Any) -> Fetcher:
        options.setdefault("allow_hosts", web.allow)
        fetcher = Fetcher(settings(**options), timing=time.timing, resolver=resolver or web.resolver, robots=robots)
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.__exit__()
