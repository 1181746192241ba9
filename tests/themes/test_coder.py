"""Mentions and their evidence: offsets, order, and indifference to typography, case and list markers."""

import pickle
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.article.model import Paragraph, ParagraphKind
from extractors.themes import FRAMINGS, Framing, code_themes, explain_themes, read_codebook, vocabulary
from tests.themes.coded import corpus

_SENTENCES = [
    "Commissioners' decisions about block-booked beds were slow - and nobody's accountable.",
    'The company "put profits first", said one nurse; staff shortages got worse.',
    "Patients' choice isn't widened by a two-tier system.",
    "The government pledged £2bn for 40 new hospitals; PFI won't pay for them.",
    "Trust between partners can't be bought - it's earned.",
]
_THEMES = {theme.theme_id for theme in read_codebook().themes}


def paragraphs(*texts: str, kind: ParagraphKind = "prose") -> list[Paragraph]:
    return [Paragraph(number, kind, text) for number, text in enumerate(texts, 1)]


def codes(text: str) -> set[tuple[str, str, int, int, float]]:
    return {(m.theme_id, m.framing, m.char_start, m.char_end, m.score) for m in code_themes(paragraphs(text))}


@given(st.lists(st.text(max_size=300) | st.sampled_from(_SENTENCES), max_size=4))
@settings(max_examples=2 * settings().max_examples)
def test_any_text_is_coded_with_offsets_that_hold(texts: list[str]) -> None:
    given_paragraphs = paragraphs(*texts)
    for mention in code_themes(given_paragraphs):
        text = given_paragraphs[mention.paragraph_no - 1].text
        assert text[mention.char_start : mention.char_end] == mention.surface != ""
        assert mention.theme_id in _THEMES
        assert mention.framing in FRAMINGS
        assert mention.cues


@given(st.sampled_from(_SENTENCES), st.text(alphabet="éßİ𝒳 \u00a0–“…", max_size=12))
def test_odd_characters_before_the_evidence_shift_its_offsets_only(sentence: str, before: str) -> None:
    prefix = before + " | "
    shifted = {(theme, start - len(prefix), end - len(prefix)) for theme, _, start, end, _ in codes(prefix + sentence)}
    assert shifted == {(theme, start, end) for theme, _, start, end, _ in codes(sentence)}


@given(st.sampled_from(_SENTENCES), st.data())
def test_quotes_dashes_and_spaces_of_any_form_are_alike(sentence: str, data: st.DataObject) -> None:
    forms = {"'": "'’‘", '"': '"“”', "-": "-–—‑", " ": " \u00a0\u2009"}
    varied = "".join(data.draw(st.sampled_from(forms.get(character, character))) for character in sentence)
    assert codes(varied) == codes(sentence)


@given(st.sampled_from(_SENTENCES))
def test_lower_case_finds_the_same_themes(sentence: str) -> None:
    assert {code[0] for code in codes(sentence.lower())} == {code[0] for code in codes(sentence)}


def test_mentions_come_by_paragraph_then_by_falling_score() -> None:
    mentions = code_themes(paragraphs(*_SENTENCES))
    order = [(mention.paragraph_no, -mention.score, mention.theme_id) for mention in mentions]
    assert order == sorted(order)
    assert len({mention.paragraph_no for mention in mentions}) == len(_SENTENCES)


def test_a_theme_is_coded_once_a_paragraph_and_its_cues_are_named_strongest_first() -> None:
    text = "Waiting lists grew. The backlog grew. Waiting times grew, and theatre capacity stood idle."
    mentions = [mention for mention in code_themes(paragraphs(text)) if mention.theme_id == "capacity"]
    assert len(mentions) == 1
    weights = {cue.name: cue.weight for cue in read_codebook().cues if cue.target == "capacity"}
    fired = [weights[name] for name in mentions[0].cues]
    assert len(fired) > 1
    assert fired == sorted(fired, reverse=True)


def test_paragraphs_of_a_short_text_do_not_colour_each_other() -> None:
    alone = [code_themes(paragraphs(text)) for text in _SENTENCES]
    together = code_themes(paragraphs(*_SENTENCES))
    assert [(m.theme_id, m.framing, m.score) for found in alone for m in found] == [
        (m.theme_id, m.framing, m.score) for m in together
    ]


def test_a_theme_that_a_single_paragraph_of_an_article_touches_needs_more(tmp_path: Path) -> None:
    cue = tmp_path / "zebra.toml"
    cue.write_text('for_theme = "value"\n[[cue]]\nname = "zebra"\nweight = 0.9\npatterns = ["zebra"]\n')
    book = read_codebook(overrides=[cue])
    rest = ["The rain fell."] * int(book.coding.article)

    def coded(*texts: str) -> list[int]:
        return [mention.paragraph_no for mention in code_themes(paragraphs(*texts), book)]

    first = coded("A zebra at the clinic.")
    assert len(first) == 1
    assert coded("A zebra at the clinic.", *rest) == []
    assert len(coded("A zebra at the clinic.", "Another zebra.", *rest)) == 2


def test_a_theme_that_the_rest_of_an_article_speaks_of_needs_less(tmp_path: Path) -> None:
    cue = tmp_path / "zebra.toml"
    weights = {"zebra": 0.6, "herd": 1.5}
    entries = [f'[[cue]]\nname = "{it}"\nweight = {weight}\npatterns = ["{it}"]\n' for it, weight in weights.items()]
    cue.write_text('for_theme = "value"\n' + "".join(entries))
    book = read_codebook(overrides=[cue])

    def coded(*texts: str) -> set[int]:
        return {
            mention.paragraph_no for mention in code_themes(paragraphs(*texts), book) if mention.theme_id == "value"
        }

    zebra, others = "A zebra at the clinic.", int(book.coding.article)
    assert coded(zebra, *["The herd at the clinic."] * others) == set(range(1, others + 2))
    assert 1 not in coded(zebra, *["The rain fell."] * others)


def test_near_misses_lie_between_their_share_and_the_threshold_and_are_not_coded() -> None:
    text = "There was some friction over the car park."
    mentions, misses = explain_themes(paragraphs(text, *_SENTENCES))
    coded = {(mention.paragraph_no, mention.theme_id) for mention in mentions}
    share = read_codebook().coding.near_miss
    assert misses
    for miss in misses:
        assert share * miss.threshold <= miss.score < miss.threshold
        assert miss.cues
        assert (miss.paragraph_no, miss.theme_id) not in coded


def test_nothing_to_read_gives_nothing() -> None:
    assert code_themes([]) == ()
    assert code_themes(paragraphs("", " ", "?!", "1234")) == ()


def test_every_framing_of_the_model_can_be_given() -> None:
    assert set(FRAMINGS) == set(get_args(Framing))


def some_paragraphs() -> list[Paragraph]:
    """Paragraphs of several writers, fewer than an article in which one touch of a theme alone counts less."""
    held = [one.paragraph for one in islice(corpus(), 0, None, 1_000)]
    return [replace(paragraph, paragraph_no=number) for number, paragraph in enumerate(held[:7], 1)]


def test_paragraphs_are_coded_alike_together_and_alone() -> None:
    together = code_themes(some_paragraphs())
    assert together == tuple(mention for one in some_paragraphs() for mention in code_themes([one]))
    assert len({mention.theme_id for mention in together}) > 3


def test_a_codebook_sent_to_another_process_codes_alike() -> None:
    book = read_codebook()
    expected = code_themes(some_paragraphs(), book)
    assert code_themes(some_paragraphs(), pickle.loads(pickle.dumps(book))) == expected


def test_words_are_numbered_anew_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = code_themes(some_paragraphs())
    monkeypatch.setattr(vocabulary, "_LIMIT", 20)
    book = pickle.loads(pickle.dumps(read_codebook()))
    assert tuple(mention for one in some_paragraphs() for mention in code_themes([one], book)) == expected
