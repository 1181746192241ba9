"""Text of articles made fit to show, and how numbers, dates and periods read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.page.wording import ELLIPSIS, excerpt, percent, period, plain, published, quantity, short_number, web_address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//example.org/x", "/x", "", "https://", "http:///x",
        "https://exa\x00mple.org", "https://[::1", "seed:one.txt", "blob:https://example.org/1", None,
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_are_linked(address: str | None) -> None:
    assert web_address(address) is None


@pytest.mark.parametrize("address", ["https://example.org", "HTTP://example.org/a?b=c#d", "https://[::1]:8080/x"])
def test_addresses_of_the_web_stay_as_they_are(address: str) -> None:
    assert web_address(address) == address


def test_unprintable_characters_are_shown_as_such_and_white_space_collapses() -> None:
    assert plain("a\x00b\x1b[31m  c\n\td\ud800") == "a\ufffdb\ufffd[31m c d\ufffd"
    assert plain("x" * 50, 10) == "x" * 9 + ELLIPSIS
    assert plain(None) == ""


@given(st.text(max_size=900), st.integers(0, 900), st.integers(0, 900))
def test_an_excerpt_keeps_its_mark_and_its_bounds(sentence: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(sentence)), min(other, len(sentence))))
    parts = excerpt(sentence, start, end, limit=200)
    assert len(parts.before) + len(parts.mark) + len(parts.after) <= 200 + 2 * len(ELLIPSIS)
    assert parts.mark == plain(sentence[start:end], 100)
    if len(sentence) <= 90:
        assert ELLIPSIS not in (parts.before + parts.after).replace(ELLIPSIS, "", sentence.count(ELLIPSIS))


def test_a_long_sentence_is_cut_at_words_around_its_mark() -> None:
    words = "word " * 100
    parts = excerpt(f"{words}THE MARK {words}", len(words), len(words) + 8, limit=100)
    assert parts.mark == "THE MARK"
    assert parts.before.startswith(f"{ELLIPSIS}word")
    assert parts.after.endswith(f"word{ELLIPSIS}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(6.91e9, "6.91bn"), (7.6e6, "7.6m"), (1.2e12, "1.2tn"), (12_300, "12,300"), (6.3, "6.3"), (0, "0"), (-2e9, "−2bn"),
     (999.9e6, "1,000m"), (0.125, "0.125"), (420, "420")],
)  # fmt: skip
def test_numbers_read_short(value: float, shown: str) -> None:
    assert short_number(value) == shown


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((31e9, "GBP", "about"), "about £31bn"),
        ((6.3, "%", "exact"), "6.3%"),
        ((2.1, "pp", "at_least"), "at least 2.1 points"),
        ((7.6e6, "patient", "exact"), "7.6m patients"),
        ((1, "year", "exact"), "1 year"),
        ((3, "agency", "at_most"), "at most 3 agencies"),
        ((6500, "GBP/case", "exact"), "£6,500 a case"),
        ((30, "mile/hour", "exact"), "30 miles an hour"),
        ((0.34, "GBP/kilowatt-hour", "exact"), "£0.34 a kilowatt-hour"),
        ((2e4, "GBP/outpatient", "exact"), "£20,000 an outpatient"),
        ((3, "GBP/unit", "exact"), "£3 a unit"),
        ((12, "square foot", "exact"), "12 square feet"),
        ((50, "kilohertz", "exact"), "50 kilohertz"),
        ((300, "staff", "exact"), "300 staff"),
        ((1.5e6, "person", "exact"), "1.5m people"),
        ((12, "FTE", "exact"), "12 FTEs"),
        ((20, "pound", "exact"), "20 pounds"),
        ((9e9, "JPY", "exact"), "¥9bn"),
        ((5, "CHF", "exact"), "CHF 5"),
        ((12, None, "exact"), "12"),
        ((-3e6, "EUR", "exact"), "−€3m"),
    ],
)
def test_quantities_read_with_unit_and_qualifier(arguments: tuple[float, str | None, str], shown: str) -> None:
    assert quantity(*arguments) == shown


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        (date(2010, 1, 1), date(2014, 12, 31), "2010–2014"),
        (date(2014, 4, 1), date(2015, 3, 31), "2014–15"),
        (date(1999, 4, 1), date(2000, 3, 31), "1999–00"),
        (date(2020, 3, 1), date(2020, 3, 31), "March 2020"),
        (date(2020, 3, 1), date(2020, 5, 31), "March 2020 to May 2020"),
        (date(2020, 3, 3), date(2020, 3, 3), "3 March 2020"),
        (date(2020, 3, 3), date(2020, 4, 5), "3 March 2020 to 5 April 2020"),
        (date(2010, 4, 1), date(2015, 3, 31), "April 2010 to March 2015"),
        (date(2020, 3, 3), None, "since 3 March 2020"),
        (None, date.max, "until 31 December 9999"),
        (None, None, ""),
    ],
)
def test_periods_read_as_people_name_them(start: date | None, end: date | None, shown: str) -> None:
    assert period(start, end) == shown


def test_shares_and_dates_say_no_more_than_is_known() -> None:
    assert [percent(share) for share in (0, 0.004, 0.004999, 0.5, 1)] == ["0%", "<1%", "<1%", "50%", "100%"]
    assert published(date(2019, 7, 1), "month") == "July 2019"
    assert published(date(2019, 1, 1), "year") == "2019"
    assert published(date(2019, 7, 4), "day") == "4 July 2019"
    assert published(None, None) == "undated"
