"""Sentences of everyday life, which have nothing to do with health services, carry no theme.

`everyday/first.txt` was written before the cues were tuned on it, and none of it may get a theme; `everyday/second.txt`
was written after the cues were fixed and is never tuned on: of its sentences one in twenty may.
"""

from pathlib import Path

from extractors.article.model import Paragraph
from extractors.themes import code_themes

_FOLDER = Path(__file__).parent / "everyday"


def coded(name: str) -> tuple[list[str], int]:
    """The sentences of a list that get a theme, each read by itself, and how many there are."""
    sentences = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [text for text in sentences if code_themes([Paragraph(1, "prose", text)])], len(sentences)


def test_everyday_sentences_carry_no_theme() -> None:
    found, number = coded("first.txt")
    assert found == []
    assert number >= 200


def test_of_sentences_written_after_the_cues_one_in_twenty_may_carry_a_theme() -> None:
    found, number = coded("second.txt")
    assert len(found) <= number / 20
    assert number >= 200
