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
