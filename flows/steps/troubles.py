"""What failed, until it succeeds, and which sources have gone quiet or broken: pure decisions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, assert_never

from extractors.web.model import FailureState, Stage
from warehouse.coded import PutAside
from warehouse.sources import SourceSilence


def is_noted_at_the_end(stage: Stage) -> bool:
    """Whether a run notes failures of a stage at its end; a page that could not be fetched is noted with its fetch."""
    match stage:
        case "seed" | "sources" | "discover" | "read" | "load" | "check":
            return True
        case "fetch":
            return False
        case _:
            assert_never(stage)


def _is_settled(state: FailureState, handled: Collection[str], *, seeds_were_read: bool) -> bool:
    """Whether a failure that did not come back is over, and has not just not been tried."""
    configured = state.stage in ("seed", "sources")
    return is_noted_at_the_end(state.stage) and ((configured and seeds_were_read) or state.url in handled)


@dataclass(frozen=True, slots=True)
class FailureChanges:
    """The rows to keep, and the (url, stage) of those that no longer fail."""

    keep: tuple[FailureState, ...]
    settled: tuple[tuple[str, Stage], ...]


def failure_changes(
    known: Iterable[FailureState],
    faults: Iterable[PutAside],
    *,
    handled: Collection[str],
    seeds_were_read: bool,
    now: datetime,
) -> FailureChanges:
    """What a run changes in the memory of failures.

    Args:
        known: failures remembered so far.
        faults: what failed in this run.
        handled: addresses that were read in this run, well or not.
        seeds_were_read: whether the folder of seeds was gone through, so that an old fault of it has been mended.
        now: the time of the run.
    """
    before = {(state.url, state.stage): state for state in known}
    failed = {(fault.url, fault.stage): fault for fault in faults}
    settled = [
        key
        for key, state in before.items()
        if key not in failed and _is_settled(state, handled, seeds_were_read=seeds_were_read)
    ]
    return FailureChanges(tuple(_state(before.get(key), fault, now) for key, fault in failed.items()), tuple(settled))


def _state(previous: FailureState | None, fault: PutAside, now: datetime) -> FailureState:
    return FailureState(
        url=fault.url,
        stage=fault.stage,
        error_type=fault.error_type,
        message=fault.message,
        attempts=previous.attempts + 1 if previous else 1,
        first_at=previous.first_at if previous else now,
        last_at=now,
        next_try_at=fault.again_at or now,
    )


Trouble = Literal["broken", "quiet"]
Change = Literal["broken", "quiet", "works_again"]


class TroubledSource(NamedTuple):
    """A source that an operator should know of, since it is in trouble or is so no more, and why."""

    source_id: str
    trouble: Change
    detail: str


def troubled(sources: Iterable[SourceSilence], now: datetime, days: int) -> tuple[TroubledSource, ...]:
    """The sources that are quiet or broken now; `days` are those after which one without days of its own is."""
    found = ((source, _trouble(source, now, timedelta(days=source.quiet_days or days))) for source in sources)
    return tuple(
        TroubledSource(source.source_id, trouble, _detail(source, trouble)) for source, trouble in found if trouble
    )


def changes(sources: Iterable[SourceSilence], now: datetime, days: int) -> tuple[TroubledSource, ...]:
    """What is news of sources: each is told of once when it goes quiet or breaks, and once when it works again."""
    known = {source.source_id: source for source in sources}
    standing = {trouble.source_id: trouble for trouble in troubled(known.values(), now, days)}
    news = [trouble for name, trouble in standing.items() if trouble.trouble != known[name].trouble]
    over = [
        TroubledSource(name, "works_again", f"works again, after having been {source.trouble}")
        for name, source in known.items()
        if source.trouble is not None and source.status == "ok" and name not in standing
    ]
    return (*news, *over)


def _trouble(source: SourceSilence, now: datetime, limit: timedelta) -> Trouble | None:
    if source.status != "ok":
        return "broken" if source.last_ok_at is not None and now - source.last_ok_at >= limit else None
    return "quiet" if source.last_news_at is not None and now - source.last_news_at >= limit else None


def _detail(source: SourceSilence, trouble: Trouble) -> str:
    if trouble == "quiet":
        return f"has brought nothing new since {source.last_news_at:%Y-%m-%d}"
    if source.ever_worked:
        return f"has not worked since {source.last_ok_at:%Y-%m-%d}: {source.detail}"
    return f"has never worked since it was first asked on {source.last_ok_at:%Y-%m-%d}: {source.detail}"
