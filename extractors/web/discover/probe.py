"""Looking for a site's endpoints: a conversation of requests and results, each step decided by what came before.

Written as generators that yield a request and are sent its result, so that the order of looking reads from top to
bottom while many sites are looked at in parallel.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from extractors.lexicon import LexiconError, expect_keys, load_toml
from extractors.web.address import fetchable, origin, resolve
from extractors.web.discover.pages import Hints, read_hints
from extractors.web.discover.watch import Conversation, Failed, Search, SourceWatch
from extractors.web.discover.wordpress import posts_address
from extractors.web.model import Endpoint, EndpointKind, EndpointRole, FetchRequest, FetchResult
from extractors.web.remember import new_endpoint

_LEXICON = Path(__file__).with_name("places.toml")
_MOST_FEEDS = 3

SitemapsOf = Callable[[str], Iterable[str]]
"""Gives the sitemaps that the robots.txt of an address's site names."""


@cache
def _places() -> dict[str, dict[str, list[str]]]:
    table: dict[str, Any] = load_toml(_LEXICON)
    expect_keys(_LEXICON, "", table, required={"feeds": dict, "sitemaps": dict}, optional={})
    for group, places in table.items():
        if "any" not in places:
            raise LexiconError(_LEXICON, group, "lacks 'any' (list)")
    return table


def probe(watch: SourceWatch, sitemaps_of: SitemapsOf, now: datetime) -> Conversation:
    """Find a source's endpoints and take their first news, with as few requests as its site allows."""
    return _Probe(watch, sitemaps_of, now).run()


class _Probe:
    """The looking of one source."""

    def __init__(self, watch: SourceWatch, sitemaps_of: SitemapsOf, now: datetime) -> None:
        self._watch = watch
        self._source = watch.source
        self._sitemaps_of = sitemaps_of
        self._now = now

    def run(self) -> Conversation:
        """The whole conversation."""
        kind = self._source.kind
        if kind in {"feed", "sitemap"}:
            yield from self._watch.check(self._endpoint(self._source.address, kind, "watch", "configured"), self._now)
            return
        home = yield self._home_request()
        if not home.ok:
            self._watch.failed.append(Failed(home, home.error or ""))
            return
        hints = self._watch.read(read_hints, home.body, home.final_url, home.content_type) or Hints()
        if kind == "section":
            yield from self._section(home, hints)
        else:
            yield from self._site(home, hints)

    def _section(self, home: FetchResult, hints: Hints) -> Conversation:
        """A part of a site is watched by a feed of its own, else by its page: the site's feed would bring the rest."""
        below = home.final_url.partition("?")[0].rstrip("/") + "/"
        own = [feed for feed in hints.feeds if feed.startswith(below)]
        places = [below + place for place in _places()["feeds"]["section"]]
        if not (yield from self._feeds(own, places)):
            yield from self._listing(home)

    def _site(self, home: FetchResult, hints: Hints) -> Conversation:
        builder = self._builder(hints)
        has_feed = yield from self._feeds(hints.feeds, self._known_places("feeds", builder, home.final_url))
        has_watch = has_feed
        if builder == "wordpress":
            root = hints.api_root or resolve(origin(home.final_url), "/wp-json/") or ""
            works = yield from self._trial(posts_address(root), "wordpress", self._role(has_watch), "api")
            has_watch = has_watch or works
        if not has_watch:
            has_watch = yield from self._listing(home)
        yield from self._sitemaps(home.final_url, hints, builder, self._role(has_watch))

    def _builder(self, hints: Hints) -> str:
        if hints.api_root:
            return "wordpress"
        return hints.builder or (self._source.kind if self._source.kind in {"wordpress", "wix"} else "any")

    def _feeds(self, named: Iterable[str], places: Iterable[str]) -> Search:
        """The feeds that a page names, else the first that answers in a known place; whether any works."""
        works = False
        for url in list(named)[:_MOST_FEEDS]:
            works |= yield from self._trial(url, "feed", "watch", "link")
        for url in places:
            if works:
                break
            works = yield from self._trial(url, "feed", "watch", "known place")
        return works

    def _sitemaps(self, home: str, hints: Hints, builder: str, role: EndpointRole) -> Conversation:
        named = list(dict.fromkeys([*self._sitemaps_of(home), *hints.sitemaps]))
        works = False
        for url in named:
            works |= yield from self._trial(resolve(home, url), "sitemap", role, "robots.txt")
        for url in self._known_places("sitemaps", builder, home):
            if works:
                break
            works = yield from self._trial(url, "sitemap", role, "known place")

    def _listing(self, home: FetchResult) -> Search:
        """The page itself as a listing; it is here already and need not be asked for."""
        endpoint = self._endpoint(home.final_url, "listing", "watch", "home page")
        return (yield from self._watch.take(endpoint, home, on_trial=self._source.kind != "section"))

    def _trial(self, url: str | None, kind: EndpointKind, role: EndpointRole, found_by: str) -> Search:
        """Check what may be an endpoint; one that was found in an earlier run is no trial any more."""
        if url is None:
            return False
        endpoint = self._endpoint(url, kind, role, found_by)
        on_trial = endpoint.checked_at is None
        return (yield from self._watch.check(endpoint, self._now, on_trial=on_trial))

    def _endpoint(self, url: str, kind: EndpointKind, role: EndpointRole, found_by: str) -> Endpoint:
        new = new_endpoint(fetchable(url), self._source.source_id, kind, role=role, found_by=found_by, now=self._now)
        return self._watch.known(new)

    def _home_request(self) -> FetchRequest:
        address = self._source.address
        return FetchRequest(address, address, self._source.source_id, "home")

    @staticmethod
    def _role(has_watch: bool) -> EndpointRole:
        return "backfill" if has_watch else "watch"

    @staticmethod
    def _known_places(group: str, builder: str, home: str) -> list[str]:
        places = _places()[group]
        root = origin(home)
        return [root + place for place in places.get(builder, places["any"])]
