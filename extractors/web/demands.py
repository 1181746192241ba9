"""What servers demand of our time: when to come again, how long an answer stays fresh."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A server that asks for more than this is misconfigured; the failure's own delays take over.
_LONGEST_DEMAND = timedelta(days=30)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """A Retry-After header (RFC 9110 10.2.3) as a time, at most 30 days ahead; None where it says nothing."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return now + min(timedelta(seconds=min(int(value[:9]), 10**8)), _LONGEST_DEMAND)
    when = http_date(value)
    return None if when is None else min(max(when, now), now + _LONGEST_DEMAND)


def fresh_until(cache_control: str | None, age: str | None, expires: str | None, now: datetime) -> datetime | None:
    """How long a server lets its answer be reused (RFC 9111 4.2.1), as a time; None where it says nothing or no."""
    directives = [part.strip().lower() for part in (cache_control or "").split(",")]
    if {"no-store", "no-cache"} & set(directives):
        return None
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('" ')
        if name == "max-age" and value.isascii() and value.isdigit():
            spent = int(age[:9]) if age is not None and age.isascii() and age.isdigit() else 0
            seconds = max(min(int(value[:9]), 10**8) - spent, 0)
            return now + min(timedelta(seconds=seconds), _LONGEST_DEMAND)
    when = http_date(expires or "")
    return when if when is not None and now < when else None


def http_date(value: str) -> datetime | None:
    """A date in one of HTTP's forms as an aware UTC time, or None."""
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    try:
        return when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
