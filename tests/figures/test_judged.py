"""The pairs of the views that were read and judged: what the views put together is one thing, and goes on being so.

`analyst.py pairs` writes them from a warehouse of the whole own corpus, a reader fills in the verdicts. Here each is
held against the extractor: a sentence of a judged pair still has a figure with the subject that it was judged under.
"""

from collections import Counter

import pytest

from tests.figures.analyst import verdicts
from tests.figures.notation import figures_of

LEAST = {"series": 0.85, "conflicts": 0.70, "origins": 0.85}
JUDGED = verdicts()


@pytest.mark.parametrize("view", LEAST)
def test_what_a_view_puts_together_is_one_thing(view: str) -> None:
    marks = Counter(verdict for (of, *_), verdict in JUDGED.items() if of == view)
    assert set(marks) <= {"yes", "no"}
    assert not marks or marks["yes"] / marks.total() >= LEAST[view]


def test_the_sentences_that_were_judged_are_about_what_they_were() -> None:
    sides = {(subject, side) for (_, subject, *pair), verdict in JUDGED.items() if verdict == "yes" for side in pair}
    same = [subject in {figure.subject for figure in figures_of(side.rsplit(" | ", 1)[1])} for subject, side in sides]
    # Some take their subject from the sentence before, which does not stand here.
    assert sum(same) / len(same) >= 0.8
