"""Mentions of calendar time in a sentence: years, UK financial years, quarters, months, days, and what is relative;
and for each the days that its preposition leaves and the clause that it holds for.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from extractors.article.model import Published
from extractors.figures.clauses import Clause, Clauses, lexical_verb
from extractors.figures.dates import MONTHS, READERS, Time
from extractors.figures.lexicons import ATTRIBUTION, PERIODS, alternation
from extractors.figures.nouns import AUXILIARIES, SCALES, STOPS, Word
from extractors.figures.numbers import TENS, UNITS
from extractors.figures.quantities import Quantity
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
        if match[0].isdigit() or match[0] in _OPENERS:
            yield match.start()


def _read(match: re.Match[str], sentence: Sentence, published: Published | None) -> Time | None:
    name = match.lastgroup or ""
    parts = _COMPILED[name].match(sentence.lower, match.start(), sentence.end)
    return READERS[name](parts, sentence.text, published) if parts is not None else None


# What each time holds for.

_ANNOUNCING = PERIODS.announcing.words
OPENING = PERIODS.opening.words
_AHEAD = PERIODS.ahead.words
_AT = frozenset(("in", "on", "during", "at"))
_CONCLUDING = PERIODS.concluding.words
_PROMISING = PERIODS.promising.words
_PLANNED = _PROMISING | {"agreed", "planned", "budgeted"}
_ASKED = PERIODS.asked.words
_UNTIL = frozenset(PERIODS.roles.until)
_BEFORE = frozenset(PERIODS.roles.before)
_SINCE = frozenset(PERIODS.roles.since)
_AFTER = frozenset(PERIODS.roles.after)
_ROLES = _UNTIL | _BEFORE | _SINCE | _AFTER | frozenset(PERIODS.roles.none)
_SOFTENING = alternation(PERIODS.roles.softening)
_ROLE = re.compile(rf"(?<![a-z])(?P<role>{alternation(_ROLES)})(?:[ -](?:{_SOFTENING}|[a-z]+day,?))*[ -]$")
_BASELINE = re.compile(
    rf"(?<![a-z])(?P<by>{alternation(PERIODS.baseline.before)})"
    rf"(?: (?:{alternation(PERIODS.baseline.between)}))*(?P<month> (?:same|that) month (?:in|of))? $"
)
_TIMES_THE = re.compile(
    r"(?<![a-z])(?:times|twice|double|triple) (?:the|that|what|as [a-z]+(?: [a-z-]+){0,7} as)"
    r"(?: [a-z-]+){0,7} (?:in|of|for) $"
)
_PAIR = re.compile(r"^ ?(?:to|and|until|till|through|-|up to|to the|and the) ?$")
_SOURCE_FROM = re.compile(rf"(?<![a-z])(?:{alternation(PERIODS.sources_from.phrases)}) from (?:the )?$")
_ONWARDS = re.compile(r"^,? (?:onwards?|on(?! the| a))(?![a-z])")
_ATTRIBUTE = re.compile(rf" (?:{alternation(PERIODS.attribute.before)})(?![a-z])")
_SPANNING = re.compile(r" to | and |until|through|(?<=[0-9])-(?=[0-9]{4})")
SOURCES = ATTRIBUTION.sources.words - {"figure", "figures", "estimate", "estimates"}
_RECORD = re.compile(
    r"(?<![a-z])(?:highest|lowest|biggest|smallest|largest|longest|shortest|worst|best|most|fewest|fastest|slowest|steepest)"
    r"(?: [a-z]+){0,3} since (?:the |early |late |at least )?$"
)
_OWNED = re.compile(r"'s? (?P<noun>(?:[a-z-]+ ){0,2}[a-z-]+)")
_NOUN_NEXT = re.compile(r" ([a-z-]+)")
_LED = frozenset(("in", "by", "on", "at", "the", "during", "for", "over", "since", "between", "from", "end", "of"))
_JOINTS = frozenset(("and", "but", "while", "whereas", ";"))
_FRONTED_WORDS = 4  # words that may stand before a time that opens its clause


class When(NamedTuple):
    """A time of a sentence: its days with its preposition worked in, the clause that it holds for, whether it opens
    that clause, and whether it is what something is compared with."""

    start: int
    end: int
    first: date | None
    last: date | None
    kind: str
    text: str
    years: int
    clause: int
    fronted: bool
    baseline: bool


def whens(sentence: Sentence, found: list[Quantity], mentions: list[Time]) -> list[When]:
    result: list[When] = []
    for mention in mentions:
        if mention.kind == "name" or _is_of_base(sentence, found, mention) or _is_of_source(sentence, mention):
            continue
        if result and _is_pair(sentence, result[-1], mention):
            before = result.pop()
            first = next(m.first for m in mentions if m.start == before.start)
            text = sentence.text[before.start : mention.end]
            result.append(before._replace(end=mention.end, first=first, last=mention.last, text=text))
            continue
        result.append(_when(sentence, found, mention))
    return [when for when in result if not _is_of_saying(sentence, found, when)]


def _is_of_base(sentence: Sentence, found: list[Quantity], mention: Time) -> bool:
    """Whether a time only tells which whole a share is of: "109 per cent of 2019-20 activity"."""
    share = any(one.kind == "percent" and 0 <= mention.start - one.end <= len(" of the ") for one in found)
    after = _NOUN_NEXT.match(sentence.lower, mention.end)
    return share and after is not None and after[1] not in STOPS


def _is_of_source(sentence: Sentence, mention: Time) -> bool:
    """Whether a time is that of a record or a source: "its highest since 2008", "last month's board papers"."""
    if _RECORD.search(sentence.lower, max(sentence.start, mention.start - 40), mention.start):
        return True
    owned = _OWNED.match(sentence.lower, mention.end, sentence.end)
    return owned is not None and not SOURCES.isdisjoint(owned["noun"].split())


def _is_pair(sentence: Sentence, first: When, second: Time) -> bool:
    if first.kind != "date" or second.kind != "date" or second.last is None:
        return False
    if not _PAIR.match(sentence.lower[first.end : second.start]):
        return False
    start = first.first or first.last
    return start is not None and start < second.last


def _when(sentence: Sentence, found: list[Quantity], mention: Time) -> When:
    window = sentence.lower[max(sentence.start, mention.start - 44) : mention.start]
    match = _ROLE.search(window)
    role = match["role"] if match else ""
    words = sentence.lower[mention.start : mention.end]
    if role == "to" and _ATTRIBUTE.match(sentence.lower, mention.end):
        role = ""
    if role == "from" and (_SOURCE_FROM.search(window) or _SPANNING.search(words)):
        role = ""
    if not role and _ONWARDS.match(sentence.lower[mention.end : mention.end + 9]):
        role = "since"
    if not role and "by the time" in sentence.lower[max(sentence.start, mention.start - 60) : mention.start]:
        role = "by"
    baseline = _is_baseline(sentence, mention, window)
    first, last = mention.first, mention.last
    if mention.kind == "date" and not baseline:
        first, last = _bounded(role, first, last)
    at = mention.start - len(window) + match.start() if match is not None and role else mention.start
    clause, fronted = _holds_for(sentence, found, mention, at)
    if _opens_since(sentence, clause, mention) and mention.kind == "date":
        last = None
    text = sentence.text[at : mention.end].rstrip(".")
    return When(mention.start, mention.end, first, last, mention.kind, text, mention.years, clause, fronted, baseline)


def _bounded(role: str, first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days that a preposition leaves of a time: "by 2030" only the last, "since 2010" only the first."""
    if first is None or last is None:
        return first, last
    if role in _UNTIL:
        return None, last
    if role in _BEFORE:
        return None, first - timedelta(days=1)
    if role in _SINCE:
        return first, None
    if role in _AFTER:
        return last + timedelta(days=1), None
    return first, last


def _is_baseline(sentence: Sentence, mention: Time, window: str) -> bool:
    """Whether a time is what a move is counted from: "than in 2016", "4% up on 2019", "twice the number in 2010"."""
    if mention.kind in {"same", "since", "open"}:
        return False
    match = _BASELINE.search(window)
    if match is None:
        return _TIMES_THE.search(sentence.lower[max(sentence.start, mention.start - 70) : mention.start]) is not None
    if match["by"] in {"from", "on", "above", "below"}:
        if match[0].split()[1:2] == ["in"]:
            return False  # "cases passed on in 2022"
        if match.start() == 0 and mention.start - len(window) <= sentence.start:
            return False
        relative = sentence.lower.startswith(("last", "the ", "a year", "that"), mention.start)
        year = mention.end - mention.start == 4 and match["by"] != "from"
        return relative or year or " " in match[0].strip()
    return True


def _holds_for(sentence: Sentence, found: list[Quantity], mention: Time, at: int) -> tuple[int, bool]:
    """The clause that a time holds for, and whether it opens it."""
    tree = sentence.clauses
    number = tree.at(mention.start)
    clause = tree.clauses[number]
    if clause.kind == "aside" and clause.opener in {"(", "["} and not _any_inside(tree, number, found):
        return clause.parent, False
    if clause.kind == "subordinate" and clause.parent >= 0 and not _any_inside(tree, number, found):
        if clause.first == 0:
            return clause.parent, True
        opened = clause.opener == "when" and lexical_verb(tree, clause) in OPENING
        if clause.opener in {"since", "when", "time"} and not opened:
            return clause.parent, False
    return number, _fronted(tree, clause, tree.word_at(at))


def _opens_since(sentence: Sentence, number: int, mention: Time) -> bool:
    own = sentence.clauses.clauses[sentence.clauses.at(mention.start)]
    return own.kind == "subordinate" and own.opener == "since" and sentence.clauses.at(mention.start) != number


def _any_inside(tree: Clauses, number: int, found: list[Quantity]) -> bool:
    """Whether a figure stands in a clause or in one that hangs on it."""
    return any(number in tree.outward(tree.at(one.start)) for one in found)


def _fronted(tree: Clauses, clause: Clause, place: int) -> bool:
    """Whether only a few words and no verb stand before a time in its clause."""
    joint = place - 1
    while joint > clause.first and tree.words[joint].text in _LED:
        joint -= 1
    if joint > clause.first and tree.words[joint].text in _JOINTS:
        return True
    if 0 <= clause.verb < place or place - clause.first > 3 * _FRONTED_WORDS:
        return False
    words = [word.text for word in tree.words[clause.first : place] if word.text[0].isalnum()]
    if any(word[0].isdigit() for word in words):
        return words[0] == "of" and tree.words[min(place + 1, len(tree.words) - 1)].text == ","
    follows = next((word.text for word in tree.words[place:] if word.end > clause.start and word.text == ","), "")
    return len(words) <= _FRONTED_WORDS or bool(follows and len(words) <= 2 * _FRONTED_WORDS and words[0] in _AHEAD)


def _is_of_saying(sentence: Sentence, found: list[Quantity], when: When) -> bool:
    """Whether a time says when something was announced, founded or opened, which dates no quantity."""
    tree = sentence.clauses
    clause = tree.clauses[when.clause]
    verb = lexical_verb(tree, clause)
    if _is_of_plan(tree, clause, tree.word_at(when.start)):
        return True
    if verb not in _ANNOUNCING and verb not in _CONCLUDING:
        return False
    lead = sentence.lower[max(sentence.start, when.start - 12) : when.start].split()
    if surveyed(tree, clause):
        return False
    if verb in _ANNOUNCING and (not lead or lead[-1] not in _AHEAD):
        return True
    if lead and lead[-1] not in _AT:
        return False
    after = tree.word_at(when.end)
    follows = tree.words[after].text if after < len(tree.words) else ""
    told = tree.words[clause.verb].end <= when.start and follows in {"that", ":", '"'}
    return told or (verb in _PROMISING and when.fronted)


def _is_of_plan(tree: Clauses, clause: Clause, place: int) -> bool:
    """Whether a time says only when an amount was agreed: "three times the £480m agreed in 2019"."""
    words = [word.text for word in tree.words[max(0, place - 2) : place]]
    planned = len(words) == 2 and words[0] in _PLANNED and words[1] in _AT
    before = tree.words[max(place - 3, 0)].text
    return planned and before not in AUXILIARIES and (clause.verb != place - 2 or before in SCALES)


def surveyed(tree: Clauses, clause: Clause) -> bool:
    """Whether a clause tells what people were asked, whose time is that of their answers: "our poll in May found"."""
    return any(word.text in _ASKED for word in tree.words[clause.first : max(clause.verb, clause.first)])
