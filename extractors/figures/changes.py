"""What moved: the direction of a figure's change over time, and the figure it moved from."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import alternation, lexicon
from extractors.figures.model import Change
from extractors.figures.nouns import VERBS
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence, is_going, without_qualifiers

_LEX = lexicon("changes")
_DIRECTIONS: tuple[Change, ...] = ("increase", "decrease")
_VERBS: dict[str, Change] = {form: name for name in _DIRECTIONS for form in _LEX.forms(f"verbs.{name}")}
_NOUNS: dict[str, Change] = {form: name for name in _DIRECTIONS for form in _LEX.forms(f"nouns.{name}")}
_ADVERBS: dict[str, Change] = {word: name for name in _DIRECTIONS for word in _LEX.phrases(f"adverbs.{name}")}
_MOVING = {**_NOUNS, **_VERBS, **_ADVERBS}
_MOVERS = _LEX.words("movers.words")
_ADJUSTING = _LEX.words("adjusting.words")
_UPWARD = _LEX.words("comparatives.upward")
_DOWNWARD = _LEX.words("comparatives.downward")

# "a 12% real-terms fall", "31-point rise".
_NOUN_AFTER = re.compile(rf"^(?:-|[ -](?:[a-z-]+ ){{0,2}}?)(?P<noun>{alternation(_NOUNS)})(?![a-z])")
_NOT_BETWEEN = lexicon("grammar").words("changes.not_between")
# "500,000 more than the year before", "4% up on last year".
_MORE = re.compile(
    rf"^ (?:[a-z-]+ )?(?P<word>{alternation(_UPWARD | _DOWNWARD)})(?: [a-z-]+){{0,3}}? (?:than|on"
    r"|from)(?= (?P<rest>.*))"
)
_MORE_YET = re.compile(rf"^ (?P<word>{alternation(_UPWARD | _DOWNWARD)})(?= than)")
_EARLIER = re.compile(
    r"(?<![a-z])(?:before|earlier|previous|previously|ago|last (?:year|month|week|quarter|time|summer"
    r"|winter)|then|originally|initially|"
    r"formerly|(?:19|20)[0-9]{2}|once|at the start|pre-[a-z]+|prior|at its peak|when)(?![a-z])"
)
_THAN_EARLIER = re.compile(
    r"(?:(?:in|on|at|during|the|a|an|its|their|it|was|were|they|had|been|same|time|period|end|of|level|levels"
    r"|figure|total|for|that|those) )*"
    r"(?:before|earlier|previous|last|(?:19|20)[0-9]{2}|year|month|week|quarter|decade|january|february"
    r"|march|april|may|june|july|august"
    r"|september|october|november|december|then|five|ten|pre-[a-z]+|peak|start|when)(?![a-z])"
)
_FROM_END = re.compile(r"(?<![a-z])from(?: [a-z-]+ of)?$")
_TO_LINK = re.compile(r"^(?P<time>[^,;]{0,60}?) (?:to|into|down to|up to|towards)(?: (?:[a-z'-]+)){0,5}$")
_BACK_LINK = re.compile(
    r"(?<![a-z])(?:(?P<updown>up|down),?(?: [a-z]+)? (?:from|on)|(?P<compared>compared (?:with|to)"
    r"|as against|against|versus|rather than|instead of|as opposed to|in contrast to)|(?P<from>from)"
    r"|(?P<than>(?:more|fewer|less|higher|lower|up|down)(?: than)?)(?: on| than)?)(?: [^,;()]{0,40})?$"
)
_REACH = re.compile(
    r"(?<![a-z])(?:reach|reaches|reached|reaching|hit|hits|hitting|approach|top|touch|peak at|exceed"
    r"|surpass|pass)$"
)
_RISE_OF = re.compile(
    r"^,? (?:- )?(?:which (?:is|was|represents) )?(?:representing |marking |meaning )?(?:a|an"
    rf"|the)(?: [a-z-]+){{0,3}}? (?P<noun>{alternation(_NOUNS)}) of$"
)
_UP_BY = re.compile(r"^(?: ?(?:in|for|during|at|over|last|this) [^,;]{1,40})?,? ?\(?(?:up|down)(?: by)?$")
# Between a move and the level it led to, or the move said again in another unit.
_RESTATING = frozenset((" (", " (or ", ", or ", ", to ", " to "))
_THEN_TO = re.compile(
    r"^(?:(?:since|in|over|by|during) [^,;0-9]{0,12}(?:[12][0-9]{3}(?:[-/][0-9]{2,4})?|year|decade|month))?,? to$"
)
_BESIDE = re.compile(r"^(?:[, (]|(?:, [a-z -]+)? )*(?:up|down|or)?(?: by)?$")
_HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0}


# With a sum of money these say what was earned or given away, not what moved.
_TAKEN = lexicon("grammar").words("changes.taken")


_BARE_MULTIPLES = lexicon("grammar").words("changes.bare_multiples")


class Move(NamedTuple):
    """The direction in which a figure moved and the index of the figure it moved from."""

    change: Change | None = None
    origin: int | None = None


def changes(sentence: Sentence, found: list[Quantity]) -> list[Move]:
    """The move of each figure of a sentence; `origin` counts in `found`."""
    moves = [Move(_direction(sentence, found, index)) for index in range(len(found))]
    for index in range(1, len(found)):
        _link(sentence, found, index, moves)
        _beside(sentence, found, index, moves)
    return moves


def _direction(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    quantity = found[index]
    if quantity.number.form == "multiple" and quantity.kind == "multiple":
        return _multiplied(sentence, quantity)
    floor = found[index - 1].end if index else sentence.start
    return (
        _from_noun(sentence, found, index)
        or _from_before(sentence, quantity, floor)
        or _from_more(sentence, found, index)
    )


def _multiplied(sentence: Sentence, quantity: Quantity) -> Change | None:
    """ "doubled", "to double", "a threefold rise" move; "twice the price", "double the number" do not."""
    word = sentence.lower[quantity.number.start : quantity.number.end]
    if word in _VERBS:
        bare = word in _BARE_MULTIPLES
        before = without_qualifiers(sentence.before(quantity, 40)).split()[-1:]
        if bare and before not in (
            ["to"],
            ["will"],
            ["would"],
            ["could"],
            ["may"],
            ["might"],
            ["should"],
            ["than"],
            ["can"],
            ["must"],
        ):
            return None
        return _VERBS[word]
    match = _NOUN_AFTER.match(sentence.after(quantity, 60))
    return _NOUNS[match["noun"]] if match else _from_before(sentence, quantity, sentence.start)


def _from_before(sentence: Sentence, quantity: Quantity, floor: int) -> Change | None:
    window = sentence.lower[max(sentence.start, quantity.start - 120) : quantity.start]
    clause = re.split(
        r"[;()]|: | - |, (?:and|but|while|whereas|which|although|though) | (?:while|whereas|although|but) ", window
    )[-1]
    own = sentence.lower[max(floor, quantity.start - len(clause)) : quantity.start]
    if len(own) < len(clause) and ("," in own or " and " in own):
        clause = own
    words = without_qualifiers(clause).split()
    if not words or not _ADJUSTING.isdisjoint(words) or words[-1] in {"from", "on", "than"}:
        return None
    last = words[-1]
    if last == "by" and words[-2:-1] and words[-2] in _ADVERBS:
        return _ADVERBS[words[-2]]
    if last in {"to", "by", "into", "reaching"}:
        return _moved_to(words[:-1])
    if last in {"of", "at"}:
        nouns = [word for word in words[-6:-1] if word in _NOUNS and (word != "loss" or quantity.kind != "money")]
        return _NOUNS[nouns[-1]] if nouns else None
    if quantity.compound or (quantity.kind == "money" and not _TAKEN.isdisjoint(words[-2:])):
        return None
    return _directly(words)


def _moved_to(words: list[str]) -> Change | None:
    """The direction of the move that "to" or "by" belongs to: the last word of moving, if no other verb follows it."""
    if words and words[-1] in _ADVERBS:
        before = words[-2] if len(words) > 1 else ""
        moving = before in _VERBS or is_going(before)
        return _ADVERBS[words[-1]] if moving or words[-1] == "down" else None
    for word in reversed(words[-14:]):
        if word in _VERBS or word in _NOUNS:
            return _VERBS.get(word) or _NOUNS[word]
        if word in {
            "equal",
            "equivalent",
            "amounts",
            "amounting",
            "compared",
            "according",
            "due",
            "similar",
            "close",
            "likely",
            "able",
        }:
            return None
        if (
            word in VERBS
            and word not in _MOVERS
            and word not in {"expected", "set", "continue", "continued", "run", "need", "put", "saw", "seen"}
        ):
            return None
    return None


def _directly(words: list[str]) -> Change | None:
    """The direction of a word of moving right before the number: "rose 12%", "up 4%", "lost a third"."""
    for word in reversed(words[-2:]):
        if word in _BARE_MULTIPLES:
            return None
        if word in _ADVERBS or word in _VERBS:
            return _ADVERBS.get(word) or _VERBS[word]
        if not word.endswith("ly") and word not in {"again", "back", "further", "out", "off", "another"}:
            return None
    return None


def _from_noun(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """ "a 12% real-terms fall"."""
    quantity = found[index]
    after = _after(sentence, found, index)
    noun = _NOUN_AFTER.match(after)
    if (
        noun is not None
        and _NOT_BETWEEN.isdisjoint(after[: noun.start("noun")].split())
        and quantity.kind != "duration"
    ):
        return _NOUNS[noun["noun"]]
    return None


def _after(sentence: Sentence, found: list[Quantity], index: int) -> str:
    ceiling = found[index + 1].start if index + 1 < len(found) else None
    return sentence.after(found[index], 90, ceiling)


def _from_more(sentence: Sentence, found: list[Quantity], index: int) -> Change | None:
    """ "500,000 more than the year before"."""
    quantity = found[index]
    near = sentence.lower[quantity.number.end : min(sentence.end, quantity.end + 70)]
    if " than" not in near and " on " not in near and " from " not in near:
        return None
    more = _MORE.match(_after(sentence, found, index)) or _MORE.match(
        sentence.lower[quantity.number.end : sentence.end][:90]
    )
    if more is not None and _THAN_EARLIER.match(more["rest"]):
        return _comparative(more["word"])
    return None


def _comparative(word: str) -> Change:
    return "increase" if word in _UPWARD else "decrease"


def _link(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """Link a figure with the one it moved from, whichever of the two stands first."""
    this, before = found[index], found[index - 1]
    gap = sentence.between(before, this)
    if len(gap) > 110 or not _alike(this, before):
        if len(gap) <= 60:
            _link_back(sentence, found, index, moves, gap)
        return
    if _is_from(sentence, before) and _runs_to(gap):
        direction = _by_value(this, before) or moves[index].change
        moves[index - 1] = Move()
        moves[index] = Move(direction, index - 1)
        return
    if _REACH.search(without_qualifiers(gap)) and this.unit == before.unit and ";" not in gap:
        moves[index] = Move(_by_value(this, before), index - 1)
        return
    _link_back(sentence, found, index, moves, gap)


def _runs_to(gap: str) -> bool:
    match = _TO_LINK.match(without_qualifiers(gap)) or _TO_LINK.match(gap.rstrip())
    if match is None:
        return False
    words = gap.split()
    return "and" not in words and VERBS.isdisjoint(words)


def _link_back(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move], gap: str) -> None:
    this = found[index]
    link = _BACK_LINK.search(without_qualifiers(gap))
    if link is None or link["than"]:
        return
    nearest = [t for t in range(index - 1, max(-1, index - 5), -1) if _comparable(found[t], this)]
    target = next((t for t in nearest if found[t].kind == this.kind), nearest[0] if nearest else None)
    if target is None or moves[target].origin is not None:
        return
    # "grew by 0.6% a year, compared with 3.7%" compares two moves, neither of which came from the other.
    if link["compared"] and without_qualifiers(sentence.before(found[target], 40)).endswith(" by"):
        return
    timed = moves[target].change is not None or _EARLIER.search(gap + sentence.after(this, 45)) is not None
    if not link["updown"] and not timed:
        return
    if link["from"] and moves[target].change is None:
        return
    direction: Change | None = _by_value(found[target], this)
    if link["updown"]:
        direction = _ADVERBS[link["updown"]]
    moves[target] = Move(direction or moves[target].change, index)
    moves[index] = Move()


def _is_from(sentence: Sentence, quantity: Quantity) -> bool:
    return _FROM_END.search(without_qualifiers(sentence.before(quantity, 60))) is not None


def _comparable(first: Quantity, second: Quantity) -> bool:
    return _alike(first, second) and (
        first.unit == second.unit or first.kind == "duration" or None in (first.unit, second.unit)
    )


def _alike(first: Quantity, second: Quantity) -> bool:
    if first.kind == second.kind:
        return first.unit == second.unit or first.kind != "percent"
    kinds = {first.kind, second.kind}
    return kinds <= {"count", "rate"} or kinds <= {"money", "rate"} or kinds <= {"fraction", "percent"}


def _by_value(later: Quantity, earlier: Quantity) -> Change | None:
    last, first = _plain(later), _plain(earlier)
    if last == first:
        return None
    return "increase" if last > first else "decrease"


def _plain(quantity: Quantity) -> float:
    """A value that figures of one kind can be compared by: hours for times, the share for per cent."""
    if quantity.kind == "duration":
        return quantity.value * _HOURS.get(quantity.unit or "", 1.0)
    return quantity.value / 100 if quantity.kind == "percent" else quantity.value


def _beside(sentence: Sentence, found: list[Quantity], index: int, moves: list[Move]) -> None:
    """Mark a level beside the size of its move: "55%, a rise of 31 points", "6.15m, 500,000 more than last year"."""
    this, before, direction = found[index], found[index - 1], moves[index].change
    between = sentence.between(before, this)
    if direction is None and moves[index - 1].change is not None and moves[index - 1].origin is None:
        if between in _RESTATING or _THEN_TO.match(without_qualifiers(between)):
            moves[index] = Move(moves[index - 1].change)
        return
    if direction is None or moves[index - 1].change is not None or moves[index].origin is not None:
        return
    gap = without_qualifiers(between)
    if _RISE_OF.match(gap) or _UP_BY.match(gap):
        moves[index - 1] = Move(direction, _earlier_level(sentence, found, index - 1))
        return
    compared = _MORE.match(sentence.after(this, 60))
    listed = VERBS.isdisjoint(gap.replace(",", " ").split()) and not re.search(
        r"[;:]|(?<![a-z])(?:is|was|were|are|had|has|with|by|from)(?![a-z])", gap
    )
    if compared and listed and len(gap) < 60 and this.kind in {before.kind, "percent"} and gap[:1] in ", (":
        moves[index - 1] = Move(direction)


def _earlier_level(sentence: Sentence, found: list[Quantity], index: int) -> int | None:
    """The figure of the same unit just before, of which a level with "a rise of" is the later value."""
    if index == 0:
        return None
    before, this = found[index - 1], found[index]
    same = before.kind == this.kind and before.unit == this.unit and before.kind == "percent"
    return index - 1 if same and len(sentence.between(before, this)) < 110 else None
