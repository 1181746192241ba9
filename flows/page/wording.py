"""How the fixed parts of the page word numbers, days and names; `assets/text.js` does it for what is chosen."""

import re
from datetime import date, datetime

from extractors.figures.lexicons import CURRENCIES
from extractors.figures.nouns import plural

ELLIPSIS = "…"
# Control characters but for white space, and surrogates that stand alone: no browser shows them, some tools choke.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_REPLACEMENT = "\ufffd"


def plain(text: str | None, limit: int = 300) -> str:
    """The text with unprintable characters replaced and white space collapsed, at most `limit` code points."""
    shown = _collapsed(text or "").strip()
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + ELLIPSIS


def _collapsed(text: str) -> str:
    return _SPACE.sub(" ", _UNPRINTABLE.sub(_REPLACEMENT, text))


_SIGNS = {code: sign for sign, code in reversed(CURRENCIES.signs.items())}
# "An hour", "an acre", but "a unit": by the sound, as far as the first letters tell it.
_AN = re.compile(r"hour|[ai]|e(?!u)|o(?!ne\b)|u(?!ni|s|t)|FTE")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, such as "1 article", "2,310 articles"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def unit_words(unit: str) -> tuple[str, str, str, str]:
    """What stands with a number of this unit: a sign before it, the noun of one and of several, and per what."""
    top, _, per = unit.partition("/")
    each = f" {'an' if _AN.match(per) else 'a'} {per}" if per else ""
    if top in _SIGNS:
        return _SIGNS[top], "", "", each
    if top == "%":
        return "", "%", "%", each
    if top == "pp":
        return "", "point", "points", each
    if top in CURRENCIES.codes.names:
        return f"{top} ", "", "", each
    return "", top, plural(top), each


def day(on: date | datetime) -> str:
    """A day, such as 3 March 2026."""
    return f"{on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """A moment in UTC, such as 3 March 2026, 06:30 UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"
