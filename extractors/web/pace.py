"""How often things are asked for: the pace of endpoints, re-readings, retries. Numbers and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from extractors.web.model import EndpointRole, ErrorType

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds in which the interval between two checks is learned."""

    first: timedelta
    shortest: timedelta
    longest: timedelta


PACES: Mapping[EndpointRole, Pace] = {
    # A feed of ten entries is read in time by a weekly look even of a busy publisher; an hour is polite to any.
    "watch": Pace(12 * HOUR, HOUR, 7 * DAY),
    # A sitemap is large and tells what the feed told already.
    "backfill": Pace(7 * DAY, 3 * DAY, 30 * DAY),
}

SLOWER = 1.5
"""What an interval is multiplied by after a check without news."""

FASTER = 0.5
"""What an interval is multiplied by after a check with news."""

REREAD_AFTER = (DAY, 7 * DAY, 30 * DAY)
"""Ages at which an article is read again for edits, counted from its first reading."""

TRUST = 14 * DAY
"""How long "not modified" is believed before a whole body is asked for: some servers say it whatever happened."""

PROBE_AGAIN = 90 * DAY
"""After how long a working source's endpoints are looked for anew."""

PROBE_WITHOUT_ENDPOINTS = 7 * DAY
"""The same for a source that has no watched endpoint left."""

ENDPOINT_DELAYS = (6 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)
"""Delays after a first, second, ... failure in a row of an endpoint; after the last it is retired."""

SOURCE_DELAYS = (6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
"""The same for a source; it is never given up."""

# After the last delay one last try is made.
_PASSING = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
_PAGE_DELAYS: Mapping[ErrorType, tuple[timedelta, ...]] = {
    "bad_url": (),
    "gone": (),
    "not_found": (DAY,),  # a page can be missing while a site is being changed
    "disallowed": (30 * DAY, 90 * DAY),  # rules are rewritten now and then
    "forbidden": (DAY, 7 * DAY, 30 * DAY),
    "client_error": (DAY, 7 * DAY),
    "unsafe_address": (7 * DAY,),  # a name can be wrong for a while
    "too_large": (30 * DAY,),
    "bomb": (30 * DAY,),
    "bad_coding": (DAY, 7 * DAY),
    "content_type": (7 * DAY,),
    "redirect": (DAY, 7 * DAY),
}


def page_delay(error_type: ErrorType, attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts at a page; None when it is given up."""
    delays = _PAGE_DELAYS.get(error_type, _PASSING)
    return delays[attempts - 1] if attempts <= len(delays) else None


def slack(interval: timedelta) -> timedelta:
    """How early a pace of our own may be met: a tenth, at most two hours, so that a daily run skips no day."""
    return max(min(interval / 10, 2 * HOUR), timedelta(0))
