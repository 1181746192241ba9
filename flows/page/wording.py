"""How the page words numbers, days and names, and how text of articles becomes safe and short enough for it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from extractors.figures.lexicons import CURRENCIES
from extractors.figures.nouns import plural

ELLIPSIS = "…"
# Control characters but for white space, and surrogates that stand alone: no browser shows them, some tools choke.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence in three parts, the middle one marked; an ellipsis stands where it was cut."""

    before: str
    mark: str
    after: str


def plain(text: str | None, limit: int = 300) -> str:
    """The text with unprintable characters replaced and white space collapsed, at most `limit` code points."""
    shown = _collapsed(text or "").strip()
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + ELLIPSIS


def excerpt(sentence: str, start: int, end: int, limit: int = 420) -> Excerpt:
    """A sentence with the code points from `start` to `end` marked, cut on both sides to about `limit` code points."""
    mark = plain(sentence[start:end], limit // 2)
    before = _collapsed(sentence[:start]).lstrip()
    after = _collapsed(sentence[end:]).rstrip()
    room = limit - len(mark)
    if len(before) + len(after) > room:
        share = max(room - len(after), room // 2)
        before, after = _tail(before, share), _head(after, max(room - len(before), room // 2))
    return Excerpt(before, mark, after)


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web that a page may link to; None for any other scheme or a malformed one."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or _UNPRINTABLE.search(url or ""):
        return None
    return url


def _collapsed(text: str) -> str:
    return _SPACE.sub(" ", _UNPRINTABLE.sub(_REPLACEMENT, text))


def _head(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[:limit]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut) + ELLIPSIS


def _tail(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[len(text) - limit :]
    first = cut.find(" ")
    return ELLIPSIS + (cut[first + 1 :] if 0 <= first < limit // 2 else cut)


_SIGNS = {code: sign for sign, code in reversed(CURRENCIES.signs.items())}
_SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
_QUALIFIERS = {"about": "about ", "at_least": "at least ", "at_most": "at most "}
# "An hour", "an acre", but "a unit": by the sound, as far as the first letters tell it.
_AN = re.compile(r"hour|[ai]|e(?!u)|o(?!ne\b)|u(?!ni|s|t)|FTE")
_DAY = timedelta(days=1)


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, such as "1 article", "2,310 articles"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def percent(share: float) -> str:
    """A share from 0 to 1 in whole per cent; "<1%" for what would round to nothing."""
    if 0 < share < 0.01:
        return "<1%"
    return f"{share:.0%}"


def short_number(value: float) -> str:
    """A number in three figures with its scale, such as 6.91bn, 7.6m, 12,300, 6.3."""
    if value < 0:
        return f"−{short_number(-value)}"
    for scale, letter in _SCALES:
        if value >= scale:
            return f"{value / scale:.3g}{letter}" if value < 999.5 * scale else f"{value / scale:,.0f}{letter}"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def quantity(value: float, unit: str | None, qualifier: str) -> str:
    """A normalised value with unit and qualifier, such as "about £31bn", "6.3%", "7.6m patients"."""
    top, _, per = (unit or "").partition("/")
    number = short_number(value)
    if top in _SIGNS:
        shown = f"{'−' if value < 0 else ''}{_SIGNS[top]}{short_number(abs(value))}"
    elif top == "%":
        shown = f"{number}%"
    elif top == "pp":
        shown = f"{number} points"
    elif top in CURRENCIES.codes.names:
        shown = f"{top} {number}"
    else:
        shown = f"{number} {top if value == 1 else plural(top)}".strip()
    return _QUALIFIERS.get(qualifier, "") + shown + (f" {'an' if _AN.match(per) else 'a'} {per}" if per else "")


def day(on: date | datetime) -> str:
    """A day, such as 3 March 2026."""
    return f"{on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """A moment in UTC, such as 3 March 2026, 06:30 UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"


def published(on: date | None, precision: str | None) -> str:
    """A date of publication, no more exact than it is known."""
    if on is None:
        return "undated"
    return {"year": f"{on:%Y}", "month": f"{on:%B %Y}"}.get(precision or "day", day(on))


def period(start: date | None, end: date | None) -> str:
    """A period from its first to its last day: 2019, 2014–15 (a financial year), March 2020, since 3 March 2020."""
    if start is None or end is None:
        return f"since {day(start)}" if start else f"until {day(end)}" if end else ""
    after = end + _DAY if end < date.max else end
    if (start.month, start.day) == (after.month, after.day) and (start.month == 1 or after.year - start.year == 1):
        return _years(start, after)
    if start == end:
        return day(start)
    if start.day == 1 and after.day == 1:
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%B %Y}"
        return f"{start:%B %Y} to {end:%B %Y}"
    return f"{day(start)} to {day(end)}"


def _years(start: date, after: date) -> str:
    """Whole years: calendar years where they start in January."""
    whole = after.year - start.year
    if (start.month, start.day) == (1, 1):
        return f"{start.year}" if whole == 1 else f"{start.year}–{after.year - 1}"
    if (start.month, start.day) == (4, 1):
        return f"{start.year}–{after.year % 100:02}"
    return f"{day(start)} to {day(after - _DAY)}"
