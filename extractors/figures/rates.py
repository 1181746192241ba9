"""Amounts by a denominator: "£5m a year", "£1,200 per scan", "30,000 procedures a week"."""

import re

from extractors.figures.lexicons import alternation
from extractors.figures.nouns import STOPS, WORD, is_plural, singular
from extractors.figures.quantities import MEASURES, TIME, TIME_ADJECTIVES, Quantity

_DENOMINATOR = re.compile(
    r"(?: worth of [a-z-]+(?: [a-z-]+){0,2}"
    r"| of [a-z-]+(?: [a-z-]+)?| extra| more)?(?: ?/ ?(?P<slash>)| +(?:(?P<per>per|for every|for each"
    r"|in every|in each)|(?P<each>each|every)|(?P<a>an?))[ -]+|-(?:per|a|an)-(?P<hyphen>))"
)
_MEASURE = re.compile(rf"(?P<unit>{alternation(MEASURES)})(?![a-z0-9])")
_WORKING = re.compile(rf"(?:{alternation(TIME_ADJECTIVES)}) (?=(?:{alternation(TIME)})(?![a-z]))")
_AGO = re.compile(r" +(?:ago|earlier|later|before|after|previously|early|late|old)(?![a-z])")
_PER_YEAR = re.compile(r" +(?:p\.a\.|pa(?![a-z])|per annum(?![a-z]))")
_PRICE = re.compile(
    r"(?<![a-z])(?:pays?|paid|paying|charge[sd]?|charging|earn(?:s|ed)?|costs?|prices?|tariffs?|fees?"
    r"|charges?|spending|spend|payments?|income|funding|revenue|earnings|outlay|expenditure|wages?|salary"
    r"|bills?)"
    r"(?: +[a-z-]+){0,2}? +per +"
)
_FRONTED = re.compile(r"(?<![a-z])(?:each|every) +(?P<unit>[a-z]+)(?![a-z])")


def rated(
    lower: str, found: list[Quantity], sentence_start: int, sentence_end: int, before: str | None = None
) -> list[Quantity]:
    """The sentence's quantities with amounts that stand by a denominator turned into rates.

    `before` is the unit of the last rate of the paragraph, which "this is far above the £64 that ..." compares with.
    """
    result: list[Quantity] = []
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
    known = unit in _MEASURE_NAMES
    return _as_rate(found, time[0] if time else unit if known else singular(unit), end)


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
        match = (
            WORD.match(lower, at, limit)
            if words
            else re.compile(r"( *)([a-z][a-z0-9]*(?:[-'][a-z]+)*)").match(lower, at, limit)
        )
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
    prices = list(_PRICE.finditer(clause))
    if not prices:
        return None
    noun = _denominator_noun(clause, prices[-1].end(), len(clause), short=False)
    if noun is None:
        return None
    return TIME[noun[0]][0] if noun[0] in TIME else singular(noun[0])


def _clause_unit(lower: str, found: Quantity, floor: int, limit: int) -> str | None:
    """The denominator of "each week members carry out 19,000 operations"."""
    if found.kind not in {"count", "money"} or not found.known:
        return None
    before = lower[max(floor, found.start - 100) : found.start]
    after = lower[found.end : min(limit, found.end + 60)]
    cut = re.search(r"[;:()]|, (?:but|and|which|while)", after)
    for stretch in (after[: cut.start()] if cut else after, re.split(r"[;:.(]", before)[-1]):
        match = _FRONTED.search(stretch)
        if match is not None and match["unit"] in TIME:
            return TIME[match["unit"]][0]
    return None


_TIGHT = re.compile(r"(?:^ to|(?:up|down)(?: [a-z]+)? from|compared (?:with|to)|against|from|than)(?: [a-z-]+){0,2} $")
_MEASURE_NAMES = frozenset(MEASURES.values())
_COMPARES = re.compile(r" *(?:this|that|it|they) (?:is|was|are|were|compares|compared)(?![a-z])")
_COMPARED_WITH = re.compile(r"(?<![a-z])(?:above|below|than|against|compares? with|compared with|times) (?:the )?$")
_EACH = re.compile(r"^ (?:for|to) [^,;.]{2,40} and (?:about |around |up to )?$")
_AND = re.compile(
    r"^ (?:and|or|to|,) (?:(?:about|around|some|nearly|almost|over|up to|more than|at least"
    r"|under) (?:than )?)?$"
)


def _spread(lower: str, found: list[Quantity]) -> list[Quantity]:
    """Carry a rate to its neighbour in a pair: "from £3.10 to £2.35", "19,000 operations and 100,000 appointments"."""
    for index in range(1, len(found)):
        this, before = found[index], found[index - 1]
        if (
            this.kind == "rate"
            and before.kind == "count"
            and before.noun
            and this.noun
            and _AND.match(lower[before.end : this.start])
        ):
            found[index - 1] = _as_rate(before, (this.unit or "").split("/")[-1], before.end)
            continue
        if before.kind != "rate" or not before.unit or "/" not in before.unit or this.kind not in {"money", "count"}:
            continue
        own, denominator = before.unit.split("/", 1)
        gap = lower[before.end : this.start]
        if (
            this.kind == "money"
            and own == this.unit
            and _EACH.match(gap)
            and lower.startswith((" for ", " to "), this.end)
        ):
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
            and re.match(
                r"^,? (?:compared|as against|against|up|down|instead|rather|versus|from)(?: [a-z]+){0,2} $", gap
            )
        ):
            found[index] = _as_rate(this, denominator, this.end)
    return found
