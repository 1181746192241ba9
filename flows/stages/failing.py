"""What is remembered of failures outside the network: pure, from what was known and what happened in this run."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from extractors.web.model import FailureState
from flows.stages.material import PutAside

# Stages whose failures are tried again at every run, since nothing but reading a local file is asked for.
CONFIGURED_STAGES = frozenset({"seed", "sources"})
LOCAL_STAGES = CONFIGURED_STAGES | {"read", "load", "check"}


@dataclass(frozen=True, slots=True)
class FailureChanges:
    """The rows to keep, and the (url, stage) of those that no longer fail."""

    keep: tuple[FailureState, ...]
    settled: tuple[tuple[str, str], ...]


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
        handled: addresses that were read and loaded in this run, well or not.
        seeds_were_read: whether the folder of seeds was gone through, so that an old fault of it has been mended.
        now: the time of the run.
    """
    before = {(state.url, state.stage): state for state in known}
    failed = {(fault.url, fault.stage): fault for fault in faults}
    settled = [
        key
        for key in before
        if key not in failed
        and ((key[1] in CONFIGURED_STAGES and seeds_were_read) or (key[1] in LOCAL_STAGES and key[0] in handled))
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
        next_try_at=now,
    )
