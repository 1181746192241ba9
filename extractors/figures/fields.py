"""A figure as flat fields, by the names that tables and JSON have for them, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from extractors.figures.model import Figure, Period

_KEPT = tuple(field.name for field in fields(Figure) if field.name not in {"period", "change_from"})


def flat(figure: Figure) -> dict[str, Any]:
    """The fields of a figure, its period as `period_start`, `period_end` and `period_text`.

    Left out is `change_from`, an index that means nothing outside its tuple.
    """
    period = figure.period
    return {
        **{name: getattr(figure, name) for name in _KEPT},
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "period_text": period.text if period else None,
    }


def from_flat(row: Mapping[str, Any], change_from: int | None) -> Figure:
    """The figure whose flat fields these are; further ones are passed over."""
    stated = row["period_text"] is not None
    return Figure(
        **{name: row[name] for name in _KEPT},
        period=Period(row["period_start"], row["period_end"], row["period_text"]) if stated else None,
        change_from=change_from,
    )
