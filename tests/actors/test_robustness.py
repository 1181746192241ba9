"""No text raises, whatever it holds; evidence stands where it says; no place is named twice."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.actors import find_actors
from extractors.actors.model import WhoSaysWhat
from extractors.article.model import Paragraph
from extractors.figures import find_figures
from tests.actors.marked import read_marked

_BITS = st.sampled_from([  # each by itself harmless
    "NHS England", "the ", "The ", "said", " said ", "told", "that ", "“", "”", "‘", "’", "\"", "'", "'s", ", ",
    ". ", ": ", "; ", "(", ")", " and ", " of ", "Dr ", "Mr ", "Jane Smith", "Smith", "Circle", "Reform",
    "chief executive", "Kelmere NHS Foundation Trust", "(KFT)", "Trust", "Q: ", "A: ", "\u00a0", "\u200b",
    "according to ", "a report by ", "found", "£5m", "40 per cent", "I ", "she ", "they ", "adding",
    "which ", "who ", "wrote to ", " to say ", "quoted ", " as saying ", "(Roe 2019; ", "It found that ",
    "In its evidence ", "Source: ", "with ", " apologised ", "its director, ", "were called ", " by ",
    "as one put it", "😀", "İ", "ß", "ﬁ", "-", "–", "…", "?", "!", "\n", "\t",
    "Barking, Havering and Redbridge Trust", "https://example.org/a", "Committee", "Act", "a", " ",
])  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_BITS, max_size=40).map("".join))
_KINDS = st.sampled_from(["prose", "heading", "quote", "list_item", "caption"])


def _paragraphs(texts: list[tuple[str, str]]) -> list[Paragraph]:
    return [Paragraph(number, kind, text) for number, (kind, text) in enumerate(texts, 1)]  # type: ignore[arg-type]


def _hold(paragraphs: list[Paragraph], found: WhoSaysWhat) -> None:
    texts = {paragraph.paragraph_no: paragraph.text for paragraph in paragraphs}
    for layer in (found.mentions, found.quotations, found.citations):
        places = [(one.paragraph_no, one.char_start) for one in layer]
        assert len(places) == len(set(places))
        for one in layer:
            assert one.surface
            assert one.char_start >= 0
            assert texts[one.paragraph_no][one.char_start : one.char_end] == one.surface


@settings(max_examples=4 * settings().max_examples)
@given(st.lists(st.tuples(_KINDS, _TEXTS), max_size=6), st.one_of(st.none(), _TEXTS), st.lists(_TEXTS, max_size=2))
def test_no_text_raises(texts: list[tuple[str, str]], publisher: str | None, authors: list[str]) -> None:
    paragraphs = _paragraphs(texts)
    figures = find_figures(paragraphs)
    found = find_actors(paragraphs, figures, publisher=publisher, authors=authors)
    _hold(paragraphs, found)
    assert len(found.attributed) == len(figures)


def test_offsets_hold_on_whole_articles() -> None:
    for article in read_marked("dev"):
        paragraphs = list(article.paragraphs)
        _hold(paragraphs, find_actors(paragraphs, find_figures(paragraphs)))


@pytest.mark.parametrize(
    "link",
    [" and said the plan was wrong", "; she said it was wrong and said it was right", " said Ann Low and said Ben Ng"],
)
def test_a_chain_of_sayings_takes_work_in_step_with_its_length(link: str) -> None:
    """Work is counted, not timed: four times the text makes four times the calls."""
    small, large = (_calls(f"Ann Low came in{link * times}.") for times in (100, 400))
    assert large < 5 * small


def _calls(text: str) -> int:
    """How many functions are called while actors are found."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    paragraphs = _paragraphs([("prose", text)])
    figures = find_figures(paragraphs)
    find_actors(paragraphs, figures)  # what is built once is not counted
    sys.setprofile(count)
    try:
        find_actors(paragraphs, figures)
    finally:
        sys.setprofile(None)
    return calls
