"""The grammar, construct by construct: every case of `cases/*.txt`."""

import pytest

from tests.figures.notation import CASES, Case, differences, figures_of, read_cases

ALL = [case for path in sorted(CASES.glob("*.txt")) for case in read_cases(path)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    problems = differences(case, figures_of(case.text))
    assert not problems, "\n".join([case.text, *problems])


def test_there_are_hundreds_of_cases() -> None:
    assert len(ALL) >= 300


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("According to the Harrow Institute the whole bill for scanning was £12m.", "the Harrow Institute"),
        ("According to the Ashdown Fund 20 per cent of trusts were in deficit.", "the Ashdown Fund"),
        ("According to the Board of Trade and the Treasury some £3bn went.", "the Board of Trade and the Treasury"),
        ("According to figures the union obtained, 12 hospitals closed.", "figures the union obtained"),
        ("New research by The Marlow Foundation shows that 41 wards are shut.", "The Marlow Foundation"),
        ("The Progress party has pledged that 40,000 operations will be bought.", "The Progress party"),
        ("Governors fear that 300 posts will go.", "Governors"),
    ],
)  # fmt: skip
def test_a_source_is_named_whole_and_no_further(text: str, source: str) -> None:
    (figure,) = figures_of(text)
    assert figure.attribution == source
