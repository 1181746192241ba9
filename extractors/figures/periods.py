"""Which time each figure is about."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from extractors.figures.changes import Move
from extractors.figures.dates import Time
from extractors.figures.model import Period
from extractors.figures.nouns import VERBS
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_ROLE = re.compile(
    r"(?<![a-z])(?P<role>by the time|by|since|until|till|up to|before|after|between|from|to|following|as of"
    r"|as at|than in|than|pre|post|"
    r"prior to|ahead of|starting|beginning)"
    r"(?:[ -](?:the|early|late|mid|about|around|at least|as early as|as|start of|around|roughly|in|then"
    r"|end of|[a-z]+day,?))*[ -]$"
)
_PAIR = re.compile(r"^ ?(?:to|and|until|till|through|-|up to|to the|and the) ?$")
_SOURCE_FROM = re.compile(
    r"(?<![a-z])(?:figures?|data|survey|report|estimates?|accounts|results|statistics|analysis|study|up"
    r"|down|numbers|evidence|rise|increase|fall|drop) from (?:the )?$"
)
_ONWARDS = re.compile(r"^,? (?:onwards?|on(?! the| a))(?![a-z])")
_SPANNING = re.compile(r" to | and |until|through|(?<=[0-9])-(?=[0-9]{4})")
_BREAK = re.compile(
    r"[;()]|: | - |, (?:but|while|whereas|although|though|which|when|where|so|because|and|or|who"
    r"|with)(?![a-z])"
    r"| (?:while|whereas|compared|against|because|although|but|when)(?![a-z])"
)
_STRETCH = re.compile(
    r"(?<![a-z])(?:for|over|within|after|during|lasting|last|past|next|first|every|under|into|through|in"
    r"|than|take|takes|took)"
    r"(?: (?:the|a|an|about|around|up to|at least|more than|over|just|another|next|last|past|first|some"
    r"|nearly|almost))* $"
)
_FROM = re.compile(r"(?<![a-z])from (?:(?:about|around|just|only|nearly|almost|over|under|some) )*$")
_NEXT_CLAUSE = re.compile(r",? and (?:(?:in|by|since|during|for|over|on|at|from) )?(?:the )?$")
_CONNECTIVE = re.compile(
    r"^ *(?:first|second|third|finally|however|meanwhile|overall|but|and|yet|so|then|also|in total"
    r"|for example|moreover|indeed|still|by contrast|so far)(?![a-z]),? "
)
_OF_THESE = re.compile(r" *(?:of (?:these|this|those|that|which|them|the total)|the same)(?![a-z])")


_THAN = re.compile(
    r"(?<![a-z])(?:than (?:in |at |on |the |same |period |month |quarter |of |it was |they were )*"
    r"|(?:times|twice|double|triple) (?:the|that) [^,;0-9]{0,30})$"
)
_SINCE_CLAUSE = re.compile(r"(?<![a-z])since (?:the|its|it|they|he|she|we)(?![a-z])")
_LISTED = re.compile(r", (?:and|or) $")
_COMPARED = re.compile(r"(?<![a-z])(?:compared (?:with|to)|against|up from|down from)(?![a-z])")
_SUBORDINATE = re.compile(r" *(?:when|after|before|as|once|while|since|if|because)(?![a-z])")
_OPENS_CLAUSE = re.compile(
    r"(?:, (?:and|but|while)|;|: | and| - )(?: (?:in|by|since|during|for|over|at|on|between|from|as of|the|end of))* $"
)
_CLOSED = re.compile(r";|\. ")
_OTHER_CLAUSE = re.compile(r"[;(]|, (?:but|while|whereas)")
_PARTICIPLE = re.compile(r",? [a-z]+ing (?:[a-z]+ ){0,3}$")
_NAMED_STRETCH = re.compile(r" (?:ago|earlier|later|after|before|to|of)(?![a-z])")


class _When(NamedTuple):
    """A time of the sentence with the meaning of its preposition worked in."""

    start: int
    end: int
    first: date | None
    last: date | None
    kind: str
    text: str
    years: int


def periods(
    sentence: Sentence, found: list[Quantity], moves: list[Move], mentions: list[Time], memory: Period | None
) -> list[Period | None]:
    """The period of each figure of a sentence; `memory` is that of the last figure before the sentence."""
    result: list[Period | None] = [None] * len(found)
    whens = _resolved(sentence, mentions)
    if not whens:
        return _carried(sentence, found, result, memory)
    origins = {move.origin for move in moves if move.origin is not None}
    for index, quantity in enumerate(found):
        when = _own(sentence, found, index, whens)
        if (
            when is not None
            and when.kind == "date"
            and when.last is None
            and (moves[index].origin is not None or index in origins)
            and when.start < quantity.start
        ):
            continue
        if when is not None:
            result[index] = _period(sentence, when, quantity, moves[index], [p for p in result[:index] if p], memory)
        elif (
            quantity.kind in {"percent", "fraction"} and index and moves[index].change is None and index not in origins
        ):
            result[index] = _shared(sentence, found, index, result, origins)
    _spanned(found, moves, result)
    return result


def _carried(
    sentence: Sentence, found: list[Quantity], result: list[Period | None], memory: Period | None
) -> list[Period | None]:
    """Figures of a sentence without a time that opens with "of these" are about the time of what it refers to."""
    if memory is not None and _OF_THESE.match(sentence.lower, sentence.start):
        return [memory if quantity.kind != "duration" else None for quantity in found]
    return result


def _resolved(sentence: Sentence, mentions: list[Time]) -> list[_When]:
    result: list[_When] = []
    for mention in mentions:
        if mention.kind == "name" or _compared(sentence, mention):
            continue
        if result and _is_pair(sentence, result[-1], mention):
            before = result.pop()
            text = sentence.text[before.start : mention.end]
            first = next(m.first for m in mentions if m.start == before.start)
            result.append(before._replace(end=mention.end, first=first, last=mention.last, text=text))
            continue
        result.append(_when(sentence, mention))
    return result


def _compared(sentence: Sentence, mention: Time) -> bool:
    """Whether a time is what a move is counted from: "doubled from last year", "4% up on 2019"."""
    lead = sentence.lower[max(sentence.start, mention.start - 10) : mention.start]
    words = sentence.lower[mention.start : mention.end]
    relative = words.startswith(("last", "the same", "the year", "a year", "the previous"))
    if mention.kind != "shift" and _THAN.search(
        sentence.lower[max(sentence.start, mention.start - 40) : mention.start]
    ):
        return True
    if mention.kind == "shift":
        return relative and lead.endswith((" from ", " from the "))
    return (relative and lead.endswith((" from ", " from the ", " on "))) or (
        words[:4].isdigit() and lead.endswith((" on ", " above ", " below ", " with "))
    )


def _is_pair(sentence: Sentence, first: _When, second: Time) -> bool:
    if first.kind != "date" or second.kind != "date" or second.last is None:
        return False
    if not _PAIR.match(sentence.lower[first.end : second.start]):
        return False
    start = first.first or first.last
    return start is not None and start < second.last


def _when(sentence: Sentence, mention: Time) -> _When:
    window = sentence.lower[max(sentence.start, mention.start - 32) : mention.start]
    match = _ROLE.search(window)
    role = match["role"] if match else ""
    words = sentence.lower[mention.start : mention.end]
    if role == "from" and (_SOURCE_FROM.search(window) or _SPANNING.search(words)):
        role = ""
    if not role and _ONWARDS.match(sentence.lower[mention.end : mention.end + 9]):
        role = "since"
    if not role and "by the time" in sentence.lower[max(sentence.start, mention.start - 60) : mention.start]:
        role = "by"
    first, last = _bounded(role, mention.first, mention.last) if mention.kind == "date" else (None, None)
    at = mention.start - len(window) + match.start() if match is not None and role else mention.start
    return _When(mention.start, mention.end, first, last, mention.kind, sentence.text[at : mention.end], mention.years)


def _bounded(role: str, first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The days that a preposition leaves of a time: "by 2030" only the last, "since 2010" only the first."""
    if first is None or last is None:
        return first, last
    if role in {"by", "by the time", "until", "till", "up to", "to", "ahead of"}:
        return None, last
    if role in {"before", "pre", "prior to"}:
        return None, first - timedelta(days=1)
    if role in {"since", "starting", "beginning", "from"}:
        return first, None
    if role in {"after", "post", "following"}:
        return last + timedelta(days=1), None
    return first, last


def _period(
    sentence: Sentence, when: _When, quantity: Quantity, move: Move, earlier: list[Period], memory: Period | None
) -> Period:
    if when.kind == "date":
        return Period(when.first, when.last, when.text)
    before = earlier[-1] if earlier else memory
    if when.kind == "open" or before is None:
        return Period(None, None, when.text)
    if when.kind == "same":
        return Period(before.start, before.end, when.text)
    if when.kind == "since":
        return Period(before.start, None, when.text)
    start, end = _shifted(before.start, when.years), _shifted(before.end, when.years)
    if move.change is not None and move.origin is None and start is not None:
        return Period(start, before.end, when.text) if when.years < 0 else Period(before.start, end, when.text)
    return Period(start, end, when.text)


def _shifted(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or a year out of reach
        return day.replace(year=day.year + years, day=28) if day.day == 29 and 0 < day.year + years < 9999 else None


def _own(sentence: Sentence, found: list[Quantity], index: int, whens: list[_When]) -> _When | None:
    """The time of one figure: the one after it in its clause, else one before it, else one that opens the sentence."""
    quantity = found[index]
    if quantity.kind == "duration" and _names_a_stretch(sentence, quantity, whens):
        return None
    following = next((when for when in whens if when.start >= quantity.end), None)
    if following is not None and _reaches(sentence, found, index, following):
        return following
    for when in reversed(whens):
        if when.end <= quantity.start and _covers(sentence, found, index, when, whens):
            return when
    return None


def _names_a_stretch(sentence: Sentence, quantity: Quantity, whens: list[_When]) -> bool:
    if quantity.compound or any(when.start <= quantity.start < when.end for when in whens):
        return True
    if _NAMED_STRETCH.match(sentence.lower, quantity.end):
        return True
    return _STRETCH.search(sentence.before(quantity, 40)) is not None


def _reaches(sentence: Sentence, found: list[Quantity], index: int, when: _When) -> bool:
    """Whether a time after a figure is its own: nothing that opens another statement lies between."""
    gap = sentence.lower[found[index].end : when.start]
    between = [other for other in found[index + 1 :] if other.end <= when.start]
    if (between and when.kind in {"shift", "since"}) or _NEXT_CLAUSE.match(gap) or _SINCE_CLAUSE.search(gap):
        return False
    cut = _BREAK.search(gap)
    if cut is not None and not (between and _LISTED.match(gap[cut.start() : between[0].start - found[index].end])):
        return False
    if not between:
        return "," not in gap or not _clause_after_comma(gap)
    stretch = sentence.lower[found[index].end : between[-1].start]
    words = set(stretch.replace(",", " ").split())
    if "," in stretch and not VERBS.isdisjoint(words):
        return False
    if words & {"from", "up", "down"} or _FROM.search(sentence.before(found[index], 30)):
        return False
    return VERBS.isdisjoint(words) or not words & {"and", "or", "but"}


def _clause_after_comma(gap: str) -> bool:
    """Whether the words between the last comma and a time are more than the way into it."""
    return len(gap.rsplit(",", 1)[1].split()) > 3


def _covers(sentence: Sentence, found: list[Quantity], index: int, when: _When, whens: list[_When]) -> bool:
    """Whether a time before a figure is its own: it opens the sentence, or the clause of the figure."""
    quantity = found[index]
    gap = sentence.lower[when.end : quantity.start]
    if index and _COMPARED.search(gap[-34:]):
        return False
    lead = _CONNECTIVE.sub("", sentence.lower[sentence.start : when.start])
    if _opens_sentence(lead, gap, index):
        later = any(other.start >= when.end and other.end <= quantity.start for other in whens)
        return not later and (not _CLOSED.search(gap) or quantity.kind != "duration")
    if _OPENS_CLAUSE.search(lead[-40:]):
        return not _OTHER_CLAUSE.search(gap)
    if any(other.start >= when.end and other.end <= quantity.start for other in found):
        return False
    taken = any(other.end <= when.start and when.start - other.end < 40 for other in found)
    return bool(_PARTICIPLE.match(gap)) or not (_BREAK.search(gap) or "," in gap or " and " in gap or taken)


def _opens_sentence(lead: str, gap: str, index: int) -> bool:
    """Whether a time with these words before it is fronted: "In 2019", "When the board met in 2013, "."""
    if "," in lead:
        return False
    words = lead.split()
    if VERBS.isdisjoint(words) and (len(words) <= 3 or (gap.startswith(",") and not index)):
        return True
    return _SUBORDINATE.match(lead) is not None and gap.count(",") == 1


def _shared(
    sentence: Sentence, found: list[Quantity], index: int, result: list[Period | None], origins: set[int]
) -> Period | None:
    """The time of the level that a share restates: the last figure in the statement with a time that is no origin."""
    start, _ = sentence.statement(found[index].start, found[index].end)
    for other in range(index - 1, -1, -1):
        if found[other].start < start:
            return None
        if result[other] is not None and other not in origins:
            return result[other]
    return None


def _spanned(found: list[Quantity], moves: list[Move], result: list[Period | None]) -> None:
    """The size of a move beside two levels with times runs from the first to the second."""
    for index in range(2, len(found)):
        level = index - 1
        origin, first, last = moves[level].origin, None, result[level]
        if origin is None or moves[index].change is None or moves[index].origin is not None or last is None:
            continue
        first = result[origin]
        if first is not None and first.start is not None and last.end is not None:
            result[index] = Period(first.start, last.end, f"{first.text} - {last.text}")
