"""Emerging language: what rises, what belongs to a theme already, and where it stands."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.themes import ParagraphText, emerging_terms


def passages(name: str, *texts: str) -> list[ParagraphText]:
    return [ParagraphText(f"{name}{number}", 1, text) for number, text in enumerate(texts)]


_EARLIER = passages("old", *["The garden was painted green by a neighbour."] * 10)
_RISING = "A quiet word about zebra crossings was heard in the garden."


def test_term_of_recent_articles_rises_with_its_examples() -> None:
    recent = passages("new", *[_RISING] * 6)
    terms = {term.term: term for term in emerging_terms(recent, _EARLIER)}
    rising = terms["zebra crossings"]
    assert rising.recent_articles == 6
    assert rising.earlier_articles == 0
    assert rising.z > 1.6
    assert "garden" not in terms
    for example in rising.examples:
        text = next(passage.text for passage in recent if passage.article_id == example.article_id)
        assert text[example.char_start : example.char_end] == "zebra crossings"


def test_examples_are_of_the_form_that_names_the_term() -> None:
    forms = ["A zebra crossing was heard.", "A zebra-crossing was heard.", *["Many zebra crossings were heard."] * 4]
    recent = passages("new", *forms)
    texts = {passage.article_id: passage.text for passage in recent}
    [term] = [term for term in emerging_terms(recent, _EARLIER) if "zebra" in term.term]
    assert (term.term, term.recent_articles) == ("zebra crossings", 6)
    assert {texts[example.article_id][example.char_start : example.char_end] for example in term.examples} == {
        "zebra crossings"
    }


@pytest.mark.parametrize("form", ["Lamp-Post", "lamp\u00a0post", "DAY’S CASE", "ΟΔΟΣ case", "İzmir case"])
def test_term_is_written_as_in_its_example(form: str) -> None:
    with duckdb.connect() as connection:
        for term in emerging_terms(passages("new", *[f"We saw the {form} there."] * 6), _EARLIER):
            text = f"We saw the {form} there."
            found = connection.execute(
                "SELECT lower(substr($text, $first + 1, $last - $first)) = lower($term)",
                {
                    "text": text,
                    "first": term.examples[0].char_start,
                    "last": term.examples[0].char_end,
                    "term": term.term,
                },
            ).fetchone()
            assert found == (True,), term


def test_longer_term_stands_for_its_parts() -> None:
    terms = {term.term for term in emerging_terms(passages("new", *[_RISING] * 6), _EARLIER)}
    assert "zebra" not in terms
    assert "crossings" not in terms


def test_term_that_a_theme_knows_is_not_emerging() -> None:
    recent = passages("new", *["Privatisation and zebra crossings."] * 6)
    terms = {term.term for term in emerging_terms(recent, _EARLIER)}
    assert terms == {"zebra crossings"}


def test_one_long_article_makes_no_tendency() -> None:
    recent = [ParagraphText("new", number, "Zebra crossings.") for number in range(50)]
    assert emerging_terms(recent, _EARLIER) == ()


def test_terms_cross_neither_stop_words_nor_punctuation_nor_sentences() -> None:
    recent = passages("new", *["Purple lamps, yellow kites. Orange of tables"] * 6)
    terms = {term.term for term in emerging_terms(recent, _EARLIER)}
    assert terms == {"purple lamps", "yellow kites", "orange", "tables"}


def test_nothing_against_nothing() -> None:
    assert emerging_terms([], []) == ()
    assert emerging_terms([], _EARLIER) == ()


@given(st.lists(st.text(max_size=60), max_size=12), st.lists(st.text(max_size=60), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_texts_give_terms_with_true_offsets_in_order(recent: list[str], earlier: list[str]) -> None:
    now = passages("new", *recent)
    texts = {passage.article_id: passage.text for passage in now}
    terms = emerging_terms(now, passages("old", *earlier))
    assert [term.z for term in terms] == sorted((term.z for term in terms), reverse=True)
    for term in terms:
        for example in term.examples:
            surface = texts[example.article_id][example.char_start : example.char_end]
            assert surface and surface == surface.strip()
            assert surface.lower() == term.term.lower()
