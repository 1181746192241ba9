"""The restated pieces and their codes: all of them hold, and a broken code is told by its place."""

from pathlib import Path

import pytest

from tests.themes.restated import (
    BLIND_CODES,
    CODES,
    FOLDER,
    MORE,
    MORE_BLIND_CODES,
    MORE_CODES,
    SECOND_CODES,
    Piece,
    agreement,
    read_codes,
    read_pieces,
)

_PIECES = read_pieces()
_MORE = read_pieces(MORE)
_GENRES = {
    *("law_firm", "think_tank", "union", "campaign", "trade_body", "column", "consultancy"),
    *("local_paper", "interview", "hearing", "clinician_blog", "party_speech", "national_news", "trade_press"),
}


def test_every_piece_is_of_a_known_genre_nation_and_time() -> None:
    assert _PIECES
    assert _MORE
    for piece in (*_PIECES, *_MORE):
        assert piece.about["Genre"] in _GENRES
        assert piece.about["Nation"] in {"England", "Scotland", "Wales"}
        assert 2000 <= int(piece.about["Year"]) <= 2026
        assert piece.paragraphs


@pytest.mark.parametrize(
    ("pieces", "folder"),
    [(_PIECES, CODES), (_PIECES, SECOND_CODES), (_PIECES, BLIND_CODES), (_MORE, MORE_CODES), (_MORE, MORE_BLIND_CODES)],
    ids=["first", "second", "blind", "later writers", "later writers, blind"],
)
def test_codes_hold_for_every_piece_that_has_them(pieces: list[Piece], folder: Path) -> None:
    coded = {piece.name for piece in pieces if read_codes(piece, folder)}
    assert coded == {file.stem for file in folder.glob("*.tsv")} != set()


def test_only_pieces_kept_aside_are_coded_blind() -> None:
    assert {file.stem for file in BLIND_CODES.glob("*.tsv")} <= {piece.name for piece in _PIECES if piece.kept_aside}


def test_a_third_of_the_pieces_is_kept_aside() -> None:
    aside = [piece for piece in _PIECES if piece.kept_aside]
    assert len(aside) == pytest.approx(len(_PIECES) / 3, abs=1)


def _piece(tmp_path: Path, rows: str) -> Piece:
    heading = "Title: T\nPublisher: P\nGenre: union\nYear: 2012\nNation: Wales\nWriter: a\n"
    (tmp_path / "a07-union.txt").write_text(heading + "\nFirst words.\n\nSecond words.\n", encoding="utf-8")
    (tmp_path / "a07.tsv").write_text(rows, encoding="utf-8")
    return read_pieces(tmp_path)[0]


def test_codes_are_read_by_line(tmp_path: Path) -> None:
    piece = _piece(tmp_path, "8\tcapacity\tproblem\n8\tworkforce\tcontext\n10\t-\t-\n")
    assert [paragraph.text for paragraph in piece.paragraphs] == ["First words.", "Second words."]
    assert read_codes(piece, tmp_path) == {8: {"capacity": "problem", "workforce": "context"}, 10: {}}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("8\tcapacity\tproblem\n", "a07.tsv: no row for the paragraphs of lines 10"),
        ("8\tcapacities\tproblem\n", 'line 1: the codebook has no theme "capacities"'),
        ("8\tcapacity\tgood\n", 'line 1: no framing "good"'),
        ("8\t-\t-\n9\tcapacity\tproblem\n", "line 2: line 9 of the piece is no paragraph"),
        ("8\tcapacity\tproblem\n8\tcapacity\tbenefit\n", 'line 2: line 8 of the piece has "capacity" twice'),
        ("8\tcapacity\tproblem\n8\t-\t-\n", "line 2: line 8 of the piece has a theme and none"),
        ("8\t-\t-\n8\tcapacity\tproblem\n", "or a theme and none"),
        ("8 capacity problem\n", "line 1: expected line, theme and framing"),
        ("8\tcapacity\t-\n", 'no framing "-"'),
    ],
)
def test_broken_code_is_told_by_its_place(tmp_path: Path, rows: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"a07\.tsv") as error:
        read_codes(_piece(tmp_path, rows), tmp_path)
    assert told in str(error.value)


def test_piece_without_its_heading_lines_is_told_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "a01-union.txt").write_text("Title: T\nGenre: union\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r'a01-union\.txt, line 2: expected "Publisher: \.\.\."'):
        read_pieces(tmp_path)


def test_piece_that_nobody_has_coded_has_no_codes(tmp_path: Path) -> None:
    assert read_codes(_PIECES[0], tmp_path) is None


def test_agreement_counts_each_paragraph_with_each_theme() -> None:
    first = [{"capacity": "problem"}, {"workforce": "context"}, {}, {"capacity": "benefit"}]
    second = [{"capacity": "problem"}, {}, {}, {"capacity": "context", "workforce": "context"}]
    found = agreement(first, second, ["capacity", "workforce"])
    # Eight decisions: two themes in both readings, one in each alone, four in neither.
    assert (found.paragraphs, found.precision, found.recall, found.framing) == (4, 2 / 3, 2 / 3, 0.5)
    assert found.kappa == pytest.approx((6 / 8 - 34 / 64) / (1 - 34 / 64))
    assert found.by_theme["capacity"] == (1.0, 2)


def test_folder_of_the_pieces_holds_nothing_that_is_not_read() -> None:
    for folder, pieces in ((FOLDER, _PIECES), (MORE, _MORE)):
        assert {file.name.partition("-")[0] for file in folder.glob("*.txt")} == {piece.name for piece in pieces}
