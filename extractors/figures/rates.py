"""Quantities made of two numbers: ranges and bounds, and rates and ratios."""

import re
from collections.abc import Callable

from extractors.figures.lexicons import CHANGES, alternation
from extractors.figures.nouns import STOPS, WORD, is_plural, singular
from extractors.figures.numbers import round_off
from extractors.figures.quantities import MEASURE_UNITS, MEASURES, SIGNS, TIME, TIME_ADJECTIVES, Quantity

_RANGE_WORDS = CHANGES.range_words.words
_MOVES = (
    CHANGES.verbs.increase
    | CHANGES.verbs.decrease
    | CHANGES.movers.words
    | CHANGES.nouns.increase
    | CHANGES.nouns.decrease
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
_MOVING = "|".join(sorted(CHANGES.verbs.increase | CHANGES.verbs.decrease | {"up", "down"}))
_BY = re.compile(rf"(?<![a-z])(?:by|{_MOVING})(?: (?:about|around|some|nearly|almost|another|just|only|over))? $")
_ODDS = re.compile(
    r"^(?P<noun>(?: +[a-z-]+){0,3}?) +(?:in|out of|of)(?P<every> every| each)?(?: just| only| about"
    r"| roughly)? +$"
)
_OF_THE = re.compile(r"^ (?:out )?of (?:(?:the|its|their|our|all|these|those|his|her|my|your)(?: [a-z]+(?:'s)?)? )?$")
# "Kelmere by 22% - from £8.1m to £9.9m", "up 22% (£8.1m to £9.9m)".
_SIZED_MOVE = re.compile(r"(?<![a-z])(?:by|up|down) [0-9.,]+ ?(?:%|per cent|percent)[ ,(:-]*(?:from )?$")
_OF_MONEY = re.compile(r"^ (?:in|out of)(?: every| each)? $")
# "37 of the 42 boards".
_PART_OF_WHOLE = re.compile(
    r"^ of (?:(?:the|its|their|our|all|these|those|his|her|my|your) "
    r"|(?:the |its |our )?(?:[a-z-]+ )?[a-z-]+(?:'s|s') )?$"
)
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
    # "17 of 20 days", but "six of the last ten years" is a time
    timed = second.kind == "duration" and not second.compound and gap == " of "
    whole = (under.end + 1, second.end) if timed else second.noun
    if _PART_OF_WHOLE.match(gap) and first.noun is None and whole is not None and 1 < over.value <= under.value:
        value = round_off(over.value / under.value)
        return second._replace(
            start=first.start, kind="fraction", value=value, low=value, high=value, unit=None, noun=whole
        )
    match = _ODDS.match(gap)
    if match is None or not 0 < over.value < under.value or under.value != int(under.value) or over.scale > 100:
        return None
    if "out of" in gap:
        named = second.kind == "count" and second.noun is not None  # "25 out of 41 care systems"
        likely = (under.value <= 20 or _is_round(under.value)) and (second.kind == "count" or first.kind == "duration")
        likely = likely or (named and first.noun is None)
    else:
        likely = (
            " of " not in gap
            and second.kind == "count"
            and _plausible_odds(lower, match["noun"].strip(), first, second)
        )
    if not likely:
        return None
    value = round_off(over.value / under.value)
    known = "out of" in gap and second.noun is not None and under.value > 10 and not _is_round(under.value)
    end = second.end if known else under.end  # "5 out of 11 trusts" is the part of a known whole
    return Quantity(first.start, end, "fraction", value, value, value, None, under, noun=second.noun, known=True)


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
    if between and low is not None and second.value < low and first.kind == second.kind and first.unit == second.unit:
        return _span(second, first._replace(end=second.end), second.value)._replace(start=first.start)
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
    spread = next((at for at in range(len(words) - 1, max(len(words) - 5, -1), -1) if words[at] in _RANGE_WORDS), -1)
    if spread >= 0 and _MOVES.isdisjoint(words[spread + 1 :]):  # "charges of £2 to £3", but "charges went up"
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


_DENOMINATOR = re.compile(
    r"(?: worth of [a-z-]+(?: [a-z-]+){0,2}"
    r"| of [a-z-]+(?: [a-z-]+)?| extra| more| less)?(?: ?/ ?(?P<slash>)| +(?:(?P<per>per|for every|for each"
    r"|in every|in each)|(?P<each>each|every)|(?P<a>an?))[ -]+|-(?:per|a|an)-(?P<hyphen>))"
)
_MEASURE = re.compile(rf"(?P<unit>{alternation(MEASURES)})(?![a-z0-9])")
_FIRST_WORD = re.compile(r"( *)([a-z][a-z0-9]*(?:[-'][a-z]+)*)")
_WORKING = re.compile(rf"(?:{alternation(TIME_ADJECTIVES)}) (?=(?:{alternation(TIME)})(?![a-z]))")
_AGO = re.compile(r" +(?:ago|earlier|later|before|after|previously|early|late|old)(?![a-z])")
_PER_YEAR = re.compile(r" +(?:p\.a\.|(?:pa|per annum|annually)(?![a-z]))")
_PRICE = re.compile(
    r"(?<![a-z])(?:pays?|paid|paying|charge[sd]?|charging|earn(?:s|ed)?|costs?|prices?|tariffs?|fees?"
    r"|charges?|spending|spend|payments?|income|funding|revenue|earnings|outlay|expenditure|wages?|salary"
    r"|bills?)"
    r"(?: +[a-z-]+){0,2}? +per +"
)
_CUT = re.compile(r"[;:()]|, (?:but|and|which|while)")
_MARK = re.compile(r"[;:.(]")
_FRONTED = re.compile(r"(?<![a-z])(?:each|every) +(?P<unit>[a-z]+)(?![a-z])")


def rated(
    lower: str, found: list[Quantity], sentence_start: int, sentence_end: int, before: str | None = None
) -> list[Quantity]:
    """The sentence's quantities with amounts that stand by a denominator turned into rates.

    `before` is the unit of the last rate of the paragraph, which "this is far above the £64 that ..." compares with.
    """
    result: list[Quantity] = []
    found = _pairwise(lower, found, sentence_start, _quarterly)
    fronted = _PER.match(lower, sentence_start)
    if fronted is not None and (noun := _denominator_noun(lower, fronted.end(), sentence_end, short=True)) is not None:
        return [_as_rate(one, _per(noun[0]), one.end) if one.kind == "money" else one for one in found]
    for index, quantity in enumerate(found):
        limit = found[index + 1].start if index + 1 < len(found) else sentence_end
        floor = result[-1].end if result else sentence_start
        result.append(
            _rated(lower, quantity, floor, limit) if quantity.kind in {"money", "count", "duration"} else quantity
        )
    if before is not None and "/" in before and _COMPARES.match(lower, sentence_start):
        own, denominator = before.split("/", 1)
        result = [
            _as_rate(one, denominator, one.end)
            if one.kind == "money" and one.unit == own and _COMPARED_WITH.search(lower, sentence_start, one.start)
            else one
            for one in result
        ]
    return _spread(lower, result)


# "Measured per head, Wales spent £11".
_PER = re.compile(r"(?:[a-z]+ed )?per (?=[a-z]+,)")
_QUARTER = re.compile(r" (?:a|each|every) quarter(?! (?:of|later|ago|earlier|more|less|before)(?![a-z]))")


def _quarterly(lower: str, first: Quantity, second: Quantity, start: int) -> Quantity | None:
    """ "£11.6m a quarter", which is no fourth part of anything."""
    apart = second.kind != "fraction" or first.kind not in {"money", "count", "duration"} or first.compound
    if apart or lower[first.end : second.start] != " " or not _QUARTER.match(lower, first.end):
        return None
    return _as_rate(first, "quarter", second.end)


def _rated(lower: str, found: Quantity, floor: int, limit: int) -> Quantity:
    adjacent = _adjacent(lower, found, limit)
    if adjacent is not None:
        return adjacent
    if found.kind == "duration" or found.compound:
        return found
    unit = _price_unit(lower, found, floor) or _clause_unit(lower, found, floor, limit)
    if unit is None:
        return found
    return _as_rate(found, unit, found.end)


def _as_rate(found: Quantity, unit: str, end: int) -> Quantity:
    own = found.unit if found.unit is not None else ""
    return found._replace(kind="rate", unit=f"{own}/{unit}" if own else unit, end=end, known=bool(own) or found.known)


def _adjacent(lower: str, found: Quantity, limit: int) -> Quantity | None:
    annum = _PER_YEAR.match(lower, found.end)
    if annum is not None:
        return _as_rate(found, "year", annum.end())
    match = _DENOMINATOR.match(lower, found.end)
    if match is None or (found.kind == "duration" and match["slash"] is not None):
        return None
    noun = _denominator_noun(
        lower,
        match.end(),
        limit,
        short=match["a"] is not None or match["each"] is not None or match["hyphen"] is not None,
    )
    if noun is None:
        return None
    unit, end = noun
    time = TIME.get(unit)
    if match["a"] or match["each"]:
        if _AGO.match(lower, end) or (time is None and found.kind != "money") or unit in {"way", "time", "other"}:
            return None
        if time is None and match["a"] and not _closes(lower, end):
            return None
    return _as_rate(found, _per(unit), end)


def _per(noun: str) -> str:
    """The name of a denominator: that of the unit as a count has it, else the singular.

    A word for several units of time, such as a fortnight, is no name for one of them.
    """
    unit, times = TIME.get(noun, ("", 0.0))
    return unit if times == 1 else noun if noun in MEASURE_UNITS else singular(noun)


def _closes(lower: str, at: int) -> bool:
    """Whether the phrase ends here: "£355 a patient and", but not "£3m a patient group said"."""
    word = re.match(r" +([a-z]+)", lower[at : at + 16])
    return word is None or word[1] in STOPS


def _denominator_noun(lower: str, at: int, limit: int, *, short: bool) -> tuple[str, int] | None:
    measure = _MEASURE.match(lower, at)
    if measure is not None and measure.end() <= limit:
        return MEASURES[measure["unit"]], measure.end()
    working = _WORKING.match(lower, at)
    at = working.end() if working is not None else at
    words: list[tuple[str, int]] = []
    for _ in range(1 if short else 4):
        match = WORD.match(lower, at, limit) if words else _FIRST_WORD.match(lower, at, limit)
        if match is None or match[2] in STOPS or (words and match[1].strip()):
            break
        words.append((match[2], match.end()))
        at = match.end()
        if match[2] in TIME or is_plural(match[2]):
            break
    while len(words) > 1 and words[-1][0].endswith(("ed", "ly", "ing")):
        words.pop()
    return words[-1] if words else None


def _price_unit(lower: str, found: Quantity, floor: int) -> str | None:
    """The denominator of "the cost per test fell from £3.10 to £2.35"."""
    if found.kind != "money":
        return None
    clause = lower[max(floor, found.start - 90) : found.start]
    if " per " not in clause:
        return None
    prices = list(_PRICE.finditer(clause))
    if not prices:
        return None
    noun = _denominator_noun(clause, prices[-1].end(), len(clause), short=False)
    if noun is None:
        return None
    return _per(noun[0])


def _clause_unit(lower: str, found: Quantity, floor: int, limit: int) -> str | None:
    """The denominator of "each week members carry out 19,000 operations"."""
    if found.kind not in {"count", "money"} or not found.known:
        return None
    before = lower[max(floor, found.start - 100) : found.start]
    after = lower[found.end : min(limit, found.end + 60)]
    if not any(word in stretch for stretch in (before, after) for word in ("each", "every")):
        return None
    cut = _CUT.search(after)
    for stretch in (after[: cut.start()] if cut else after, _MARK.split(before)[-1]):
        match = _FRONTED.search(stretch)
        if match is not None and match["unit"] in TIME:
            return _per(match["unit"])
    return None


# "£52 an hour last winter, against £31".
_COMPARED_RATE = re.compile(
    r"(?: (?:in|during|last|this) [a-z0-9 /-]{2,24})?"
    r"(?:,? (?:compared|as against|against|up|down|instead|rather|versus|from)(?: [a-z]+){0,2}"
    r"| (?:and|but) (?:(?:will|would|could|should|may|is|are|set|due|to|expected) )*"
    r"(?:reach|hit|(?:rise|grow|climb|fall) to)) $"
)
_TIGHT = re.compile(r"(?:^ to|(?:up|down)(?: [a-z]+)? from|compared (?:with|to)|against|from|than)(?: [a-z-]+){0,2} $")
_COMPARES = re.compile(r" *(?:this|that|it|they) (?:is|was|are|were|compares|compared)(?![a-z])")
_COMPARED_WITH = re.compile(r"(?<![a-z])(?:above|below|than|against|compares? with|compared with|times) (?:the )?$")
_EACH = re.compile(r"^ (?P<by>for|to|in|at|on|under) [^,;.]{2,40} and (?:about |around |up to )?$")
_AND = re.compile(
    r"^ (?:and|or|to|,) (?:(?:about|around|some|nearly|almost|over|up to|more than|at least"
    r"|under) (?:than )?)?$"
)


_FROM_TO = re.compile(r"(?: (?:in|at|for) [a-z' -]{2,30})? to (?:about |around |over |nearly |almost |some |just )?$")
_FROM_BEFORE = re.compile(r"(?<![a-z])from (?:[a-z]+ ){0,4}$")
_LESS = re.compile(r" (?:more|less|behind|above|below|ahead|cheaper|dearer)(?![a-z])")
_GAPPED = re.compile(r"[^.;:]*,? (?:and|but) (?P<own>[^.;:]*?)(?:as much as |as little as |up to |about |only )?$")
_NEAR_RATE = 60  # characters between a rate and how much another is above or below it


def _shares_rate(lower: str, before: Quantity, this: Quantity) -> bool:
    """Whether an amount is a rate as the one before: "from £41 a site to £117", "them £1.21 behind", "one £198"."""
    gap = lower[before.end : this.start]
    if _FROM_TO.fullmatch(gap):
        return _FROM_BEFORE.search(lower, max(0, before.start - 40), before.start) is not None
    if this.value < before.value and _LESS.match(lower, this.end):
        return len(gap) < _NEAR_RATE and ";" not in gap and "." not in gap
    gapped = _GAPPED.fullmatch(gap)
    closes = lower[this.end : this.end + 1] in {"", ".", ",", ";"}
    words = gapped["own"].replace(",", " ").split() if gapped is not None else []
    return closes and bool(words) and STOPS.isdisjoint(set(words) - {"of", "them", "those"}) and words[0] == "one"


def _joins_rate(lower: str, before: Quantity, this: Quantity) -> bool:
    """Whether a count is joined to a rate of other things: "19,000 operations and 100,000 appointments a year"."""
    counted = before.kind == "count" and before.noun and this.noun
    return bool(counted and _AND.match(lower[before.end : this.start]))


def _moves_to_rate(lower: str, before: Quantity, this: Quantity) -> bool:
    """Whether an amount is what a rate moved from, which has the denominator for both: "from £2 to £3 an hour"."""
    return (
        before.kind == "money"
        and before.unit == (this.unit or "").split("/")[0]
        and _FROM_BEFORE.search(lower, max(0, before.start - 40), before.start) is not None
        and _FROM_TO.fullmatch(lower[before.end : this.start]) is not None
    )


def _spread(lower: str, found: list[Quantity]) -> list[Quantity]:
    """Carry a rate to its neighbour in a pair: "from £3.10 to £2.35", "19,000 operations and 100,000 appointments"."""
    for index in range(1, len(found)):
        this, before = found[index], found[index - 1]
        if this.kind == "rate" and (_joins_rate(lower, before, this) or _moves_to_rate(lower, before, this)):
            found[index - 1] = _as_rate(before, (this.unit or "").split("/")[-1], before.end)
            continue
        if before.kind != "rate" or not before.unit or "/" not in before.unit or this.kind not in {"money", "count"}:
            continue
        own, denominator = before.unit.split("/", 1)
        gap = lower[before.end : this.start]
        each = _EACH.match(gap)
        listed = each is not None and lower.startswith(f" {each['by']} ", this.end)
        if this.kind == "money" and own == this.unit and (listed or _shares_rate(lower, before, this)):
            found[index] = _as_rate(this, denominator, this.end)
            continue
        if (
            _AND.match(gap) and not before.end - before.number.end > 0 and this.kind == "money" and own == this.unit
        ) or (this.kind == "count" and this.noun and _AND.match(gap) and before.end == (before.noun or (0, 0))[1]):
            found[index] = _as_rate(this, denominator, this.end)
        elif this.kind == "count" and not this.known and _TIGHT.search(gap):
            found[index] = this._replace(kind="rate", unit=before.unit)
        elif (
            this.kind == "money"
            and own == this.unit
            and not (index > 1 and found[index - 2].kind == "money")
            and _COMPARED_RATE.match(gap)
        ):
            found[index] = _as_rate(this, denominator, this.end)
    return found
