"""The fitted weights of words: read from a table, summed beside the cues, named in the explanation."""

import shutil
from pathlib import Path

import pytest

from extractors.article.model import Paragraph
from extractors.lexicon import LexiconError
from extractors.themes import code_themes, explain_themes, read_codebook
from extractors.themes.codebook import Codebook, read_word_weights
from extractors.themes.model import ThemeMention

_BOOK = Path(read_codebook.__code__.co_filename).parent
_COLUMNS = ("capacity", "trust", "problem", "benefit")
_OBLIQUE = "The lounge was blue by noon and the corridor by four."
# Words count in full only where enough of them are known: a further sentence of known words that weigh nothing.
_MANY = [f"pad{first}{second}" for first in "abcdefgh" for second in "klmnoprt"]
_PADDING = f" {' '.join(_MANY)}."


def table(*rows: tuple[str, dict[str, int]]) -> str:
    """A table of these rows; a column that a row does not name is 0."""
    lines = ["\t".join(("word", *_COLUMNS))]
    rows = (*rows, *((word, {}) for word in _MANY))
    lines += ["\t".join((word, *(str(weights.get(column, 0)) for column in _COLUMNS))) for word, weights in rows]
    return "\n".join(lines) + "\n"


def book_with(folder: Path, table: str) -> Codebook:
    """The codebook as it is, but for its table of words."""
    for name in ("codebook.toml", "classes.toml", "framing.toml"):
        shutil.copy(_BOOK / name, folder / name)
    shutil.copytree(_BOOK / "cues", folder / "cues")
    (folder / "words.tsv").write_text(table, encoding="utf-8")
    return read_codebook(folder)


def mentions(book: Codebook, text: str) -> dict[str, ThemeMention]:
    found = code_themes([Paragraph(1, "prose", text + _PADDING)], book)
    return {mention.theme_id: mention for mention in found}


def test_words_alone_code_a_theme_and_are_its_evidence(tmp_path: Path) -> None:
    book = book_with(
        tmp_path,
        table(
            ("*", {}),
            ("lounge", {"capacity": 2000}),
            ("the corridor", {"capacity": 1500}),
            ("noon", {"capacity": -200}),
        ),
    )
    found = mentions(book, _OBLIQUE)
    assert found.keys() == {"capacity"}
    assert found["capacity"].surface == "lounge was blue by noon and the corridor"
    assert found["capacity"].cues == ("“lounge”", "“the corridor”")


def test_words_against_a_theme_outweigh_a_cue(tmp_path: Path) -> None:
    text = "There was a culture of suspicion in the lounge."
    assert "trust" in mentions(read_codebook(), text)
    assert "trust" not in mentions(book_with(tmp_path, table(("*", {}), ("lounge", {"trust": -9000}))), text)


def test_a_weight_is_shared_by_the_root_of_the_known_words(tmp_path: Path) -> None:
    book = book_with(tmp_path, table(("*", {}), ("lounge", {"capacity": 3000}), ("noon", {})))
    known = len(_MANY) + 1
    assert mentions(book, "Lounge.")["capacity"].score == pytest.approx(30 / known**0.5, abs=1e-3)
    assert mentions(book, "Lounge lounge noon.")["capacity"].score == pytest.approx(30 / (known + 1) ** 0.5, abs=1e-3)


def test_a_short_sentence_is_left_to_its_cues(tmp_path: Path) -> None:
    book = book_with(tmp_path, table(("*", {}), ("lounge", {"capacity": 3000, "trust": -3000})))
    found = code_themes([Paragraph(1, "prose", "There was a culture of suspicion in the lounge.")], book)
    assert [mention.theme_id for mention in found] == ["trust"]


def test_inflections_beginnings_and_numbers_meet_their_row(tmp_path: Path) -> None:
    rows = (("lounge", {"capacity": 2000}), ("corr*", {"trust": 2000}), ("#number tents", {"capacity": 2000}))
    book = book_with(tmp_path, table(("*", {}), *rows))
    assert "capacity" in mentions(book, "Lounges.")
    assert "trust" in mentions(book, "Corridors.")
    assert "capacity" in mentions(book, "Some 86 tents.")


def test_words_frame_a_mention(tmp_path: Path) -> None:
    for framing in ("problem", "benefit"):
        folder = tmp_path / framing
        folder.mkdir()
        book = book_with(folder, table(("*", {}), ("lounge", {"capacity": 2000, framing: 9000})))
        assert mentions(book, "The lounge.")["capacity"].framing == framing


def test_user_can_leave_the_words_out(tmp_path: Path) -> None:
    override = tmp_path / "no-words.toml"
    override.write_text("[coding]\nwords = 0\n", encoding="utf-8")
    without = read_codebook(overrides=[override])
    read, missed = explain_themes(
        [Paragraph(1, "prose", "Waiting lists grew, and trust between partners was lost." + _PADDING)], without
    )
    assert read
    names = [name for mention in read for name in mention.cues] + [name for miss in missed for name in miss.cues]
    assert not [name for name in names if name.startswith("“")]


def test_codebook_without_a_table_codes_by_its_cues(tmp_path: Path) -> None:
    book = book_with(tmp_path, table(("*", {})))
    (tmp_path / "words.tsv").unlink()
    alone = read_codebook(tmp_path)
    assert alone.version != book.version
    assert "capacity" in mentions(alone, "Waiting lists grew.")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("word\tcapasity\n*\t1\n", "line 1"),
        ("word\tcapacity\ttrust\n*\t1\n", "line 2"),
        (table(("lounge", {})), "line 2"),
        ("word\tcapacity\n*\t0\nlounge\tmuch\n", "line 3, 'lounge"),
        ("word\tcapacity\n*\t0\nlounge\t\n", "line 3, 'lounge"),
        (table(("*", {}), ("lounge", {}), ("lounges", {})), "line 4, 'lounges'"),
    ],
)
def test_error_names_the_file_and_the_line(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "words.tsv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=place) as error:
        read_word_weights(file, _COLUMNS)
    assert str(file) in str(error.value)
