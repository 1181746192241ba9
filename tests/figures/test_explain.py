"""What was passed over, and for which reason."""

from datetime import date

import pytest

from extractors.article.model import Paragraph, Published
from extractors.figures import explain_figures, find_figures


@pytest.mark.parametrize(
    ("text", "surface", "reason"),
    [
        ("Covid-19 came.", "19", "part of a name or code"),
        ("The 10 Year Health Plan came.", "10", "part of a name"),
        ("Section 75 applies.", "75", "label"),
        ("It began on 12 March 2020.", "12", "date"),
        ("The two sectors talk.", "two", "definite reference"),
        ("It is open 24/7.", "24", "idiom"),
        ("One hospital closed.", "One", "'one' alone"),
        ("Ring 020 7946 0958.", "020", "phone number"),
        ("Providers disagree.12 They do.", "12", "footnote mark"),
        ("It grew.[3]", "3", "reference mark"),
        ("The meeting is at 9.30am.", "9.30", "time of day"),
        ("1. Introduction", "1", "list number"),
        ("Several hundred nurses left.", "hundred", "vague amount"),
        ("It was the 3rd.", "3", "ordinal"),
        ("She was paid twice.", "twice", "how often, not how much"),
        ("Write to SW1A 2AA.", "2", "postcode"),
        ("See www.site123.org.uk.", "123", "part of an address"),
    ],
)
def test_reason(text: str, surface: str, reason: str) -> None:
    figures, passed = explain_figures([Paragraph(1, "prose", text)])
    assert figures == ()
    assert (surface, reason) in [(item.surface, item.reason) for item in passed]


def test_change_from_counts_over_all_paragraphs() -> None:
    paragraphs = [
        Paragraph(3, "prose", "It has 40 beds."),
        Paragraph(5, "prose", "Waits fell from 9 weeks to 15 days."),
    ]
    figures = find_figures(paragraphs)
    assert [figure.paragraph_no for figure in figures] == [3, 5, 5]
    assert figures[2].change_from == 1


@pytest.mark.parametrize(
    ("published", "text", "period"),
    [
        (None, "Last year it spent £3m.", (None, None)),
        (Published(date(2020, 1, 1), "year", "header"), "Last month it spent £3m.", (None, None)),
    ],
)
def test_relative_times_need_a_date_that_is_exact_enough(
    published: Published | None, text: str, period: tuple[None, None]
) -> None:
    (figure,) = find_figures([Paragraph(1, "prose", text)], published)
    found = (figure.period.start, figure.period.end) if figure.period else (None, None)
    assert found == period
