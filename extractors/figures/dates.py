"""Mentions of calendar time: years, financial years, quarters, months, days, and what is relative, with their days."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from extractors.article.model import Published
from extractors.figures.lexicons import NAMES, PERIODS, alternation
from extractors.figures.nouns import Word
from extractors.figures.numbers import TENS, UNITS
from extractors.text.dates import day_of, financial_year, whole_month, whole_year

MONTHS = {word: int(number) for word, number in PERIODS.months.items()}
_AMBIGUOUS = PERIODS.ambiguous.words
_REFERENCES = PERIODS.references.words
_DATED = NAMES.dated.words


class Time(NamedTuple):
    """A mention of time. `first` and `last` are its days, None where unknown or open.

    `kind` is "date" (resolved), "shift" (relative to another mention: `months` away from it), "same" (the period of
    an earlier figure), "since" (from an earlier time on), "open" (recognised, but not to be resolved) or "name"
    (a year inside a name).
    """

    start: int
    end: int
    first: date | None
    last: date | None
    kind: str = "date"
    months: int = 0


_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}


def _time(match: re.Match[str], days: tuple[date | None, date | None] | None, kind: str = "date") -> Time | None:
    if days is None:
        return None
    first, last = days
    edge = match.groupdict().get("edge")
    if edge and first is not None and last is not None:
        first, last = (
            (last, last)
            if "end" in edge or "close" in edge
            else (first, first)
            if "middle" not in edge
            else (first, last)
        )
    return Time(match.start(), match.end(), first, last, kind)


def _month_of(word: str) -> int:
    return MONTHS[word.rstrip(".")]


def _iso(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    day = day_of(*map(int, match["iso"].split("-")))
    return _time(match, (day, day)) if day else None


def _slashed(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    day, month, year = map(int, re.split("[/.]", match["slashed"]))
    found = day_of(year + 2000 if year < 100 else year, month, day)
    return _time(match, (found, found)) if found else None


def _rolling(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    years = _count(match["ryears"]) if match["ryears"] else 1
    if match["rfrom"] and (match["rfy"] or not match["months"]):
        return None  # "£55m a year from 2016"
    if match["rfy"]:
        if match["rquarter"] or not match["ryears"]:
            return _time(match, (None, None), "open")
        return _time(match, _years_to(match["rfy"], years))
    words = match["rolled"].replace(",", " ").split()
    month = next(_month_of(word) for word in words if word.rstrip(".") in MONTHS)
    year = next((int(word) for word in words if word.isdigit() and len(word) == 4), None)
    year = year or _latest(month, published)
    count = 3 if match["rquarter"] else _count(match["months"]) if match["months"] else 12 * years
    if year is None or not count:
        return _time(match, (None, None), "open")
    last = whole_month(year, month)[1]
    months = year * 12 + month - count
    if match["rfrom"]:
        return _time(match, _stretch(year, month, count))
    return _time(match, (date(months // 12, months % 12 + 1, 1), last)) if months > 12 else None


def _years_to(words: str, years: int) -> tuple[date, date]:
    """The stretch of so many years that ends with a calendar or financial year."""
    if len(words) > 4:
        last = financial_year(int(words[:4]))[1]
        return date(last.year - years, 4, 1), last
    return date(int(words) - years + 1, 1, 1), date(int(words), 12, 31)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else int(UNITS.get(word) or TENS.get(word) or 0)


_AHEAD = re.compile(r"(?<![a-z])(?:will|shall|due to|(?:is|are) to)(?![a-z])[^.;?!]*$")
_TO_COME = re.compile(r"[^.;?!]*?(?<![a-z])(?:will|shall|due to|(?:is|are) to)(?![a-z])")


def _upcoming(match: re.Match[str], month: int, published: Published | None) -> int | None:
    """The year of a month without one: the next such where its sentence looks ahead, else the latest."""
    year = _latest(month, published)
    if year is None or published is None:
        return year
    lead = match.string[max(0, match.start() - 60) : match.start()]
    fronted = lead.rstrip().endswith(("from", "in", "on", "by")) and _TO_COME.match(match.string, match.end())
    return published.on.year + (month < published.on.month) if _AHEAD.search(lead) or fronted else year


def _latest(month: int, published: Published | None) -> int | None:
    """The year of the latest such month before publication."""
    if published is None or published.precision == "year":
        return None
    return published.on.year if month < published.on.month else published.on.year - 1


def _base_year(words: str) -> tuple[int, bool]:
    """The year a quarter or half belongs to, and whether it is a financial year."""
    return int(words[:4]), len(words) > 4


def _part(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    year, financial = _base_year(match["party"])
    if match["part"] == "half":
        months = 6
    elif match["part"] == "quarter":
        return _quarter_of(match, _ORDER[match["which"]], year, financial)
    else:
        months = _count(match["partmonths"])
    if not 0 < months <= 12:
        return None
    first_month = (4 if financial else 1) + (0 if match["which"] == "first" else 12 - months)
    return _time(match, _stretch(year, first_month, months))


def _stretch(year: int, month: int, months: int) -> tuple[date, date]:
    """`months` months from that month of the year on; a month above 12 is one of the next year."""
    start = year * 12 + month - 1
    stop = start + months - 1
    return date(start // 12, start % 12 + 1, 1), whole_month(stop // 12, stop % 12 + 1)[1]


def _quarter_of(match: re.Match[str], quarter: int, year: int, financial: bool) -> Time | None:
    return _time(match, _stretch(year, (4 if financial else 1) + 3 * (quarter - 1), 3))


def _quarter(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    year, financial = _base_year(match["qy"])
    if match["h"]:
        return _time(match, _stretch(year, (4 if financial else 1) + 6 * (int(match["h"]) - 1), 6))
    return _quarter_of(match, int(match["q"]) if match["q"] else _ORDER[match["qw"]], year, financial)


def _days(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    month = _month_of(match["dm"])
    year = int(match["dy"]) if match["dy"] else _latest(month, published)
    if year is None:
        return _time(match, (None, None), "open")
    first, last = day_of(year, month, int(match["d1"])), day_of(year, month, int(match["d2"]))
    return _time(match, (first, last)) if first and last else None


def _single_day(
    match: re.Match[str], text: str, day: str, month: str, year: str | None, published: Published | None
) -> Time | None:
    if (
        month in _AMBIGUOUS
        and not text[match.start() : match.end()].replace(day, "").strip()[:1].isupper()
        and not _capital(match, text, month)
    ):
        return None
    number = _month_of(month)
    in_year = int(year) if year else _upcoming(match, number, published)
    if in_year is None:
        return _time(match, (None, None), "open") if 1 <= int(day) <= 31 else None
    found = day_of(in_year, number, int(day))
    return _time(match, (found, found)) if found else None


def _capital(match: re.Match[str], text: str, month: str) -> bool:
    at = match[0].find(month)
    return text[match.start() + at].isupper()


def _dated(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _single_day(match, text, match["day"], match["daym"], match["dayy"], published)


def _month_day(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _single_day(match, text, match["mdd"], match["mdm"], match["mdy"], published)


def _months(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    last_year, first_month, last_month = int(match["m2y"]), _month_of(match["m1"]), _month_of(match["m2"])
    first_year = int(match["m1y"]) if match["m1y"] else last_year - (first_month > last_month)
    return _time(match, (date(first_year, first_month, 1), whole_month(last_year, last_month)[1]))


def _months_on(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    first, last, year = _month_of(match["n1"]), _month_of(match["n2"]), int(match["n1y"])
    return _time(match, (date(year, first, 1), whole_month(year + (last <= first), last)[1]))


def _month(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _time(match, whole_month(int(match["my"]), _month_of(match["mm"])))


def _month_of_year(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    """ "May this year"."""
    if published is None:
        return _time(match, (None, None), "open")
    shift = {"last": -1, "next": 1}.get(match["moy"], 0)
    return _time(match, whole_month(published.on.year + shift, _month_of(match["mom"])))


def _month_span(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    """ "from September to May", with no year: the latest such stretch before publication."""
    first, last = _month_of(match["s1"]), _month_of(match["s2"])
    year = _latest(last, published)
    if match["soy"] and published is not None:
        year = published.on.year + {"last": -1, "next": 1}.get(match["soy"], 0)
    if year is None:
        return _time(match, (None, None), "open")
    return _time(match, (date(year - (first > last), first, 1), whole_month(year, last)[1]))


def _financial(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    if match["fy"]:
        year = int(match["fy"]) + (0 if len(match["fy"]) == 4 else 2000)
        return _time(match, financial_year(year if match["fyend"] else year - 1))
    first, second = int(match["f1"]), match["f2"]
    if match["f3"]:
        return _time(match, financial_year(first)) if (first + 1) % 10 == int(match["f3"]) else None
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if len(second) == 2 and last < first:
        last += 100
    if last == first + 1:
        return _time(match, financial_year(first))
    if not first < last <= first + 60:
        return None
    return _time(match, (date(first, 1, 1), date(last, 12, 31)))


def _season(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    year = int(match["sy"])
    if not match["season"]:
        return _time(match, whole_year(year))
    first, last = _SEASONS[match["season"]]
    return _time(match, (date(year, first, 1), whole_month(year + (last < first), last)[1]))


def _years(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    first, last = int(match["y1"]), int(match["y2"])
    return _time(match, (date(first, 1, 1), date(last, 12, 31))) if first < last else None


def _decade(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    first = int(match["decade"])
    return _time(match, (date(first, 1, 1), date(first + 9, 12, 31)))


def _fiscal(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    if published is None or published.precision == "year":
        return _time(match, (None, None), "open")
    current = published.on.year - (published.on.month < 4)
    which = match["fwhich"].split()[-1]
    return _time(match, financial_year(current + {"last": -1, "previous": -1, "next": 1}.get(which, 0)))


_NOUN_AFTER = re.compile(r" +([a-z]+)")
_BEFORE_YEAR = re.compile(
    r"(?:^|[(,;:-] ?|(?<![a-z])(?:in|since|by|from|to|until|till|during|after|before|of|the|and|for|through"
    r"|than|or|mid|early|late|this|that|its|our|their|a|on|"
    r"as|at|between|spring|summer|autumn|winter|around|circa|c|" + alternation(MONTHS) + r")[ -]|'s )$"
)


def _year(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    number = int(match["year"])
    lower = match.string
    after = _NOUN_AFTER.match(lower, match.end())
    word = after[1] if after else ""
    if (
        word.endswith("s")
        and word not in _DATED
        and not _BEFORE_YEAR.search(lower[max(0, match.start() - 12) : match.start()])
    ):
        return None
    named = word in _REFERENCES or (after is not None and text[after.start(1)].isupper() and word in _DATED)
    return _time(match, whole_year(number), "name" if named else "date")


def _open(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _time(match, (None, None), "open")


def _onwards(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _time(match, (None, None), "since")


def _same(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    return _time(match, (None, None), "same")


def _shift(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    words = match["shift"]
    units = _count(match["by"]) if match["by"] else 1
    months = units * (1 if "month" in words else 3 if "quarter" in words else 12)
    later = any(word in words for word in ("later", "following", "next", "after"))
    if words == "next year":
        return _relative_year(match, 1, published)
    return Time(match.start(), match.end(), None, None, "shift", months if later else -months)


def _relative_year(match: re.Match[str], shift: int, published: Published | None) -> Time | None:
    if published is None:
        return _time(match, (None, None), "open")
    return _time(match, whole_year(published.on.year + shift))


_YEAR_SHIFTS = {
    "this year": 0,
    "the current year": 0,
    "last year": -1,
    "next year": 1,
    "a year ago": -1,
    "one year ago": -1,
    "a decade ago": -10,
}
_DAY_SHIFTS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MONTH_SHIFTS = {"this month": 0, "last month": -1, "next month": 1, "a month ago": -1}


def _relative(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    words = match["relative"]
    if match["ago"]:
        return _relative_year(match, -_count(match["ago"]), published)
    if words in _YEAR_SHIFTS and not (words == "last year" and match.string.endswith(" the ", 0, match.start())):
        return _relative_year(match, _YEAR_SHIFTS[words], published)
    if words in _DAY_SHIFTS and published is not None and published.precision == "day":
        day = published.on + timedelta(days=_DAY_SHIFTS[words])
        return _time(match, (day, day))
    if words in _MONTH_SHIFTS and published is not None and published.precision != "year":
        month = published.on.year * 12 + published.on.month - 1 + _MONTH_SHIFTS[words]
        return _time(match, whole_month(month // 12, month % 12 + 1))
    return _time(match, (None, None), "open")


_LEAD = re.compile(
    r"(?<![a-z])(in|by|since|until|till|last|this|next|during|from|to|of|before|after|between|and|early"
    r"|late|mid|for|on)[ -]$"
)


def _bare_month(match: re.Match[str], text: str, published: Published | None) -> Time | None:
    word = match["bare"].rstrip(".")
    at = match.start("bare")
    lead = _LEAD.search(match.string[max(0, match.start() - 8) : match.start()])
    if not text[at].isupper() or (word in _AMBIGUOUS and not lead and not match["edge"]):
        return None
    month = _month_of(word)
    year = _upcoming(match, month, published)
    start = match.start("edge") if match["edge"] else at
    if lead and lead[1] in {"last", "this", "next"}:
        start = match.start() - len(lead[0])  # "until last June"
    if lead and lead[1] == "next" and published is not None and year is not None:
        year = published.on.year + (month <= published.on.month)
    if year is None:
        return Time(start, match.end(), None, None, "open")
    found = _time(match, whole_month(year, month))
    return found._replace(start=start) if found else None


READERS: dict[str, Callable[[re.Match[str], str, Published | None], Time | None]] = {
    "iso": _iso,
    "slashed": _slashed,
    "rolling": _rolling,
    "part": _part,
    "days": _days,
    "day": _dated,
    "months": _months,
    "monthson": _months_on,
    "mday": _month_day,
    "monthof": _month_of_year,
    "monthspan": _month_span,
    "month": _month,
    "fy": _financial,
    "quarter": _quarter,
    "season": _season,
    "years": _years,
    "decade": _decade,
    "fiscal": _fiscal,
    "year": _year,
    "same": _same,
    "shift": _shift,
    "relative": _relative,
    "bare": _bare_month,
    "open": _open,
    "onwards": _onwards,
}

_MONTH = rf"(?:{alternation(MONTHS)})(?![a-z])\.?"
_YEAR = r"(?:19|20)[0-9]{2}"
_EDGE = r"(?P<edge>(?:the )?(?:very )?(?:end|start|beginning|close|middle) of |end-)?"
_COUNT = r"(?:[0-9]{1,2}|" + alternation([*UNITS, *TENS]) + ")"
_NOT_UNIT = (
    r"(?![0-9]|,[0-9]{3}|\.[0-9]+(?:%| ?per|[0-9]{2})|%| ?(?:per ?cent|million|billion|bn|m|k"
    r"|percent)(?![a-z]))"
)
_UNIT = "(?:year|month|quarter)"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"),
    ("slashed", r"(?P<slashed>[0-9]{1,2}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.)(?:[0-9]{4}|[0-9]{2}))(?![0-9])"),
    (
        "rolling",
        (
            rf"(?:the |in |for )*(?:(?P<months>{_COUNT})[ -]months?|(?P<ryears>{_COUNT})[ -]years|(?:full "
            r"|financial )?year|(?P<rquarter>quarter))"
            r" (?:to|ending|ended|ending in|up to|(?P<rfrom>from|starting|starting in))(?: the)?(?: end of)?"
            r" (?P<rolled>(?:mid-|early "
            rf"|late )?(?P<rfy>{_YEAR}(?:[-/][0-9]{{1,4}})?)(?![0-9])"
            rf"|(?:[0-9]{{1,2}} )?{_MONTH}(?: [0-9]{{1,2}},?(?![0-9]))?(?: {_YEAR})?)"
        ),
    ),
    (
        "part",
        (
            r"(?:the )?(?P<which>first|last|final|second) (?:(?P<part>half|quarter)"
            rf"|(?P<partmonths>{_COUNT}) months)(?: of| in)?(?: the)?"
            rf"(?: calendar| financial)? (?P<party>{_YEAR}(?:[-/][0-9]{{2,4}})?)"
        ),
    ),
    (
        "days",
        (
            rf"(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:-| to | and )(?P<d2>[0-9]{{1,2}})(?:st|nd|rd"
            rf"|th)? (?P<dm>{_MONTH}),?(?: (?P<dy>{_YEAR})(?![0-9]))?"
        ),
    ),
    ("day", rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<daym>{_MONTH})(?:,? (?P<dayy>{_YEAR})(?![0-9]))?"),
    (
        "months",
        (
            rf"(?P<m1>{_MONTH})(?: (?P<m1y>{_YEAR}))?(?: to | and | until |-"
            rf"| - )(?P<m2>{_MONTH})(?: of)?,? (?P<m2y>{_YEAR})(?![0-9])"
        ),
    ),
    ("monthson", rf"(?P<n1>{_MONTH}) (?P<n1y>{_YEAR}) (?:to|and|until) the (?:following|next) (?P<n2>{_MONTH})"),
    (
        "mday",
        (
            rf"(?P<mdm>{_MONTH}) (?P<mdd>[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![0-9]|[.,][0-9]|%| ?(?:per"
            rf"|million|billion|bn|m|k)(?![a-z]))(?:,? (?P<mdy>{_YEAR})(?![0-9]))?"
        ),
    ),
    (
        "monthof",
        rf"{_EDGE}(?P<mom>{_MONTH}) (?:of )?(?P<moy>this|last|next) year",
    ),
    (
        "monthspan",
        (
            rf"(?:(?<=from )|(?<=between ))(?P<s1>{_MONTH})(?: to | and | until | through )(?P<s2>{_MONTH})"
            r"(?: (?P<soy>this|last|next) year|(?! (?:of |in )?[0-9]))"
        ),
    ),
    ("month", rf"{_EDGE}(?P<mm>{_MONTH})(?: of|,)? (?P<my>{_YEAR})(?![0-9]|,[0-9])"),
    (
        "fy",
        (
            rf"{_EDGE}(?:(?:fy ?"
            rf"|financial year )(?P<fy>(?:20)?[0-9]{{2}})(?:[-/](?P<fyend>[0-9]{{2,4}}))?(?![0-9])"
            rf"|(?P<f1>{_YEAR})(?:[-/](?P<f2>[0-9]{{4}}|[0-9]{{2}})|[-/](?P<f3>[0-9]))(?![0-9]|,[0-9]))"
        ),
    ),
    (
        "quarter",
        (
            r"(?:q(?P<q>[1-4])|(?:the )?(?P<qw>first|second|third|fourth|final|last)[ -]quarter"
            rf"|h(?P<h>[12]))(?:,| of| in)?(?: the)? (?P<qy>{_YEAR}(?:[-/][0-9]{{2,4}})?)(?![0-9])"
        ),
    ),
    (
        "season",
        (
            r"(?:(?P<season>spring|summer|autumn|winter)|(?P<when>early|late|mid)[- ])(?: of"
            rf"| in)? ?(?P<sy>{_YEAR})(?![0-9]|s)"
        ),
    ),
    ("years", rf"(?P<y1>{_YEAR})(?: to | and | until | through )(?P<y2>{_YEAR}){_NOT_UNIT}"),
    ("decade", r"(?:the )?(?:(?:early|late|mid)[- ])?(?P<decade>(?:1[89]|20)[0-9]0)'?s(?![a-z])"),
    ("fiscal", r"(?P<fwhich>this|last|next|the current|the last|the previous|the present) (?:financial|fiscal) year"),
    (
        "year",
        (
            rf"{_EDGE}(?<![£$€.,0-9])(?P<year>{_YEAR}|(?:(?<=in )|(?<=since )|(?<=of )|(?<=until )|(?<=from )"
            rf"|(?<=by )|(?<=before )|(?<=after ))1[5-8][0-9]{{2}}){_NOT_UNIT}"
        ),
    ),
    (
        "open",
        (
            r"(?P<open>(?:this|last|next|that) (?:spring|summer|autumn|winter|christmas|easter|week|quarter"
            r"|decade|century|weekend)(?! of)|the same (?:period|month|time|quarter) (?:last|the previous"
            r"|a) year)"
        ),
    ),
    (
        "same",
        (
            r"(?P<same>(?:the|that) same (?:period|time|year|month|quarter|twelve months|12 months|span)"
            r"|(?:this|the (?:whole|entire|full)) (?:period|span)|(?:over|during|in|across) the period"
            rf"|(?:those|these) (?:(?:{_COUNT}) )?years|that (?:year|period|month|quarter|time))"
            r"(?! (?:last|the previous) year| (?:in|of) [12])"
        ),
    ),
    (
        "shift",
        rf"(?P<shift>(?:the|a) {_UNIT} (?:earlier|previously)|the (?:previous|prior"
        rf"|preceding) (?:financial )?{_UNIT}|(?:the )?(?:following|next) (?:financial )?year|the following {_UNIT}"
        rf"|(?:a|one) {_UNIT} later|(?:(?:the|a) {_UNIT} (?:before|after)|(?P<by>"
        + _COUNT
        + r") (?:year|month)s (?P<way>earlier|before|previously|later))(?! (?:the|it|that|this)(?![a-z])))",
    ),
    (
        "relative",
        r"(?P<relative>(?<!their )(?<!its )(?<!our )(?<!his )(?<!her )(?<!my )(?:last month|last year)"
        r"|this year|next year|this month|next month|yesterday(?!'s)"
        r"|today(?!'s)|tomorrow(?!'s)|(?:a|one) year ago|(?P<ago>"
        + _COUNT
        + r") years ago|a decade ago|a month ago|the current year)",
    ),
    ("onwards", r"(?P<onwards>(?<![a-z])since)(?=[.,;:)]|$)"),
    ("bare", rf"{_EDGE}(?P<bare>{_MONTH})"),
)
_COMPILED = {name: re.compile(pattern) for name, pattern in _PATTERNS}
_OPENERS = {*PERIODS.openings.words, *MONTHS, *UNITS, *TENS}
# One pass finds where a mention stands and of which sort it is; that sort's own pattern then reads its parts.
_ANY = re.compile(
    rf"(?<![a-z0-9])(?=[0-9]|(?:{alternation(_OPENERS)})(?![a-z]))(?:"
    + "|".join(f"(?P<{n}>{re.sub('[(][?]P<[a-z0-9]+>', '(?:', p)})" for n, p in _PATTERNS)
    + ")"
)
# Every mention holds one of these; only the text around them is searched.
_HINT_WORDS = frozenset(MONTHS) | PERIODS.hints.words | {"fy"}
_HINT = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])|[0-9]+[/.][0-9]+[/.][0-9]+|[a-z]+")
_START = re.compile(r"(?<![a-z0-9])(?:[0-9]|[a-z]+)")
_TAIL = 60  # and after it: "between 2018-19 and the end of September 2023"
_REACH_BACK = 30  # characters of a mention before its hint: "the first three months of 2020"


def times(text: str, lower: str, words: list[Word], end: int, published: Published | None) -> list[Time]:
    """All mentions of time among a sentence's words, up to `end`, in order; `lower` is `text` in small letters."""
    found: list[Time] = []
    at = words[0].start if words else 0
    hints = ((start + first, start + last) for start, _, word in words for first, last in _hints_in(word))
    for hint, last in hints:
        if hint < at:
            continue
        at = max(at, hint - _REACH_BACK)
        for start in _starts(lower, at, hint):
            if start < at:
                continue
            match = _ANY.match(lower, start, min(end, last + _TAIL))
            time = _read(match, text, end, published) if match is not None else None
            if match is not None and time is not None:
                at = match.end()
                found.append(time)
    return found


@lru_cache(maxsize=1 << 15)
def _hints_in(word: str) -> tuple[tuple[int, int], ...]:
    hints = (hint for hint in _HINT.finditer(word) if not hint[0].isalpha() or hint[0] in _HINT_WORDS)
    return tuple(hint.span() for hint in hints)


def _starts(lower: str, at: int, last: int) -> Iterator[int]:
    """Where a mention of time may begin between two offsets."""
    for match in _START.finditer(lower, at):
        if match.start() > last:
            return
        if match[0].isdigit() or match[0] in _OPENERS:
            yield match.start()


def _read(match: re.Match[str], text: str, end: int, published: Published | None) -> Time | None:
    name = match.lastgroup or ""
    parts = _COMPILED[name].match(match.string, match.start(), end)
    return READERS[name](parts, text, published) if parts is not None else None
