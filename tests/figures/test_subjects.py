"""Figures of different articles on one subject get one name; what only its article knows gets none."""

import pytest

from extractors.article.model import Paragraph
from extractors.figures import Figure, find_figures

SPENDING = "spending: independent sector"
CATARACTS = "share of operation: cataract, independent sector, treated"


def figures(text: str) -> tuple[Figure, ...]:
    return find_figures([Paragraph(1, "prose", text)])


@pytest.mark.parametrize(
    ("subject", "texts"),
    [
        (
            "waiting list",
            [
                "The waiting list in England reached 7.6 million in June 2023.",
                "There are now 7.62m people on NHS waiting lists.",
                "Some 6.2 million patients were waiting for treatment at the end of 2022.",
                "There is an elective backlog of 5 million people.",
            ],
        ),
        (
            SPENDING,
            [
                "The NHS spent £12.3 billion on private providers in 2022-23.",
                "In 2019/20 NHS expenditure on the independent sector rose to £9.7bn.",
                "Commissioners' total outlay on private hospitals was £3bn in 2012.",
            ],
        ),
        (
            CATARACTS,
            [
                "Private companies carried out 59 per cent of cataract operations in 2022.",
                "In 2018 independent providers performed a quarter of all NHS cataract procedures.",
            ],
        ),
        ("vacancy: nurses", ["Vacancies for nurses stood at 46,000 in March 2023."]),
        ("waiting time: median", ["The median wait for elective treatment was 14.5 weeks in May 2023."]),
        ("growth of profit: independent sector", ["Profits at private hospitals rose by 12 per cent in 2022."]),
        ("share of funding: independent sector", ["Private providers took 7 per cent of the NHS budget in 2019."]),
    ],
)
def test_statements_in_other_words_are_on_one_subject(subject: str, texts: list[str]) -> None:
    for text in texts:
        assert [figure.subject for figure in figures(text)] == [subject], text


@pytest.mark.parametrize(
    "text",
    [
        "The company made a profit of £3m in 2015.",
        "Our hospital treated 4,000 patients in 2015.",
        "At one trust in the north the deficit reached £38m in 2015.",
        "In 2015 we spent £4m on private providers.",
        "Of those asked, 62 per cent of nurses said that they felt tired.",
        "Providers are paid 11 per cent above the tariff.",
        "By May the scheme had used 85 per cent of its value.",
    ],
)
def test_what_only_its_article_knows_has_no_subject(text: str) -> None:
    assert [figure.subject for figure in figures(text)] == [None]


def test_a_named_place_is_a_subject_of_its_own() -> None:
    (national,) = figures("The waiting list stood at 7.6 million in 2023.")
    (local,) = figures("The waiting list in Leeds stood at 60,000 in 2023.")
    assert (national.subject, local.subject) == ("waiting list", "waiting list: Leeds")


def test_a_source_is_no_part_of_the_subject() -> None:
    (figure,) = figures("According to the Harrow Institute, spending on private hospitals was £9bn in 2017.")
    assert figure.subject == SPENDING


def test_what_moved_and_what_it_moved_from_share_a_subject() -> None:
    moved, origin = figures("Spending on independent providers reached £8.7 billion in 2017/18, down from £9 billion.")
    assert (moved.subject, origin.subject) == (SPENDING, SPENDING)
    origin, moved = figures(
        "In 2018 private clinics did 24% of cataract operations; they did 55% in 2022, up from 24%."
    )[:2]
    assert origin.subject == moved.subject == "share of operation: cataract, independent sector"


def test_a_clause_that_goes_on_takes_the_subject_before_it() -> None:
    text = "The amount spent on private hospitals is known. It stood at £6.9bn in 2014, or 6.3% of NHS spending."
    money, share = figures(text)
    assert (money.subject, share.subject) == (SPENDING, f"share of {SPENDING}")
