"""Times as feeds, sitemaps and interfaces state them: the day and time that stand there, or none; never a guess."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from extractors.text.dates import find_date

_PARTIAL = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\b((?:19|20)\d\d)[/.](\d{1,2})[/.](\d{1,2})\b")
# All digits: the first is a day in Britain and a month in America, so only a number over 12 settles it.
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)\s*$")


def iso_time(value: object) -> datetime | None:
    """A time in ISO 8601 or RFC 3339, aware and in UTC; without a zone it is UTC, a month is its first day."""
    if not isinstance(value, str):
        return None
    stated = value.strip()[:40]
    partial = _PARTIAL.fullmatch(stated)
    if partial:
        return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
    try:
        return _in_utc(datetime.fromisoformat(stated))
    except (ValueError, OverflowError):
        return None


def stated_time(value: object) -> datetime | None:
    """A time as feeds write it: RFC 822, ISO 8601, or a date in words or digits with or without a clock's time.

    None where the day cannot be told for certain, as in 03/04/2020.
    """
    if not isinstance(value, str) or not value.strip():
        return None
    stated = _ORDINAL.sub("", " ".join(value.split())[:80])
    clock = _CLOCK.search(stated)
    if clock is None or clock[4] is None:
        exact = iso_time(stated) or _by_mail(stated)
        if exact is not None:
            return exact
    day = _day(stated)
    if day is None:
        return None
    return _in_utc(datetime.combine(day, _time_of(clock), _zone(stated)))


def _by_mail(text: str) -> datetime | None:
    """RFC 822, in full: weekday, day, month by name, year."""
    if not re.search(r"\b\d{1,2} [A-Za-z]{3,9} (?:\d\d){1,2}\b", text):
        return None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _in_utc(when: datetime) -> datetime | None:
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def _day(text: str) -> date | None:
    match = _YEAR_FIRST.search(text)
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _NUMERIC.search(text)
    if match:
        first, second, year = (int(part) for part in match.groups())
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
        return _date(year, month, day)
    found = find_date(text)
    return found.on if found is not None and found.precision == "day" else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time_of(clock: re.Match[str] | None) -> time:
    if clock is None:
        return time()
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    try:
        return time(hour, int(clock[2]), int(clock[3] or 0))
    except ValueError:
        return time()


def _zone(text: str) -> timezone:
    offset = _OFFSET.search(text)
    minutes = int(offset[2]) * 60 + int(offset[3]) if offset else 0
    return timezone(timedelta(minutes=-minutes if offset and offset[1] == "-" else minutes)) if minutes < 1440 else UTC
