"""Two quantities that are one: ranges, odds, pounds and pence; and what a number takes from its neighbour."""

import re
from collections.abc import Callable

from extractors.figures.lexicons import lexicon
from extractors.figures.numbers import round_off
from extractors.figures.quantities import SIGNS, Quantity

_CHANGES = lexicon("changes")
_RANGE_WORDS = _CHANGES.words("range_words.words")
_MOVES = (
    _CHANGES.forms("verbs.increase")
    | _CHANGES.forms("verbs.decrease")
    | _CHANGES.words("movers.words")
    | _CHANGES.forms("nouns.increase")
    | _CHANGES.forms("nouns.decrease")
    | {"up", "down"}
)
_DASH = re.compile(r"^ ?-{1,2} ?$|^-to-$|^- to $")
_TO = re.compile(r"^ to (?:about |around |over |more than |up to |at least |as (?:much|many) as )?$")
_OR = re.compile(r"^-? or $")
_BETWEEN = re.compile(r"(?<![a-z])between +(?:(?:about|around|roughly|an estimated|approximately|some|just|only) +)?$")
_FROM = re.compile(
    r"(?<![a-z])from +(?:(?:about|around|roughly|just|only|under|over|nearly|almost|as low as|as little as"
    r"|some|a low of|an average of|less than|more than|approximately) +)*$"
)
_MOVING = "|".join(sorted(_CHANGES.forms("verbs.increase") | _CHANGES.forms("verbs.decrease") | {"up", "down"}))
_BY = re.compile(rf"(?<![a-z])(?:by|{_MOVING})(?: (?:about|around|some|nearly|almost|another|just|only|over))? $")
_ODDS = re.compile(
    r"^(?P<noun>(?: +[a-z-]+){0,3}?) +(?:in|out of|of)(?P<every> every| each)?(?: just| only| about"
    r"| roughly)? +$"
)
_LIST = re.compile(r"^(?: to | and | or |-|, | ?- ?|, and | rather than | instead of | as against | not )$")
_OF_THE = re.compile(r"^ (?:out )?of (?:(?:the|its|their|our|all|these|those|his|her|my|your)(?: [a-z]+(?:'s)?)? )?$")
# "Kelmere by 22% - from £8.1m to £9.9m", "up 22% (£8.1m to £9.9m)".
_SIZED_MOVE = re.compile(r"(?<![a-z])(?:by|up|down) [0-9.,]+ ?(?:%|per cent|percent)[ ,(:-]*(?:from )?$")
_OF_MONEY = re.compile(r"^ (?:in|out of)(?: every| each)? $")
_LINK = re.compile(r"^(?:,? (?:to|and|or) |, |-)$")


def joined(lower: str, found: list[Quantity], sentence_start: int) -> list[Quantity]:
    """The sentence's quantities with odds, ranges and sums made one each, and elided units filled in."""
    if len(found) > 1:
        found = _pairwise(lower, found, sentence_start, _odds)
        found = _pairwise(lower, found, sentence_start, _sum)
        found = _shared_scales(lower, _shared_units(lower, found))
        found = _pairwise(lower, found, sentence_start, _range)
    return found


_Join = Callable[[str, Quantity, Quantity, int], Quantity | None]


def _pairwise(lower: str, found: list[Quantity], start: int, join: _Join) -> list[Quantity]:
    result: list[Quantity] = []
    for quantity in found:
        merged = join(lower, result[-1], quantity, start) if result else None
        if merged is not None:
            result[-1] = merged
        else:
            result.append(quantity)
    return result


def _odds(lower: str, first: Quantity, second: Quantity, start: int) -> Quantity | None:
    """ "one in eight", "nine days out of ten", "four out of five staff"."""
    over, under = first.number, second.number
    gap = lower[first.end : second.start] if first.kind == "money" else lower[over.end : under.start]
    if first.kind == "money" and over.value == 1 and second.kind in {"money", "count"} and _OF_MONEY.match(gap):
        value = round_off(1 / under.value) if under.value > 1 else 1.0
        return Quantity(first.start, second.end, "fraction", value, value, value, None, under)
    if {first.kind, second.kind} - {"count", "duration"} or first.compound:
        return None
    match = _ODDS.match(gap)
    if match is None or not 0 < over.value < under.value or under.value != int(under.value) or over.scale > 100:
        return None
    if "out of" in gap:
        likely = (under.value <= 20 or _is_round(under.value)) and (second.kind == "count" or first.kind == "duration")
    else:
        likely = (
            " of " not in gap
            and second.kind == "count"
            and _plausible_odds(lower, match["noun"].strip(), first, second)
        )
    if not likely:
        return None
    value = round_off(over.value / under.value)
    return Quantity(first.start, under.end, "fraction", value, value, value, None, under, noun=second.noun, known=True)


def _is_round(under: float) -> bool:
    """Whether a share is said of so many: a multiple of ten up to a hundred, or a power of ten."""
    return (under <= 100 and under % 10 == 0) or under in {25.0, 1e3, 1e4, 1e5, 1e6}


def _plausible_odds(lower: str, noun: str, first: Quantity, second: Quantity) -> bool:
    over, under = first.number, second.number.value
    if noun and not (over.value == 1 and second.noun is None):
        return False
    if over.value != int(over.value) or lower[over.start - 1 : over.start] in SIGNS:
        return False
    return under <= 100 or (over.value == 1 and under % 10 == 0) or _is_round(under)


def _sum(lower: str, first: Quantity, second: Quantity, start: int) -> Quantity | None:
    """ "five pounds and twenty pence", "£5 20p"."""
    if first.kind != "money" or second.kind != "money" or first.unit != second.unit or not 0 < second.value < 1:
        return None
    if (
        first.number.scale > 1
        or first.value != int(first.value)
        or lower[first.end : second.start] not in {" ", " and ", ", "}
    ):
        return None
    value = round_off(first.value + second.value)
    return first._replace(end=second.end, value=value, low=value, high=value)


def _shared_units(lower: str, found: list[Quantity]) -> list[Quantity]:
    """Give a number without a unit the unit of the one it is listed with: "from 24 to 55 per cent", "9 or 10 weeks"."""
    result = list(found)
    for index in range(len(result) - 2, -1, -1):
        this, after = result[index], result[index + 1]
        gap = lower[this.end : after.start]
        if this.known or not after.known or after.kind in {"fraction", "multiple"}:
            continue
        if after.kind == "duration" and _OF_THE.match(gap) and this.value < after.number.value:
            result[index] = _like(this, after, lower)
            continue
        if after.kind == "count" and _OF_THE.match(gap) and this.value <= after.value:
            result[index] = this._replace(unit=after.unit, known=True)
            continue
        if (_LINK.match(gap) and not (gap in {", ", ", and "} and after.kind in {"count", "money"})) or (
            after.kind in {"percent", "duration"} and _moves_to(lower, this, after)
        ):
            result[index] = _like(this, after, lower)
    return result


def _shared_scales(lower: str, found: list[Quantity]) -> list[Quantity]:
    """Give an amount the scale of the one it is listed with: "£1.4 and £1.9 billion"."""
    result = list(found)
    for index in range(len(result) - 2, -1, -1):
        this, after = result[index], result[index + 1]
        if this.kind != "money" or after.kind != "money" or this.unit != after.unit:
            continue
        bare = this.number.scale == 1.0 and after.number.scale >= 1000 and this.value < 1000
        if bare and lower[this.end : after.start] in {" and ", " or "}:
            value = round_off(this.value * after.number.scale)
            number = this.number._replace(scale=after.number.scale)
            result[index] = this._replace(value=value, low=value, high=value, number=number)
    return result


def _moves_to(lower: str, this: Quantity, after: Quantity) -> bool:
    gap = lower[this.end : after.start]
    return _FROM.search(lower[max(0, this.start - 30) : this.start]) is not None and bool(
        re.search(r" to (?:[a-z]+ ){0,2}$", gap)
    )


def _like(this: Quantity, other: Quantity, lower: str) -> Quantity:
    """`this` with the kind and unit of `other`, and its scale where a reader would carry it over."""
    number = this.number
    factor = other.number.scale if _carries(number.value, number.scale, other) else 1.0
    if other.kind == "duration":
        factor *= _time_factor(other)
    elif other.kind == "percent" and other.unit == "pp" and other.number.value and other.value != other.number.value:
        factor = other.value / other.number.value
    value = round_off(number.value * factor)
    return this._replace(kind=other.kind, unit=other.unit, value=value, low=value, high=value, known=True, noun=None)


def _time_factor(other: Quantity) -> float:
    return other.value / other.number.value if other.number.value and other.value else 1.0


def _carries(value: float, scale: float, other: Quantity) -> bool:
    if scale != 1.0 or other.number.scale == 1.0:
        return False
    return (
        value < 1000
        and value * other.number.scale <= other.number.value * 10
        and (value < other.number.value / other.number.scale or value < 100)
    )


def _range(lower: str, first: Quantity, second: Quantity, start: int) -> Quantity | None:
    gap = lower[first.end : second.start]
    before = lower[max(start, first.start - 40) : first.start]
    between = _BETWEEN.search(before) is not None
    if not _spans(gap, first, second, between=between) or (second.kind == "money" and not second.known):
        return None
    low = _low_end(first, second, lower)
    if low is None or second.value <= low:
        return None
    if gap.startswith(" to") and not between and not _stretches(lower, start, first, before):
        return None
    return _span(first, second, low)


def _spans(gap: str, first: Quantity, second: Quantity, *, between: bool) -> bool:
    """Whether the words between two quantities make a range of them."""
    if len(gap) > 20:
        return False
    if _DASH.match(gap) or _TO.match(gap) or (gap == " and " and between):
        return True
    bare = first.end == first.number.end and first.start == first.number.start
    return _OR.match(gap) is not None and bare and second.kind != "fraction"


def _stretches(lower: str, start: int, first: Quantity, before: str) -> bool:
    """Whether "X to Y" is a range and no move: "from X to Y" after a verb of moving is a move."""
    if _SIZED_MOVE.search(lower, max(start, first.start - 60), first.start):
        return False
    if _FROM.search(before) is None:
        own_unit = first.end > first.number.end or first.start < first.number.start
        if own_unit and _BY.search(before):
            return False
        return not re.search(
            r"(?<![a-z])(?:votes?|voted|beat|won|lost|defeated|by a margin of)(?![a-z])",
            lower[max(start, first.start - 40) : first.start],
        )
    words = re.findall("[a-z]+", lower[max(start, first.start - 90) : first.start])[:-1]
    if any(word in _RANGE_WORDS for word in words[-4:]):
        return True
    return not any(word in _MOVES for word in words)


def _low_end(first: Quantity, second: Quantity, lower: str) -> float | None:
    """The lower end in the unit of the higher, or None where they are no range."""
    same = first.kind == second.kind and first.unit == second.unit
    if same and (first.known or not second.known):
        if first.number.scale == 1.0 and second.number.scale > 1.0 and first.value < 1000:
            return _like(first, second, lower).value
        return first.value
    if first.kind == "money" and second.kind in {"count", "rate"} and not second.known:
        return _like(first, second._replace(kind="money"), lower).value
    if first.kind == "money" and second.kind == "rate":
        return first.value
    if not first.known:
        return _like(first, second, lower).value
    return None


def _span(first: Quantity, second: Quantity, low: float) -> Quantity:
    kind, unit = (first.kind, first.unit) if first.kind == "money" and not second.known else (second.kind, second.unit)
    high = second.value
    return second._replace(
        start=first.start,
        kind=kind,
        unit=unit,
        value=round_off((low + high) / 2),
        low=low,
        high=high,
        known=True,
    )
