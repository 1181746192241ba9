"""What holds for every text: evidence stands where it says, numbers survive being written and read."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from extractors.article.model import Paragraph, Published
from extractors.figures import Figure, PassedOver, explain_figures, find_figures

PUBLISHED = Published(date(2024, 6, 14), "day", "test")
WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["x", "x", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
FRAGMENTS = [
    "£1.2bn",
    "6.3 per cent",
    "one in eight",
    "12,000 beds",
    "in 2014-15",
    "up from",
    "to",
    "(",
    ")",
    ",",
    "the",
    "patients",
    "a third of",
    "18-week",
    "£2bn to £3bn",
    "per scan",
    "since 2010",
    "said",
    "between",
    "and",
    "half",
    "nearly",
    "more than",
    "Covid-19",
    "£",
    "%",
    "-",
    "–",
    "1",
    "2.5",
    "million",
    "doubled",
    "\u00a0",
    "\u00ad",
    "[3]",
    "of",
    "from",
    "NHS",
    ".",
    "; ",
    "a year",
    "'",
    "two",
    "times",
    "2019",
    "Q3",
    "½",
    "e",
    "k",
    "p",
    "over-75s",
]
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join))
integers = st.integers(min_value=2, max_value=999_999_999)


def read(text: str) -> tuple[Figure, ...]:
    """The figures of one paragraph."""
    return find_figures([Paragraph(1, "prose", text)], PUBLISHED)


def in_words(number: int) -> str:
    """A whole number below a thousand million in British words."""
    for scale, name in ((1_000_000, "million"), (1000, "thousand")):
        if number >= scale:
            rest = number % scale
            link = " and " if 0 < rest < 100 else " "
            return in_words(number // scale) + f" {name}" + (link + in_words(rest) if rest else "")
    if number >= 100:
        return f"{WORDS[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    if number < 20:
        return WORDS[number]
    return TENS[number // 10] + (f"-{WORDS[number % 10]}" if number % 10 else "")


@given(texts)
def test_every_surface_is_where_it_says(text: str) -> None:
    figures, passed = explain_figures([Paragraph(7, "prose", text)], PUBLISHED)
    items: tuple[Figure | PassedOver, ...] = (*figures, *passed)
    for item in items:
        assert text[item.char_start : item.char_end] == item.surface
        assert item.paragraph_no == 7
        assert item.surface
    starts = [figure.char_start for figure in figures]
    assert starts == sorted(set(starts))
    for figure in figures:
        assert figure.change_from is None or figures[figure.change_from] is not figure


@given(texts)
def test_bounds_enclose_the_value(text: str) -> None:
    for figure in read(text):
        if figure.value_low is not None:
            assert figure.value_low <= figure.value or figure.value_high == figure.value_low
        if figure.qualifier == "at_least":
            assert figure.value_high is None
        if figure.qualifier == "at_most":
            assert figure.value_low is None


@given(integers)
def test_whole_numbers_survive_digits(number: int) -> None:
    for written in (f"{number:,}", f"{number:,}".replace(",", " "), f"{number:,}".replace(",", "\u2009")):
        (figure,) = read(f"They counted {written} patients on Monday.")
        assert (figure.value, figure.unit) == (number, "patient")


@given(integers)
def test_whole_numbers_survive_words(number: int) -> None:
    (figure,) = read(f"They counted {in_words(number)} patients on Monday.")
    assert (figure.value, figure.unit) == (number, "patient")


@given(
    st.integers(1, 9999),
    st.integers(0, 9),
    st.sampled_from(["", "k", "m", "bn", " million", " billion", "\u00a0trillion"]),
    st.sampled_from(
        [("£{}", "GBP"), ("${}", "USD"), ("€{}", "EUR"), ("£ {}", "GBP"), ("GBP {}", "GBP"), ("US${}", "USD")]
    ),
)
def test_money_survives(whole: int, tenth: int, scale: str, money: tuple[str, str]) -> None:
    sizes = {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    written, code = money[0].format(f"{whole}.{tenth}{scale}"), money[1]
    (figure,) = read(f"The bill came to {written} in the end.")
    assert figure.kind == "money"
    assert figure.unit == code
    assert abs(figure.value - float(f"{whole}.{tenth}") * sizes[scale.strip()]) <= 1e-9 * figure.value
    assert figure.surface == written


@given(
    st.integers(1, 400),
    st.integers(1, 400),
    st.sampled_from(
        [
            "{}-{}%",
            "{}–{} per cent",
            "{} to {} per cent",
            "{}% to {}%",
            "between {} and {} per cent",
            "between {}% and {}%",
        ]
    ),
)
def test_ranges_survive(low: int, more: int, form: str) -> None:
    high = low + more
    (figure,) = read("The share is " + form.format(low, high) + " of the total.")
    assert (figure.value_low, figure.value_high, figure.value) == (low, high, (low + high) / 2)
    assert (figure.kind, figure.unit, figure.qualifier) == ("percent", "%", "exact")


@given(st.integers(1998, 2026), st.sampled_from(["{}-{:02}", "{}/{:02}", "{}–{:02}", "the financial year {}/{:02}"]))
def test_financial_years_survive(year: int, form: str) -> None:
    (figure,) = read(f"In {form.format(year, (year + 1) % 100)} it spent £3m.")
    assert figure.period is not None
    assert (figure.period.start, figure.period.end) == (date(year, 4, 1), date(year + 1, 3, 31))


SENTENCES = [
    "Spending reached £8.77 billion in 2017/18, down from £9.0 billion a year earlier.",
    "Nearly one in three of the notices was blank.",
    "Waits were cut from 21 weeks to eleven.",
    "In 2019 it carried out 300 scans a week, according to the trust.",
    "More than 50 but fewer than 60 hospitals replied.",
]
FREE = ["Nobody disputes it.", "The hospital is clean.", "Managers were pleased, and so were patients.", "Why is that?"]


@given(st.sampled_from(SENTENCES), st.lists(st.sampled_from(FREE), min_size=1, max_size=3), st.booleans())
def test_a_sentence_without_figures_changes_nothing(sentence: str, free: list[str], before: bool) -> None:
    alone = read(sentence)
    text = " ".join([*free, sentence] if before else [sentence, *free])
    shift = text.index(sentence)
    there = read(text)
    assert [
        (f.surface, f.char_start + shift, f.value, f.unit, f.change, f.period, f.base, f.attribution) for f in alone
    ] == [(f.surface, f.char_start, f.value, f.unit, f.change, f.period, f.base, f.attribution) for f in there]


def plain(figures: tuple[Figure, ...]) -> list[tuple[object, ...]]:
    """What must not depend on typography or case."""
    return [
        (f.kind, f.value, f.value_low, f.value_high, (f.unit or "").lower(), f.qualifier, f.change, f.change_from)
        for f in figures
    ]


@given(st.sampled_from(SENTENCES))
def test_case_dashes_and_spaces_read_alike(sentence: str) -> None:
    normal = plain(read(sentence))
    assert plain(read(sentence.upper())) == normal
    assert plain(read(sentence.replace(" ", "\u00a0"))) == normal
    assert plain(read(sentence.replace("-", "\u2011"))) == normal
    assert plain(read(re.sub("(?<=[a-z])(?=[a-z]{3})", "\u00ad", sentence))) == normal
    assert plain(read(sentence.replace(" ", "\u200b "))) == normal
