"""Mentions of calendar time in a sentence: years, UK financial years, quarters, months, days, and what is relative."""

import re
from collections.abc import Iterator
from functools import lru_cache

from extractors.article.model import Published
from extractors.figures.clauses import Word
from extractors.figures.dates import MONTHS, READERS, Time
from extractors.figures.lexicons import PERIODS, alternation
from extractors.figures.numbers import TENS, UNITS
from extractors.figures.sentence import Sentence

_MONTH = rf"(?:{alternation(MONTHS)})(?![a-z])\.?"
_YEAR = r"(?:19|20)[0-9]{2}"
_EDGE = r"(?P<edge>(?:the )?(?:very )?(?:end|start|beginning|close|middle) of |end-)?"
_COUNT = r"(?:[0-9]{1,2}|" + alternation([*UNITS, *TENS]) + ")"
_NOT_UNIT = (
    r"(?![0-9]|,[0-9]{3}|\.[0-9]+(?:%| ?per|[0-9]{2})|%| ?(?:per ?cent|million|billion|bn|m|k"
    r"|percent)(?![a-z]))"
)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"),
    ("slashed", r"(?P<slashed>[0-9]{1,2}(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.)(?:[0-9]{4}|[0-9]{2}))(?![0-9])"),
    (
        "rolling",
        (
            rf"(?:the |in |for )*(?:(?P<months>{_COUNT})[ -]months?|(?P<ryears>{_COUNT})[ -]years|(?:full "
            r"|financial )?year|(?P<rquarter>quarter))"
            r" (?:to|ending|ended|ending in|up to)(?: the)?(?: end of)? (?P<rolled>(?:mid-|early "
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
            r"(?! (?:of |in )?[0-9])"
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
            rf"|(?:those|these) (?:{_COUNT}) years|that (?:year|period|month|quarter|time))"
            r"(?! (?:last|the previous) year| (?:in|of) [12])"
        ),
    ),
    (
        "shift",
        r"(?P<shift>(?:the|a) year (?:earlier|previously)|the (?:previous|prior"
        r"|preceding) (?:financial )?year|(?:the )?(?:following|next) (?:financial )?year|(?:a"
        r"|one) year later|(?:(?:the|a) year (?:before|after)|(?P<by>"
        + _COUNT
        + r") years (?P<way>earlier|before|previously|later))(?! (?:the|it|that|this)(?![a-z])))",
    ),
    (
        "relative",
        r"(?P<relative>this year|last year|next year|this month|last month|next month|yesterday(?!'s)"
        r"|today(?!'s)|tomorrow(?!'s)|(?:a|one) year ago|(?P<ago>"
        + _COUNT
        + r") years ago|a decade ago|a month ago|the current year)",
    ),
    ("onwards", r"(?P<onwards>(?<![a-z])since)(?=[.,;:)]|$)"),
    ("bare", rf"{_EDGE}(?P<bare>{_MONTH})"),
)
_COMPILED = {name: re.compile(pattern) for name, pattern in _PATTERNS}
_OPENING = {*PERIODS.openings.words, *MONTHS, *UNITS, *TENS}
# One pass finds where a mention stands and of which sort it is; that sort's own pattern then reads its parts.
_ANY = re.compile(
    rf"(?<![a-z0-9])(?=[0-9]|(?:{alternation(_OPENING)})(?![a-z]))(?:"
    + "|".join(f"(?P<{n}>{re.sub('[(][?]P<[a-z0-9]+>', '(?:', p)})" for n, p in _PATTERNS)
    + ")"
)
# Every mention holds one of these; only the text around them is searched.
_HINT_WORDS = frozenset(MONTHS) | PERIODS.hints.words | {"fy"}
_HINT = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])|[0-9]+[/.][0-9]+[/.][0-9]+|[a-z]+")
_START = re.compile(r"(?<![a-z0-9])(?:[0-9]|[a-z]+)")
_TAIL = 60  # and after it: "between 2018-19 and the end of September 2023"
_LEAD = 30  # characters of a mention before its hint: "the first three months of 2020"


def times(sentence: Sentence, published: Published | None) -> list[Time]:
    """All mentions of time in a sentence, in order."""
    found: list[Time] = []
    at = sentence.start
    for hint, last in _hints(sentence.words):
        if hint < at:
            continue
        at = max(at, hint - _LEAD)
        for start in _starts(sentence.lower, at, hint):
            if start < at:
                continue
            match = _ANY.match(sentence.lower, start, min(sentence.end, last + _TAIL))
            time = _read(match, sentence, published) if match is not None else None
            if match is not None and time is not None:
                at = match.end()
                found.append(time)
    return found


def _hints(words: list[Word]) -> list[tuple[int, int]]:
    """Where what every mention of time holds one of stands among words."""
    return [(start + first, start + last) for start, _, text in words for first, last in _hints_in(text)]


@lru_cache(maxsize=1 << 15)
def _hints_in(word: str) -> tuple[tuple[int, int], ...]:
    hints = (hint for hint in _HINT.finditer(word) if not hint[0].isalpha() or hint[0] in _HINT_WORDS)
    return tuple(hint.span() for hint in hints)


def _starts(lower: str, at: int, last: int) -> Iterator[int]:
    """Where a mention of time may begin between two offsets."""
    for match in _START.finditer(lower, at):
        if match.start() > last:
            return
        if match[0].isdigit() or match[0] in _OPENING:
            yield match.start()


def _read(match: re.Match[str], sentence: Sentence, published: Published | None) -> Time | None:
    name = match.lastgroup or ""
    parts = _COMPILED[name].match(sentence.lower, match.start(), sentence.end)
    return READERS[name](parts, sentence.text, published) if parts is not None else None
