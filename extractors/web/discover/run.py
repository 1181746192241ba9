"""Discovery of all sources at once: the public way in."""

import logging
from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from extractors.web.crawl import OnRobots, crawl
from extractors.web.discover.watch import Conversation, Failed, Refused, SourceWatch, probe
from extractors.web.due import due_endpoints, due_sources
from extractors.web.fetch import Fetcher
from extractors.web.model import (
    NOT_ASKED,
    Candidate,
    Endpoint,
    FetchRequest,
    FetchResult,
    Source,
    SourceState,
    SourceStatus,
)
from extractors.web.outcomes import next_probe
from extractors.workers import WorkersGoneError

_log = logging.getLogger(__name__)
_AFTER_OUTAGE = timedelta(hours=1)
_FORBIDDEN = frozenset({"disallowed", "forbidden", "robots_unreachable"})


@dataclass(frozen=True, slots=True)
class Brought:
    """What one answer brought, to be kept at once.

    `candidates` are all that the answer lists, known ones too, with what is claimed of them now; `endpoints` those
    whose row changed; `state` is set with a source's last answer; `refused` where this or an earlier one takes too much
    to be read.
    """

    source_id: str
    result: FetchResult
    candidates: tuple[Candidate, ...]
    endpoints: tuple[Endpoint, ...]
    state: SourceState | None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of sources before they are asked.

    `urls` are the identities of all candidates so far; they tell news from repetition, by which the pace of an endpoint
    is learned. With `search_anew` all sources are searched for endpoints, as `commentary sources check` does.
    """

    states: Iterable[SourceState] = ()
    endpoints: Iterable[Endpoint] = ()
    urls: Container[str] = frozenset()
    search_anew: bool = False


_NOTHING: Final = Known()


def discover(
    sources: Iterable[Source],
    fetcher: Fetcher,
    on_found: Callable[[Brought], object],
    *,
    known: Known = _NOTHING,
    on_robots: OnRobots | None = None,
    budget_s: float | None = None,
) -> list[SourceState]:
    """Look for new articles wherever that is due; the states of the sources that were looked at.

    Sources that are new, or whose last look failed long enough ago, are searched for endpoints; of the others the due
    endpoints are checked. `on_found` is called in the caller's thread after each answer.

    Never raises for what sites do. With no network each source becomes "unreachable", after one try a host at most.
    """
    known_states = {state.source_id: state for state in known.states}
    talks = _talks([source for source in sources if source.enabled], fetcher, known, known_states)
    first = [request for talk in talks.values() if (request := talk.begin()) is not None]
    ended: list[SourceState] = []

    def on_result(result: FetchResult) -> list[FetchRequest]:
        talk = talks[result.request.source_id]
        following = talk.answer(result)
        state = None
        if following is None:
            state = state_after(
                known_states.get(result.request.source_id), talk.watch, result.fetched_at, probed=talk.probed
            )
            ended.append(state)
        candidates, changed = talk.watch.news()
        on_found(Brought(talk.watch.source.source_id, result, candidates, changed, state, talk.watch.taken_refusal()))
        return [] if following is None else [following]

    crawl(first, fetcher, on_result, on_robots=on_robots, budget_s=budget_s)
    return ended


@dataclass(slots=True)
class _Talk:
    """A source's conversation under way."""

    watch: SourceWatch
    conversation: Conversation
    probed: bool

    def begin(self) -> FetchRequest | None:
        try:
            return next(self.conversation, None)
        except Exception:  # likewise below: one source's fault is not the others'
            _log.exception("source %s cannot be looked at", self.watch.source.source_id)
            return None

    def answer(self, result: FetchResult) -> FetchRequest | None:
        try:
            return self.conversation.send(result)
        except StopIteration:
            return None
        except WorkersGoneError:
            raise
        except Exception as error:  # a fault of ours in reading one site must not keep the others from being read
            _log.exception("the answer of %s could not be taken", result.final_url)
            self.watch.failed.append(Failed(result, f"fault in reading: {type(error).__name__}: {str(error)[:200]}"))
            return None


def _talks(sources: list[Source], fetcher: Fetcher, known: Known, states: dict[str, SourceState]) -> dict[str, _Talk]:
    """The conversations that are due.

    Sources that answered last time come first, so that a few dead sites are not taken for an outage.
    """
    now = fetcher.timing.now()
    endpoints = list(known.endpoints)
    probed = sources if known.search_anew else due_sources(sources, states.values(), endpoints, now)
    to_probe = {source.source_id for source in probed}
    talks: dict[str, _Talk] = {}
    for source in sorted(sources, key=lambda source: _order(states.get(source.source_id))):
        own = [endpoint for endpoint in endpoints if endpoint.source_id == source.source_id]
        watch = SourceWatch(source, own, known.urls, fetcher.call)
        if source.source_id in to_probe:
            talks[source.source_id] = _Talk(watch, probe(watch, fetcher.sitemaps, now), probed=True)
        elif due := due_endpoints(own, {source.source_id}, now):
            talks[source.source_id] = _Talk(watch, _routine(watch, due, now), probed=False)
    return talks


def _order(state: SourceState | None) -> tuple[bool, int]:
    return state is None or state.status != "ok", state.failures if state is not None else 0


def _routine(watch: SourceWatch, due: Collection[Endpoint], now: datetime) -> Conversation:
    for endpoint in due:
        current = watch.endpoints[endpoint.url]
        if current.checked_at == endpoint.checked_at:  # else an index has had it read already
            yield from watch.check(current, now)


def state_after(previous: SourceState | None, watch: SourceWatch, now: datetime, *, probed: bool) -> SourceState:
    """A source's state after a look at it: well when any endpoint worked.

    `probed` tells whether its endpoints were searched for, or only checked: then the next search stays when it was due.
    After an outage it is due within the hour.
    """
    last = watch.failed[-1] if watch.failed else None
    status, detail = _outcome(watch, last)
    not_asked = last is not None and last.result.error_type in NOT_ASKED
    failures = previous.failures if previous is not None else 0
    if status == "ok":
        failures = 0
    elif not not_asked:
        failures += 1
    next_probe_at = now + _AFTER_OUTAGE if not_asked and status != "ok" else next_probe(failures, now)
    if not probed and previous is not None:
        next_probe_at = previous.next_probe_at or next_probe_at
    return SourceState(
        source_id=watch.source.source_id,
        status=status,
        detail=detail,
        probed_at=now if probed or previous is None else previous.probed_at,
        next_probe_at=next_probe_at,
        last_ok_at=now if status == "ok" else previous.last_ok_at if previous is not None else None,
        failures=failures,
    )


def _outcome(watch: SourceWatch, last: Failed | None) -> tuple[SourceStatus, str]:
    if watch.working:
        return "ok", "; ".join(watch.working[:5])
    if last is None:
        return "nothing_found", "the site answers, but no feed, sitemap or list of articles was found"
    return "forbidden" if last.result.error_type in _FORBIDDEN else "unreachable", last.problem
