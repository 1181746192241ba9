"""Reading of a calendar date as a British page writes it: "6th February 2019", "January 25, 2019", "25/01/2019"."""

import re
from calendar import monthrange
from datetime import date
from typing import Literal, NamedTuple

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_FORMS: tuple[tuple[str, Literal["day", "month"]], ...] = (
    (r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)", "day"),
    (rf"(?<!\d){_DAY}(?: of)?,?[ -](?P<month>{MONTH})\.?,?[ -]{_YEAR}(?!\d)", "day"),
    (rf"\b(?P<month>{MONTH})\.? {_DAY},? {_YEAR}(?!\d)", "day"),
    (r"(?<![\d/])(?P<day>[0-3]?\d)[/.](?P<number>[01]?\d)[/.](?P<year>(?:19|20)\d\d)(?![\d/])", "day"),
    (rf"\b(?P<month>{MONTH})\.?,? {_YEAR}(?!\d)", "month"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), precision) for pattern, precision in _FORMS)


class DateFound(NamedTuple):
    """A date in a text: the day (the first of the month where only the month stands), and where it stands."""

    on: date
    precision: Literal["day", "month"]
    start: int
    end: int


def month_number(name: str) -> int:
    """1 for "Jan", "jan." or "January"; ValueError for what names no month."""
    key = name.lower().rstrip(".")[:3]
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(key)) if key else 0


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none of these numbers."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> DateFound | None:
    """The most exact date that the text states, the first of equals; impossible dates ("31/02/2019") are passed over.

    All-digit dates are read in British order, day first.
    """
    for pattern, precision in _PATTERNS:
        for match in pattern.finditer(text):
            found = _as_date(match, precision)
            if found is not None:
                return found
    return None


def _as_date(match: re.Match[str], precision: Literal["day", "month"]) -> DateFound | None:
    parts = match.groupdict()
    month = month_number(parts["month"]) if parts.get("month") else int(parts["number"])
    try:
        on = date(int(parts["year"]), month, int(parts.get("day") or 1))
    except ValueError:
        return None
    return DateFound(on, precision, match.start(), match.end())


def whole_year(year: int) -> tuple[date, date]:
    """The first and the last day of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def financial_year(year: int) -> tuple[date, date]:
    """The UK financial year that starts in April of that year."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def whole_month(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
