"""Numbers without a noun of their own, which take that of what was counted before them."""

import re

from extractors.figures.numbers import round_off
from extractors.figures.quantities import Quantity
from extractors.figures.sentence import Sentence

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


def _resolved(
    sentence: Sentence, quantity: Quantity, before: Quantity | None, memory: Quantity | None, *, tight: bool
) -> Quantity:
    if before is not None and before.unit is not None:
        if before.kind == "count" and before.unit != "time":
            return quantity._replace(unit=before.unit)
        if before.kind == "duration" and quantity.number.scale == 1.0 and quantity.value < 1000:
            factor = before.value / before.number.value if before.number.value and before.low == before.high else 1.0
            value = round_off(quantity.value * factor)
            return quantity._replace(kind="duration", unit=before.unit, value=value, low=value, high=value)
        if tight and before.kind == "percent" and quantity.value <= 100:
            return quantity._replace(kind="percent", unit=before.unit)
        return quantity
    if memory is not None and quantity.number.scale == 1.0:
        return _resolved(sentence, quantity, memory, None, tight=False)
    return quantity
