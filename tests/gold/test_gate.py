"""The gate on the gold: no score below its floor, no floor lowered without a reason."""

import pytest

from tests.gold.gate import Entry, floors, history, measured, unexplained


@pytest.mark.parametrize("metric", sorted(floors(history())))
def test_no_score_is_below_its_floor(metric: str) -> None:
    assert measured()[metric] >= floors(history())[metric]


def test_every_metric_has_a_floor() -> None:
    assert set(measured()) == set(floors(history()))


def test_no_floor_was_lowered_without_a_reason() -> None:
    assert unexplained(history()) == []


def test_lowering_is_noticed() -> None:
    steps = (Entry("a", 0.9), Entry("a", 0.8), Entry("b", 0.5), Entry("b", 0.4, "the gold was corrected"))
    assert unexplained(steps) == [steps[1]]
