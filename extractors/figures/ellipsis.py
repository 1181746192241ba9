"""Numbers without a noun of their own, which take that of what was counted before them."""

import re

from extractors.figures.nouns import head_noun, singular
from extractors.figures.numbers import round_off
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

_NUMBER_OF = re.compile(r"(?<![a-z])numbers? of (?:the )?")
_TIGHT = re.compile(
    r"(?:(?:up|down)(?: [a-z]+)? from|from|to|compared (?:with|to)|against|than|versus|instead of"
    r"|rather than|and|or|not|by)"
    r"(?: (?:just|only|about|around|some|nearly|almost|over|under|as many as|up to|at least|the|a|more than"
    r"|less than))*$"
)


def with_antecedents(sentence: Sentence, found: list[Quantity], memory: Quantity | None) -> list[Quantity]:
    """The quantities of a sentence with the units that are understood; `memory` is the last count before it."""
    result: list[Quantity] = []
    for index, quantity in enumerate(found):
        if quantity.known:
            result.append(quantity)
            continue
        before = result[-1] if result else None
        tight = before is not None and bool(_TIGHT.search(sentence.lower[before.end : quantity.start].rstrip()))
        result.append(_resolved(sentence, quantity, before, memory if index == 0 else None, tight=tight))
    return result


def _like(quantity: Quantity, before: Quantity, *, tight: bool) -> Quantity:
    """The quantity with the unit of the one before it."""
    if before.kind == "count" and before.unit != "time":
        return quantity._replace(unit=before.unit)
    if before.kind == "duration" and quantity.number.scale == 1.0 and quantity.value < 1000:
        factor = before.value / before.number.value if before.number.value and before.low == before.high else 1.0
        value = round_off(quantity.value * factor)
        return quantity._replace(kind="duration", unit=before.unit, value=value, low=value, high=value)
    if tight and before.kind == "percent" and quantity.value <= 100:
        return quantity._replace(kind="percent", unit=before.unit)
    return quantity


def _number_of(sentence: Sentence, quantity: Quantity) -> str | None:
    """What is counted in "the number of agency nurses ... doubled from 140"."""
    for match in reversed(list(_NUMBER_OF.finditer(sentence.lower, sentence.start, quantity.start))):
        noun = head_noun(sentence.lower, match.end(), min(quantity.start, match.end() + 80), capitals=sentence.text)
        if noun is not None:
            return noun.lemma
    return None


def _noun_of_share(sentence: Sentence, before: Quantity) -> str | None:
    """What a share before is of, as the number beside it counts the same: "one in six operations - 14,000 a week"."""
    if before.kind != "fraction" or before.noun is None:
        return None
    return singular(sentence.lower[slice(*before.noun)].split()[-1])


def _resolved(
    sentence: Sentence, quantity: Quantity, before: Quantity | None, memory: Quantity | None, *, tight: bool
) -> Quantity:
    if before is None or before.unit is None:
        unit = _number_of(sentence, quantity) or (_noun_of_share(sentence, before) if before is not None else None)
        if unit is not None:
            return quantity._replace(unit=unit)
    if before is not None and before.unit is not None:
        return _like(quantity, before, tight=tight)
    if memory is not None and quantity.number.scale == 1.0:
        return _resolved(sentence, quantity, memory, None, tight=False)
    return quantity
