"""Units: one entry of units.toml names a unit as a count, below a stroke and on the page."""

import pytest

from extractors.article.model import Paragraph
from extractors.figures import find_figures
from extractors.figures.lexicons import UNITS
from extractors.figures.nouns import plural, singular


def units_of(text: str) -> list[str | None]:
    """The units of what a sentence states."""
    return [figure.unit for figure in find_figures([Paragraph(1, "prose", text)])]


@pytest.mark.parametrize(("form", "unit"), sorted(UNITS.written().items()))
def test_a_unit_has_one_name(form: str, unit: str) -> None:
    gap = "" if form.startswith("°") else " "
    assert units_of(f"It was 40{gap}{form} in all.") == [unit]
    if form[0].isalpha():
        assert units_of(f"They pay £3 per {form} for it.") == [f"GBP/{unit}"]
        assert units_of(f"They pay £3/{form} for it.") == [f"GBP/{unit}"]


@pytest.mark.parametrize("unit", sorted(UNITS.measures))
def test_what_several_are_called_is_read_back_as_the_unit(unit: str) -> None:
    assert UNITS.written().get(plural(unit), singular(plural(unit))) == unit
