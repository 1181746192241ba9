"""What a figure is: a quantity that the text states, normalised, with its evidence (docs/figures-guide.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

FigureKind = Literal["money", "percent", "count", "fraction", "duration", "rate", "multiple"]
Qualifier = Literal["exact", "about", "at_least", "at_most"]
Change = Literal["increase", "decrease"]


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a quantity is about. An open end is None; `text` is the words that gave it."""

    start: date | None
    end: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One mention of a quantity. Its fields are the columns of the table `figures`, in `flat` form.

    `value`, `value_low` and `value_high` are in whole units: pounds (not millions), per cent as 6.3, fractions as
    0.125. Both bounds equal `value` for a single number; an open end is None. `unit` is an ISO 4217 code, "%", "pp",
    a unit of time, a singular noun, or two of them joined by "/". Offsets count the code points of the paragraph's
    text, start inclusive and end exclusive. `change_from` is the index, in the tuple that `find_figures` returned,
    of the figure that this one moved from. `subject` names what the figure is about as figures of other articles would
    (`extractors.figures.subjects`); None where nothing in another article could be about the same.
    """

    paragraph_no: int
    char_start: int
    char_end: int
    surface: str
    kind: FigureKind
    value: float
    value_low: float | None
    value_high: float | None
    unit: str | None
    qualifier: Qualifier
    period: Period | None
    measure: str | None
    base: str | None
    change: Change | None
    change_from: int | None
    attribution: str | None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A number in the text that is not a figure, with the reason, for `commentary explain`."""

    paragraph_no: int
    char_start: int
    char_end: int
    surface: str
    reason: str


_KEPT = tuple(field.name for field in fields(Figure) if field.name not in {"period", "change_from"})
_PERIOD = ("period_start", "period_end", "period_text")


def flat(figure: Figure) -> dict[str, Any]:
    """The fields of a figure, its period as `period_start`, `period_end` and `period_text`.

    Left out is `change_from`, an index that means nothing outside its tuple.
    """
    period = figure.period
    when = (period.start, period.end, period.text) if period else (None, None, None)
    return {**{name: getattr(figure, name) for name in _KEPT}, **dict(zip(_PERIOD, when, strict=True))}


def from_flat(row: Mapping[str, Any], change_from: int | None) -> Figure:
    """The figure whose flat fields these are; further ones are passed over."""
    start, end, text = (row[name] for name in _PERIOD)
    period = None if text is None else Period(start, end, text)
    return Figure(**{name: row[name] for name in _KEPT}, period=period, change_from=change_from)
