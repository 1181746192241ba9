"""Which time each figure is about."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from extractors.figures.model import Period
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence
from extractors.figures.times import Time

_ROLE = re.compile(
    r"(?<![a-z])(?P<role>by|since|until|till|up to|before|after|between|from|to|following|as of|than in|than|pre|post|"
    r"prior to|ahead of|starting|beginning|onwards?)"
    r"(?:[ -](?:the|early|late|mid|about|around|at least|as early as|as|start of|around|roughly|in|then|end of|the end of|the start of|[a-z]+day,?))*[ -]$"
)
_PAIR = re.compile(r"^ ?(?:to|and|until|till|through|-|up to|to the|and the) ?$")
_SOURCE_FROM = re.compile(r"(?<![a-z])(?:figures?|data|survey|report|estimates?|accounts|results|statistics|analysis|study|up|down|numbers|evidence) from (?:the )?$")
_ONWARDS = re.compile(r"^ (?:onwards?|on)(?![a-z])")
_BREAK = re.compile(r"[;()]|: | - |, (?:but|while|whereas|although|though)(?![a-z])| (?:while|whereas|compared|against)(?![a-z])")
_SPAN_BEFORE = re.compile(r"(?<![a-z])(?:for|over|within|after|during|lasting|last|past|next|first|every|under|into|through|in)(?: (?:the|a|an|about|around|up to|at least|more than|over|just|another|next|last|past|first|some|nearly|almost))* $")


class When(NamedTuple):
    """A time of the sentence with the preposition's meaning worked in."""

    start: int
    end: int
    first: date | None
    last: date | None
    kind: str
    text: str
    years: int


def resolved(sentence: Sentence, mentions: list[Time]) -> list[When]:
    """The sentence's times as periods: "since 2010" has no end, "between 2013 and 2018" is one stretch."""
    result: list[When] = []
    for mention in mentions:
        if mention.kind == "name":
            continue
        if result and _is_pair(sentence, result[-1], mention):
            before = result.pop()
            result.append(before._replace(end=mention.end, last=mention.last, first=before.first, text=sentence.text[before.start : mention.end]))
            continue
        result.append(_when(sentence, mention))
    return result


def _is_pair(sentence: Sentence, first: When, second: Time) -> bool:
    if first.kind != "date" or second.kind != "date" or first.first is None or second.last is None:
        return False
    gap = sentence.lower[first.end : second.start]
    if not _PAIR.match(gap) or first.first >= second.last:
        return False
    lead = sentence.lower[max(sentence.start, first.start - 12) : first.start]
    return "and" not in gap or "between" in lead or "both" in lead


def _when(sentence: Sentence, mention: Time) -> When:
    window = sentence.lower[max(sentence.start, mention.start - 30) : mention.start]
    match = _ROLE.search(window)
    role = match["role"] if match else ""
    first, last = mention.first, mention.last
    text = sentence.text[mention.start : mention.end]
    if mention.kind == "date" and first is not None and last is not None:
        if role in {"by", "until", "till", "up to", "to", "ahead of"}:
            first = None
        elif role in {"before", "pre", "prior to"}:
            first, last = None, first - timedelta(days=1)
        elif role in {"since", "starting", "beginning"} or (role == "from" and not _SOURCE_FROM.search(window)) or _ONWARDS.match(sentence.lower[mention.end : mention.end + 9]):
            last = None
        elif role in {"after", "post", "following"}:
            first, last = last + timedelta(days=1), None
    if role and match is not None and role not in {"than", "than in"}:
        text = sentence.text[mention.start - len(window) + match.start() : mention.end]
    return When(mention.start, mention.end, first, last, mention.kind, text, mention.years)


def periods(sentence: Sentence, found: list[Quantity], mentions: list[Time], memory: Period | None) -> list[Period | None]:
    """The period of each figure of a sentence; `memory` is that of the figure before the sentence."""
    whens = resolved(sentence, mentions)
    result: list[Period | None] = [None] * len(found)
    if not whens:
        return result
    own: list[When | None] = [_own(sentence, found, index, whens) for index in range(len(found))]
    anchored: Period | None = memory
    for index, when in enumerate(own):
        if when is not None:
            result[index] = _period(when, result, own, index, anchored)
    return result


def _period(when: When, result: list[Period | None], own: list[When | None], index: int, memory: Period | None) -> Period | None:
    if when.kind == "date":
        return Period(when.first, when.last, when.text)
    if when.kind == "open":
        return Period(None, None, when.text)
    before = next((period for period in reversed(result[:index]) if period is not None), memory)
    if before is None:
        return Period(None, None, when.text)
    if when.kind == "same":
        return Period(before.start, before.end, when.text)
    return Period(_shifted(before.start, when.years), _shifted(before.end, when.years), when.text)


def _shifted(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _own(sentence: Sentence, found: list[Quantity], index: int, whens: list[When]) -> When | None:
    """The time of one figure: the one after it in its clause, else one before it, else one that opens the sentence."""
    quantity = found[index]
    if quantity.kind == "duration" and _names_a_stretch(sentence, quantity, whens):
        return None
    following = next((when for when in whens if when.start >= quantity.end), None)
    leading = next((when for when in reversed(whens) if when.end <= quantity.start), None)
    if following is not None and _reaches(sentence, found, index, following):
        return following
    if leading is not None and _covers(sentence, found, index, leading):
        return leading
    return None


def _names_a_stretch(sentence: Sentence, quantity: Quantity, whens: list[When]) -> bool:
    if quantity.compound or any(when.start <= quantity.start < when.end for when in whens):
        return True
    return _SPAN_BEFORE.search(sentence.before(quantity, 40)) is not None


def _reaches(sentence: Sentence, found: list[Quantity], index: int, when: When) -> bool:
    """Whether a time after a figure is its own: nothing that opens another statement lies between."""
    gap = sentence.lower[found[index].end : when.start]
    between = [other for other in found[index + 1 :] if other.end <= when.start]
    if _BREAK.search(gap):
        return False
    if not between:
        return True
    link = sentence.lower[found[index].end : between[0].start]
    if re.search(r"(?<![a-z])(?:from|to|up|down)(?![a-z])", link):
        return False
    return "," not in link or re.search(r", (?:and |or )?$", link) is not None


def _covers(sentence: Sentence, found: list[Quantity], index: int, when: When) -> bool:
    """Whether a time before a figure is its own: it opens the statement, or the figure shares the statement."""
    quantity = found[index]
    before = [other for other in found if other.end <= when.start]
    gap = sentence.lower[when.end : quantity.start]
    if re.search(r"(?<![a-z])(?:compared|against|from)(?![a-z])", gap[-30:]) and before:
        return False
    if before:
        return not _BREAK.search(gap) and quantity.kind in {"percent", "fraction", "multiple"}
    return not re.search(r"[;)]", gap)
