"""A sentence with the helpers that the context layers share, and what each time in it holds for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from extractors.figures.clauses import INVERTED, Clause, Clauses, clauses_of
from extractors.figures.dates import Time
from extractors.figures.lexicons import ATTRIBUTION, CHANGES, GRAMMAR, PERIODS, alternation
from extractors.figures.model import Change
from extractors.figures.nouns import (
    AUXILIARIES,
    SCALES,
    STOPS,
    Word,
    words_of,
)
from extractors.figures.quantities import Quantity, is_going
from extractors.text.dates import whole_month

# A time right after "above" or "on": the level that it stands for.
TIME_OF_LEVEL = (
    r"(?:the )?(?:(?:same|previous|preceding) (?:period|quarter|month|year)"
    r"|(?:19|20)[0-9]{2}(?:[-/][0-9]{2,4})?(?! [a-z]+s(?![a-z]))"
    r"|last year|pre-pandemic|q[1-4])(?![a-z0-9])"
)
# What separates statements inside a sentence, each with a subject of its own.
_STATEMENT = re.compile(r";|, (?:but|while|whilst|whereas)(?![a-z])| (?:while|whilst|whereas)(?![a-z])")
_SEPARATING = (";", ", but", "while", "whilst", "whereas")
_NEAR = 40  # characters between the ends of "from X in 2017 to Y"
QUALIFYING_WORDS = GRAMMAR.sentence.qualifying


@dataclass(frozen=True, eq=False)
class Sentence:
    """`text` and `lower` are the whole paragraph's; `start` and `end` bound the sentence in them.

    `previous` is where the sentence before starts, or `start` where there is none. What the layers ask for is worked
    out when one of them first asks, once for all figures.
    """

    text: str
    lower: str
    start: int
    end: int
    previous: int

    @cached_property
    def breaks(self) -> tuple[tuple[int, int], ...]:
        """The stretches that separate statements inside it."""
        own = self.lower[self.start : self.end]
        if not any(word in own for word in _SEPARATING):
            return ()
        return tuple(match.span() for match in _STATEMENT.finditer(self.lower, self.start, self.end))

    @cached_property
    def words(self) -> list[Word]:
        """Its words, numbers and marks."""
        return words_of(self.lower, self.start, self.end)

    @cached_property
    def clauses(self) -> Clauses:
        """Its words and clauses."""
        return clauses_of(self.text, self.lower, self.start, self.words)

    def find(self, words: str | None) -> tuple[int, int] | None:
        """Where words stand in it."""
        at = self.text.find(words, self.start, self.end) if words else -1
        return (at, at + len(words)) if words and at >= 0 else None

    def before(self, quantity: Quantity, reach: int = 80) -> str:
        """The small-letter text before a quantity, inside the sentence."""
        return self.lower[max(self.start, quantity.start - reach) : quantity.start]

    def after(self, quantity: Quantity, reach: int = 80, ceiling: int | None = None) -> str:
        """The small-letter text after a quantity, inside the sentence, up to `ceiling`."""
        end = self.end if ceiling is None else min(self.end, ceiling)
        return self.lower[quantity.end : min(end, quantity.end + reach)]

    def between(self, first: Quantity, second: Quantity) -> str:
        """The small-letter text between two quantities."""
        return self.lower[first.end : second.start]

    def runs_from(self, first: Quantity, second: Quantity) -> bool:
        """Whether two levels stand in "from X to Y", which measure one thing."""
        before, between = self.before(first, 24).split(), self.between(first, second)
        return "from" in before[-3:] and " to " in f"{between} " and len(between) < _NEAR and ";" not in between

    def statement(self, at: int, end: int) -> tuple[int, int]:
        """The stretch between the boundaries of statements around the characters from `at` to `end`."""
        first, last = self.start, self.end
        for start, stop in self.breaks:
            if stop <= at:
                first = stop
            elif start >= end:
                last = start
                break
        return first, last


def lexical_verb(tree: Clauses, clause: Clause) -> str:
    """The verb of a clause without its auxiliaries; empty where it has none."""
    place = clause.verb
    if place < 0:
        return ""
    for at in range(place, min(place + 4, len(tree.words))):
        word = tree.words[at].text
        if not word.isalpha():
            break
        if word not in AUXILIARIES and not word.endswith("ly") and word not in {"not", "to", "be", "been", "also"}:
            return word
    return tree.words[place].text


class Facts(NamedTuple):
    """What is known of a figure before its measure: its base, and the place of the figure that it moved from."""

    base: str | None
    origin: int | None


class Told(NamedTuple):
    """What a figure's own words say of its move: the way, and if as "a 12% fall", "6% above 2022", "more than"."""

    change: Change | None
    as_noun: bool
    above: bool
    more: bool


class Move(NamedTuple):
    """The direction in which a figure moved and the index of the figure it moved from."""

    change: Change | None = None
    origin: int | None = None


_CLOSING = " ,;:.!?(-\t\n"
_OPENING = " ,;:)-\t\n"
_JOINING = ("and ", "but ", "while ", "whilst ", "whereas ", "yet ")


def tidy(words: str) -> str | None:
    """Words without the punctuation and conjunctions at their edges; None where nothing is left."""
    words = words.rstrip(_CLOSING).lstrip(_OPENING)
    while words[:8].lower().startswith(_JOINING):
        words = words.split(" ", 1)[1].lstrip(_OPENING)
    if "  " in words:
        words = " ".join(words.split())
    if words.count("(") > words.count(")"):
        words += ")"
    elif words.count(")") > words.count("("):
        words = words.rstrip(")")
    return words or None


def without_qualifiers(words: str) -> str:
    """Text before a number without the qualifying words at its end: "rose by almost" is "rose by"."""
    if "on average" in words:
        words = words.replace(", on average,", "").replace(" on average", "")
    parts = words.split()
    while parts and parts[-1] in QUALIFYING_WORDS and (parts[-1] not in {"of", "to", "at"} or _is_qualifier(parts)):
        bound = parts.pop() in {"least", "most"} and parts[-1:] == ["at"]
        if bound:
            parts.pop()
        if parts and parts[-1] == "up" and words.rstrip().endswith(" to"):
            parts.pop()
    return " ".join(parts)


def _is_qualifier(parts: list[str]) -> bool:
    """Whether a final "of", "to" or "at" belongs to a qualifier: "an average of", "up to", "close to"."""
    before = parts[-2] if len(parts) > 1 else ""
    if parts[-1] == "of":
        return before in {"average", "record", "total", "level", "peak", "high", "low", "figure"}
    if before == "up":
        return len(parts) < 3 or not is_going(parts[-3])
    return before == "close"


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
_SAME_PART = re.compile(
    r"(?<![a-z])(?:same|that|equivalent|corresponding) (?:[a-z]+ )?"
    r"(?:quarters?|months?|periods?|half|weeks?|point|time) (?:in|of) $"
)
_MOST_OF_A_YEAR = 330  # days
_BASELINE = re.compile(
    rf"(?<![a-z])(?P<by>{alternation(PERIODS.baseline.before)})"
    rf"(?: (?:{alternation(PERIODS.baseline.between)}))*(?P<month> (?:same|that) month (?:in|of))? $"
)
_TIMES_THE = re.compile(
    r"(?<![a-z])(?:times|twice|double|triple) (?:the|that|what|as [a-z]+(?: [a-z-]+){0,7} as)"
    r"(?: [a-z-]+){0,7} (?:in|of|for) $"
)
_MOVES = CHANGES.nouns.increase | CHANGES.nouns.decrease | {"up", "down"}
_BY_THE_LAST = re.compile(
    r"(?<![a-z])by the (?:end|close|last|final|expiry|completion|start)[a-z ]{0,24} in (?:the )?$"
)
_PAIR = re.compile(r"^ ?(?:to|and|until|till|through|-|up to|to the|and the) ?$")
_SOURCE_FROM = re.compile(rf"(?<![a-z])(?:{alternation(PERIODS.sources_from.phrases)}) from (?:the )?$")
_ONWARDS = re.compile(r"^,? (?:onwards?(?![a-z])|on(?=[,.;:)]|$))")
_ATTRIBUTE = re.compile(rf" (?:{alternation(PERIODS.attribute.before)})(?![a-z])")
_SPANNING = re.compile(r" to | and |until|through|(?<=[0-9])-(?=[0-9]{4})")
SOURCES = ATTRIBUTION.sources.words - {"figure", "figures", "estimate", "estimates"}
_RECORD = re.compile(
    r"(?<![a-z])(?:highest|lowest|biggest|smallest|largest|longest|shortest|worst|best|most|fewest|fastest|slowest|steepest)"
    r"(?: [a-z]+){0,3} since (?:the |early |late |at least )?$"
    r"|(?<![a-z])the (?:first|only)(?: [a-z]+)? since [a-z ]{0,30}$"  # "the first since the deal came in on 1 April"
)
_OWNED = re.compile(r"'s? (?P<noun>(?:[a-z-]+ ){0,2}[a-z-]+)")
_NOUN_NEXT = re.compile(r" ([a-z-]+)")
_LED = frozenset(("in", "by", "on", "at", "the", "during", "for", "over", "since", "between", "from", "end", "of"))
_JOINTS = frozenset(("and", "but", "while", "whilst", "whereas", ";"))
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
    months: int
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
    result = [when for when in result if not _is_of_saying(sentence, found, when)]
    return [_same_part(sentence, result, at) for at in range(len(result))]


def _same_part(sentence: Sentence, found: list[When], at: int) -> When:
    """ "In the same quarter of 2019": the part of the year that the time before it in the sentence is."""
    when = found[at]
    if when.first is None or when.last is None or not _SAME_PART.search(sentence.lower[: when.start][-40:]):
        return when
    for before in reversed(found[:at]):
        if before.first is None or before.last is None or (before.last - before.first).days > _MOST_OF_A_YEAR:
            continue
        for years in (when.first.year - before.first.year, when.last.year - before.first.year):
            first, last = shifted(before.first, 12 * years), shifted(before.last, 12 * years)
            if first is not None and last is not None and when.first <= first and last <= when.last:
                return when._replace(first=first, last=last)
    return when


def _is_of_base(sentence: Sentence, found: list[Quantity], mention: Time) -> bool:
    """Whether a time only tells which whole a share is of: "109 per cent of 2019-20 activity"."""
    share = any(one.kind == "percent" and 0 <= mention.start - one.end <= len(" of the ") for one in found)
    after = _NOUN_NEXT.match(sentence.lower, mention.end)
    return share and after is not None and after[1] not in STOPS


def _is_of_source(sentence: Sentence, mention: Time) -> bool:
    """Whether a time is that of a record or a source: "its highest since 2008", "last month's board papers"."""
    if _RECORD.search(sentence.lower, max(sentence.start, mention.start - 40), mention.start):
        return True
    if sentence.lower.endswith("dated ", sentence.start, mention.start):
        return True  # "a paper dated 14 January"
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
    if not role and _BY_THE_LAST.search(window):
        role = "by"
    timed = sentence.lower[max(sentence.start, mention.start - 60) : mention.start].partition("by the time")
    if not role and timed[1] and " and " not in timed[2]:
        role = "by"
    baseline = _is_baseline(sentence, mention, window) or _is_compared(sentence, found, mention)
    first, last = mention.first, mention.last
    if mention.kind == "date" and not baseline:
        first, last = _bounded(role, first, last)
    at = mention.start - len(window) + match.start() if match is not None and role else mention.start
    clause, fronted = _holds_for(sentence, found, mention, at)
    led = _led_by(sentence, clause, mention) if mention.kind == "date" else ""
    first, last = (first if led not in {"before", "until"} else None), (last if led != "since" else None)
    text = sentence.text[at : mention.end].rstrip(".")
    return When(mention.start, mention.end, first, last, mention.kind, text, mention.months, clause, fronted, baseline)


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
        return _TIMES_THE.search(sentence.lower, max(sentence.start, mention.start - 70), mention.start) is not None
    moved = not _MOVES.isdisjoint(window[: match.start()].split()[-1:])  # "a 52% increase on Q1 2021"
    if match["by"] in {"from", "on", "above", "below"} and not (moved and match["by"] in {"on", "from"}):
        if match[0].split()[1:2] == ["in"]:
            return False  # "cases passed on in 2022"
        if match.start() == 0 and mention.start - len(window) <= sentence.start:
            return False
        relative = sentence.lower.startswith(("last", "the ", "a year", "that"), mention.start)
        year = mention.end - mention.start == 4 and match["by"] != "from"
        return relative or year or " " in match[0].strip()
    return True


def _is_compared(sentence: Sentence, found: list[Quantity], mention: Time) -> bool:
    """Whether a percentage is how much something differs from a time right behind it: "the gain was 4% on 2021"."""
    near = (one for one in found if one.kind == "percent" and 0 < mention.start - one.end <= len(" on the "))
    return any(sentence.lower[one.end : mention.start] in {" on ", " on the "} for one in near)


def _holds_for(sentence: Sentence, found: list[Quantity], mention: Time, at: int) -> tuple[int, bool]:
    """The clause that a time holds for, and whether it opens it."""
    tree = sentence.clauses
    number = tree.at(mention.start)
    clause = tree.clauses[number]
    if clause.kind == "aside" and clause.opener in {"(", "[", "compared"} and not _any_inside(tree, number, found):
        return clause.parent, False
    if clause.kind == "subordinate" and clause.parent >= 0 and not _any_inside(tree, number, found):
        if clause.first == 0 and clause.opener not in INVERTED:
            return clause.parent, True
        opened = clause.opener == "when" and lexical_verb(tree, clause) in OPENING
        if clause.opener in {"since", "when", "time", "before", "until"} and not opened:
            return clause.parent, False
    return number, _fronted(tree, clause, tree.word_at(at))


def _led_by(sentence: Sentence, number: int, mention: Time) -> str:
    """The word that opens the clause of a time which holds for the one outside: "before the contract ends in 2048"."""
    at = sentence.clauses.at(mention.start)
    own = sentence.clauses.clauses[at]
    return own.opener if own.kind == "subordinate" and at != number else ""


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
    if surveyed(tree, clause) or any(_answers(tree, clause, when, one) for one in found):
        return False
    if verb in _ANNOUNCING and (not lead or lead[-1] not in _AHEAD):
        return True
    if lead and lead[-1] not in _AT:
        return False
    after = tree.word_at(when.end)
    follows = tree.words[after].text if after < len(tree.words) else ""
    told = tree.words[clause.verb].end <= when.start and follows in {"that", ":", '"'}
    return told or (verb in _PROMISING and when.fronted)


def _answers(tree: Clauses, clause: Clause, when: When, one: Quantity) -> bool:
    """Whether a share behind a time is who says it, so that it is the time of answers: "in 2008, 42 per cent said"."""
    return one.kind in {"percent", "fraction"} and when.end <= one.start < tree.words[clause.verb].start


def _is_of_plan(tree: Clauses, clause: Clause, place: int) -> bool:
    """Whether a time says only when an amount was agreed: "three times the £480m agreed in 2019"."""
    words = [word.text for word in tree.words[max(0, place - 2) : place]]
    planned = len(words) == 2 and ((words[0] in _PLANNED and words[1] in _AT) or words[1] in _PLANNED)
    before = tree.words[max(place - 3, 0)].text
    return planned and before not in AUXILIARIES and (clause.verb != place - 2 or before in SCALES)


def surveyed(tree: Clauses, clause: Clause) -> bool:
    """Whether a clause tells what people were asked, whose time is that of their answers: "our poll in May found"."""
    return any(word.text in _ASKED for word in tree.words[clause.first : max(clause.verb, clause.first)])


def shifted(day: date | None, months: int) -> date | None:
    """The same day so many months on, and the last of a month for the last of one; None out of reach."""
    if day is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 0 < year < 9999:
        return None
    last = whole_month(year, month + 1)[1]
    ends = day == whole_month(day.year, day.month)[1]
    return last if ends else day.replace(year=year, month=month + 1, day=min(day.day, last.day))
