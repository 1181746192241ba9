"""Which figures are on one measure is told by the words that say what is measured."""

import pytest

from warehouse.measures import measure_words


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (
            "spent by NHS commissioners on independent-sector providers",
            "commissioner independent nhs provider sector spent",
        ),
        ("waiting lists", "list waiting"),
        ("the list of those waiting", "list waiting"),
        ("7.6 million people were waiting in May 2023", "people waiting"),
        ("In 2019 the people waiting rose", "people waiting"),
        ("surgeries in hubs", "hub surgery"),
        ("The hospitals’ losses and their business, on a yearly basis", "basis business hospital loss yearly"),
        ("of the", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_measures_are_reduced_to_their_telling_words(measure: str | None, words: str) -> None:
    assert " ".join(measure_words(measure)) == words
