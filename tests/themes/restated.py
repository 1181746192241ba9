"""The restated pieces of commentary with the codes that people gave their paragraphs by docs/codebook.md.

A piece is `restated/aNN-genre.txt` (its README tells the form). Its codes are `restated/codes/aNN.tsv`, one row a code:
line of the paragraph in the file (from 1), theme and framing, with `-` and `-` for a paragraph that carries no theme.
Further readings of a part of the pieces are in `restated/codes/second`, by the same hand, and `restated/codes/blind`,
by another that saw no codes; the README tells what each is worth.

    python -m tests.themes.restated     how much is coded, how often each theme, how far the readings agree
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.article.model import Paragraph
from extractors.themes import read_codebook
from extractors.themes.model import FRAMINGS
from tests.gold.paragraphs import read_paragraph

FOLDER = Path(__file__).parent / "restated"
MORE = FOLDER / "more"
"""Pieces of three later writers; cues and words were learned without them."""
CODES = FOLDER / "codes"
SECOND_CODES = CODES / "second"
BLIND_CODES = CODES / "blind"
MORE_CODES = MORE / "codes"
MORE_BLIND_CODES = MORE_CODES / "blind"
HEADINGS = ("Title", "Publisher", "Genre", "Year", "Nation", "Writer")
"""The lines that stand over a piece, in their order; a blank line and the paragraphs follow."""
_HELD_OUT = 0.15
_NONE = "-"
_READINGS = (
    ("two readings by one hand, not blind,", SECOND_CODES),
    ("two readers, the second blind,", BLIND_CODES),
)
"""What the first reading is compared with: how that is called, and its folder."""

Coding = dict[str, str]
"""Theme and framing of what a reader saw in a paragraph."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece; the number of a paragraph is its line in the file."""

    name: str
    about: Mapping[str, str]
    paragraphs: tuple[Paragraph, ...]

    @property
    def kept_aside(self) -> bool:
        """Whether no cue, weight, threshold or choice may be made with it: its number is divisible by three."""
        return int(self.name[1:]) % 3 == 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readings of the same paragraphs agree."""

    paragraphs: int
    kappa: float
    """Cohen's kappa over all decisions, each paragraph with each theme."""
    precision: float
    """Share of the second reading's codes that the first has."""
    recall: float
    """Share of the first reading's codes that the second has."""
    framing: float
    """Share of the codes of both that have the same framing in both."""
    by_theme: Mapping[str, tuple[float, int]]
    """Kappa of each theme, and how many paragraphs the first reading gave it."""


def read_pieces(folder: Path = FOLDER) -> list[Piece]:
    """Every piece, in the order of the names.

    Raises:
        ValueError: a piece does not open with its heading lines; the message names file and line.
    """
    return [_read_piece(file) for file in sorted(folder.glob("[a-z][0-9]*-*.txt"))]


def read_codes(piece: Piece, folder: Path = CODES) -> dict[int, Coding] | None:
    """The coding of each paragraph of the piece by its number, or nothing where the folder has none for the piece.

    Raises:
        ValueError: a row that is not a code, a theme or framing that the codebook does not know, a line that is no
            paragraph, a theme twice in a paragraph, or a paragraph without a row; the message names file and line.
    """
    file = folder / f"{piece.name}.tsv"
    if not file.exists():
        return None
    codings: dict[int, Coding | None] = {paragraph.paragraph_no: None for paragraph in piece.paragraphs}
    for number, row in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            _add_code(codings, row)
        except ValueError as error:
            raise ValueError(f"{file.name}, line {number}: {error}") from None
    left_out = [line for line, coding in codings.items() if coding is None]
    if left_out:
        raise ValueError(f"{file.name}: no row for the paragraphs of lines {', '.join(map(str, left_out))}")
    return {line: coding for line, coding in codings.items() if coding is not None}


def held_out() -> frozenset[str]:
    """The names of the later pieces that the small language model learned nothing from (fit_meaning.py)."""
    names = [piece.name for piece in read_pieces(MORE)]
    random.Random(7).shuffle(names)
    return frozenset(names[: int(len(names) * _HELD_OUT)])


def agreement(first: Sequence[Coding], second: Sequence[Coding], themes: Sequence[str]) -> Agreement:
    """How far two readings of the same paragraphs, given in the same order, agree."""
    pairs = list(zip(first, second, strict=True))
    both = [(one[theme], other[theme]) for one, other in pairs for theme in one if theme in other]
    counts = {theme: _table(pairs, theme) for theme in themes}
    return Agreement(
        paragraphs=len(pairs),
        kappa=_kappa([sum(column) for column in zip(*counts.values(), strict=True)]),
        precision=len(both) / max(sum(map(len, second)), 1),
        recall=len(both) / max(sum(map(len, first)), 1),
        framing=sum(one == other for one, other in both) / max(len(both), 1),
        by_theme={theme: (_kappa(table), table[0] + table[1]) for theme, table in counts.items()},
    )


def _read_piece(file: Path) -> Piece:
    lines = file.read_text(encoding="utf-8").splitlines()
    about = {}
    for number, name in enumerate(HEADINGS, 1):
        key, _, value = (lines[number - 1] if number <= len(lines) else "").partition(": ")
        if key != name or not value:
            raise ValueError(f'{file.name}, line {number}: expected "{name}: ..."')
        about[name] = value
    body = enumerate(lines[len(HEADINGS) :], len(HEADINGS) + 1)
    paragraphs = tuple(read_paragraph(number, line) for number, line in body if line.strip())
    return Piece(file.stem.partition("-")[0], about, paragraphs)


def _add_code(codings: dict[int, Coding | None], row: str) -> None:
    cells = row.split("\t")
    if len(cells) != 3 or not cells[0].isdigit():
        raise ValueError("expected line, theme and framing, parted by tabs")
    line, theme, framing = int(cells[0]), cells[1], cells[2]
    if line not in codings:
        raise ValueError(f"line {line} of the piece is no paragraph")
    seen = codings[line]
    if theme == framing == _NONE:
        if seen is not None:
            raise ValueError(f"line {line} of the piece has a theme and none, or none twice")
        codings[line] = {}
        return
    if theme not in _theme_ids():
        raise ValueError(f'the codebook has no theme "{theme}"')
    if framing not in FRAMINGS:
        raise ValueError(f'no framing "{framing}"; there are {", ".join(FRAMINGS)}')
    if seen == {} or theme in (seen or {}):
        raise ValueError(f'line {line} of the piece has "{theme}" twice, or a theme and none')
    codings[line] = {**(seen or {}), theme: framing}


def _theme_ids() -> list[str]:
    return [theme.theme_id for theme in read_codebook().themes]


def _table(pairs: Iterable[tuple[Coding, Coding]], theme: str) -> tuple[int, int, int, int]:
    """How many paragraphs have the theme in both readings, the first only, the second only, neither."""
    seen = Counter((theme in one, theme in other) for one, other in pairs)
    return seen[True, True], seen[True, False], seen[False, True], seen[False, False]


def _kappa(table: Sequence[int]) -> float:
    both, first, second, neither = table
    total = sum(table)
    agreed = (both + neither) / total
    chance = ((both + first) * (both + second) + (neither + first) * (neither + second)) / total**2
    return (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def _rates(codings: Sequence[Coding]) -> Iterator[str]:
    themes = Counter(theme for coding in codings for theme in coding)
    framings = Counter(framing for coding in codings for framing in coding.values())
    codes = sum(themes.values())
    bare = sum(not coding for coding in codings)
    total = len(codings)
    yield f"{total} paragraphs, {codes} codes ({codes / total:.2f} each), {bare / total:.0%} with none"
    yield "  " + "  ".join(f"{theme} {count / total:.3f}" for theme, count in themes.most_common())
    yield "  " + "  ".join(f"{framing} {framings[framing] / codes:.3f}" for framing in FRAMINGS)


def _compared(pieces: Sequence[Piece]) -> Iterator[str]:
    for name, folder in _READINGS:
        yield from _compared_with(name, folder, pieces)


def _compared_with(name: str, folder: Path, pieces: Sequence[Piece]) -> Iterator[str]:
    first: list[Coding] = []
    second: list[Coding] = []
    for piece in pieces:
        one, other = read_codes(piece), read_codes(piece, folder)
        if one is not None and other is not None:
            first += one.values()
            second += other.values()
    if not first:
        return
    found = agreement(first, second, _theme_ids())
    yield (
        f"{name} of {found.paragraphs} paragraphs: kappa {found.kappa:.3f}"
        f"  precision {found.precision:.3f}  recall {found.recall:.3f}  framing {found.framing:.3f}"
    )
    told = sorted(found.by_theme.items(), key=lambda item: -item[1][1])
    yield "  " + "  ".join(f"{theme} {kappa:.2f} of {count}" for theme, (kappa, count) in told)


def main() -> None:
    """Print the rates of themes and framings and the agreement of the readings, kept aside and not."""
    for label, aside in (("Kept aside", True), ("To learn from", False)):
        pieces = [piece for piece in read_pieces() if piece.kept_aside is aside]
        codes = [coding for piece in pieces for coding in (read_codes(piece) or {}).values()]
        print(f"{label}: {len(pieces)} pieces")
        for line in [*_rates(codes), *_compared(pieces)]:
            print("  " + line)
    print("All:")
    for line in _compared(read_pieces()):
        print("  " + line)


if __name__ == "__main__":
    main()
