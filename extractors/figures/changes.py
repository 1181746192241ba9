"""What moved: the direction of a figure's change over time, and the figure it moved from."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import alternation, lexicon
from extractors.figures.model import Change
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_LEX = lexicon("changes")
_DIRECTIONS: tuple[Change, ...] = ("increase", "decrease")
_VERBS: dict[str, Change] = {form: name for name in _DIRECTIONS for form in _LEX.forms(f"verbs.{name}")}
_NOUNS: dict[str, Change] = {form: name for name in _DIRECTIONS for form in _LEX.forms(f"nouns.{name}")}
_ADVERBS: dict[str, Change] = {word: name for name in _DIRECTIONS for word in _LEX.phrases(f"adverbs.{name}")}
_ANY = {**_NOUNS, **_VERBS, **_ADVERBS}
_MOVERS = _LEX.words("movers.words")
_ADJUSTING = _LEX.words("adjusting.words")
_COMPARED = alternation(_LEX.phrases("compared.either"))

_QUALIFIED = (
    r"(?:(?:about|around|roughly|nearly|almost|some|over|more than|less than|at least|up to|just|only|an estimated|"
    r"approximately|under|fully|a further|another|an extra|as much as|well|an average of|a record|a massive|a whopping|a staggering|barely|"
    r"slightly|even|close to|a total of|somewhere|by|between) )*"
)
_TO_BY = re.compile(rf"(?<![a-z])(?P<prep>to|by|of|at|reaching|hit|hitting|reach|stood at|standing at) {_QUALIFIED}$")
_FROM = re.compile(rf"(?<![a-z])(?:from|on|over) {_QUALIFIED}$")
_DIRECT = re.compile(rf"(?<![a-z])(?P<word>[a-z]+)(?: (?:[a-z]+ly|again|back|back up|further|out))? {_QUALIFIED}$")
_AFTER = re.compile(
    r"^(?:-| )(?:(?:real-terms|real terms|annual|year-on-year|per year|a year|overall|sharp|net|average|in-year|steep|cash|pay|price|[a-z-]+) ){0,2}?"
    rf"(?P<noun>{alternation(_NOUNS)})(?![a-z])"
)
_MORE = re.compile(r"^ (?:[a-z-]+ )?(?P<word>more|fewer|less|higher|lower|up|down|larger|smaller|longer|shorter|greater|above|below)(?: [a-z-]+){0,2}? (?:than|on|from)(?= (?P<rest>.*))")
_EARLIER = re.compile(
    r"(?<![a-z])(?:before|earlier|previous|previously|ago|last year|last month|last week|then|originally|initially|used to|prior|formerly|(?:19|20)[0-9]{2}|once|at the start|the year|pre-pandemic)(?![a-z])"
)
_BOUNDARY = re.compile(r"[;()]|: | - |, (?:and|but|while|whereas|which|although|though)(?![a-z])| (?:while|whereas|although|but)(?![a-z])")
_FROM_LINK = re.compile(rf"^(?P<gap>[^;]*?)(?<![a-z])(?:(?P<updown>up|down),? (?:[a-z]+ )?(?:from|on)|(?P<compared>{_COMPARED})|from)(?: (?:the|a|an|its|their|just|only|about|around|some|roughly|nearly|almost|over|under|average|of|level|low|high|peak|figure|total|as|more|less|than|little|few|previous|year|earlier|estimated|then|in|(?:19|20)[0-9]{{2}}(?:-[0-9]{{2}})?|record|approximately))* ?$")


class Move(NamedTuple):
    """The direction in which a figure moved and the index of the figure it moved from."""

    change: Change | None = None
    origin: int | None = None


def changes(sentence: Sentence, found: list[Quantity]) -> list[Move]:
    """The move of each figure of a sentence; `origin` counts in `found`."""
    if not found:
        return []
    directions = [_direction(sentence, found, index) for index in range(len(found))]
    origins: list[int | None] = [None] * len(found)
    for index in range(1, len(found)):
        _link(sentence, found, index, directions, origins)
    _beside(sentence, found, directions)
    return [Move(change, origin if change else None) for change, origin in zip(directions, origins, strict=True)]


def _direction(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    quantity = found[index]
    if quantity.number.form == "multiple":
        word = sentence.lower[quantity.number.start : quantity.number.end]
        if word in {"twice", "thrice"}:
            return None
        return "decrease" if quantity.value < 1 else "increase"
    floor = found[index - 1].end if index else sentence.start
    return _from_before(sentence, quantity, floor) or _from_after(sentence, found, index)


def _from_before(sentence: Sentence, quantity: Quantity, floor: int) -> Change | None:
    before = sentence.before(quantity, 110)
    if _FROM.search(before):
        return None
    cuts = [match.end() for match in _BOUNDARY.finditer(before)]
    clause = before[cuts[-1] :] if cuts else before
    words = re.findall(r"[a-z-]+", clause)
    if any(word in _ADJUSTING for word in words):
        return None
    prep = _TO_BY.search(clause)
    if prep is not None and prep["prep"] in {"to", "by", "reaching", "hit", "hitting", "reach"}:
        return _last_move(re.findall(r"[a-z-]+", clause[: prep.start()]), 12)
    if prep is not None and prep["prep"] in {"of", "at"}:
        earlier = re.findall(r"[a-z-]+", clause[: prep.start()])
        nouns = [word for word in earlier[-5:] if word in _NOUNS]
        return _NOUNS[nouns[-1]] if nouns else None
    direct = _DIRECT.search(clause)
    if direct is None or quantity.compound:
        return None
    word = direct["word"]
    if word in _ADVERBS or word in _VERBS:
        return _ANY[word]
    return None


def _last_move(words: list[str], reach: int) -> Change | None:
    for word in reversed(words[-reach:]):
        if word in _ANY:
            return _ANY[word]
    return None


def _from_after(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    quantity = found[index]
    ceiling = found[index + 1].start if index + 1 < len(found) else None
    after = sentence.after(quantity, 90, ceiling)
    noun = _AFTER.match(after)
    if noun is not None and quantity.kind in {"percent", "money", "count", "rate", "duration", "multiple", "fraction"}:
        return _NOUNS[noun["noun"]]
    more = _MORE.match(after)
    if more is not None and _EARLIER.search(more["rest"][:40]):
        return "increase" if more["word"] in {"more", "higher", "up", "larger", "longer", "greater", "above"} else "decrease"
    return None


def _link(sentence: Sentence, found: list[Quantity], index: int, directions: list[Change | None], origins: list[int | None]) -> None:
    """Link a figure with the one it moved from, whichever of the two stands first."""
    this, before = found[index], found[index - 1]
    gap = sentence.lower[before.end : this.start]
    if len(gap) > 90:
        return
    to = re.search(rf"(?<![a-z])(?:to|down to|up to|and) {_QUALIFIED}$", gap)
    if to and gap.rstrip().split()[-1] != "and" and _is_from(sentence, before) and _alike(this, before):
        directions[index] = _by_value(this, before) or directions[index]
        directions[index - 1] = None
        origins[index] = index - 1
        return
    link = _FROM_LINK.search(gap)
    if link is None:
        return
    target = _level_before(found, index, this)
    if target is None or (directions[target] is None and not link["updown"] and not _EARLIER.search(gap + sentence.after(this, 40))):
        return
    if link["compared"] in {"from"} and directions[target] is None:
        return
    direction = _ADVERBS.get(link["updown"] or "") or _by_value(found[target], this)
    directions[target] = direction or directions[target]
    directions[index] = None
    origins[target] = index


def _is_from(sentence: Sentence, quantity: Quantity) -> bool:
    return re.search(rf"(?<![a-z])from {_QUALIFIED}(?:an? )?(?:[a-z]+ of )?$", sentence.before(quantity, 50)) is not None


def _alike(first: Quantity, second: Quantity) -> bool:
    return first.kind == second.kind or {first.kind, second.kind} <= {"count", "rate", "money"} or {first.kind, second.kind} <= {"fraction", "percent"}


def _by_value(later: Quantity, earlier: Quantity) -> Change | None:
    if later.value == earlier.value:
        return None
    return "increase" if later.value > earlier.value else "decrease"


def _level_before(found: list[Quantity], index: int, this: Quantity) -> int | None:
    for target in range(index - 1, max(-1, index - 4), -1):
        if _alike(found[target], this) and found[target].kind == this.kind:
            return target
    return None


def _beside(sentence: Sentence, found: list[Quantity], directions: list[Change | None]) -> None:
    """Mark a level beside the size of its move: "6.15m, 500,000 more than the year before"."""
    for index in range(1, len(found)):
        this, before = found[index], found[index - 1]
        gap = sentence.lower[before.end : this.start]
        if directions[index] and not directions[index - 1] and re.match(r"^,? (?:or )?(?:about |around |some |nearly |over |almost |more than |up )*$|^ \((?:up )?$", gap):
            after = sentence.after(this, 40)
            if before.kind not in {"percent", "multiple", "duration"} and (_MORE.match(after) or gap.endswith(("up ", "("))):
                directions[index - 1] = directions[index]
