"""Restated commentary that was labelled before the extractor saw it: shares of right fields, held at floors."""

import pytest

from tests.figures.held import marks

FIELDS = ("found", "period", "change", "base", "by", "measure", "whole row")
# By file and field. The rows of `judged` were looked at once before their kinds were mended as well (measurements.md).
FLOORS = {
    "mended": dict(zip(FIELDS, (0.95, 0.97, 0.97, 0.97, 0.97, 0.88, 0.88), strict=True)),
    "judged": dict(zip(FIELDS, (0.95, 0.88, 0.97, 0.93, 0.93, 0.83, 0.70), strict=True)),
}


@pytest.mark.parametrize("name", FLOORS)
def test_shares_of_right_fields_hold(name: str) -> None:
    result = marks(name)
    low = {field: result.share(field) for field, floor in FLOORS[name].items() if result.share(field) < floor}
    assert not low, "\n".join(result.errors)
