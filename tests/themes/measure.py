"""How well themes and framings are coded: the restated pieces first, those kept aside before all others.

    python -m tests.themes.measure           a line for each part, with intervals; the pieces kept aside by genre
    python -m tests.themes.measure --themes  also F1 of each theme on the pieces kept aside
    python -m tests.themes.measure --meaning with the small language model, and of the later writers what was held out

Every article is coded whole, as the pipeline does. Intervals hold 95 of 100 samples of pieces drawn with replacement,
since paragraphs of one piece are no independent trials.
"""

import argparse
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.article.model import Paragraph
from extractors.themes import Codebook, code_themes, read_codebook
from tests.gold.paragraphs import part_of, read_gold
from tests.themes.restated import MORE, MORE_CODES, Coding, Piece, held_out, read_codes, read_pieces

_SAMPLES = 2_000
_LATER = "later writers"
_ENOUGH = 10
PARTS = ("kept aside", _LATER, "learned from", "dev", "seeds")
Counts = NDArray[np.int64]
"""Of one article: a row a theme; found rightly, found wrongly, missed, framed rightly among those found rightly."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One article: where it belongs, how many paragraphs it has, and its counts."""

    part: str
    genre: str
    paragraphs: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement of what is found with what people coded."""

    kappa: float
    precision: float
    recall: float
    macro_f1: float
    framing: float


def scored(book: Codebook, parts: Collection[str] = PARTS, *, every: int = 1) -> list[Scored]:
    """Every piece that is coded, then the articles of the gold, each coded whole; of the parts that are named.

    With `every` only the first of so many pieces.
    """
    unseen = held_out() if book.meaning else None
    later = (piece for piece in read_pieces(MORE) if unseen is None or piece.name in unseen)
    pieces = [
        *((_part(piece), piece, read_codes(piece)) for piece in read_pieces()),
        *((_LATER, piece, read_codes(piece, MORE_CODES)) for piece in later),
    ]
    coded = [(part, piece, codes) for part, piece, codes in pieces if codes is not None and part in parts]
    found = [_score(part, piece.about["Genre"], piece.paragraphs, codes, book) for part, piece, codes in coded[::every]]
    gold: dict[str, dict[int, tuple[Paragraph, Coding]]] = defaultdict(dict)
    for one in read_gold():
        gold[one.article][one.paragraph.paragraph_no] = one.paragraph, one.codes
    for article, lines in gold.items():
        part = "seeds" if part_of(article) == "seeds" else "dev"
        if part in parts:
            codes = {number: coding for number, (_, coding) in lines.items()}
            found.append(_score(part, "", [paragraph for paragraph, _ in lines.values()], codes, book))
    return found


def _part(piece: Piece) -> str:
    return "kept aside" if piece.kept_aside else "learned from"


def _score(part: str, genre: str, paragraphs: Sequence[Paragraph], codes: dict[int, Coding], book: Codebook) -> Scored:
    themes = {theme.theme_id: number for number, theme in enumerate(book.themes)}
    counts = np.zeros((len(themes), 4), np.int64)
    found: dict[int, Coding] = defaultdict(dict)
    for mention in code_themes(paragraphs, book):
        found[mention.paragraph_no][mention.theme_id] = mention.framing
    for number, wanted in codes.items():
        given = found.get(number, {})
        for theme in wanted.keys() | given.keys():
            row = counts[themes[theme]]
            row[0 if theme in wanted and theme in given else 1 if theme in given else 2] += 1
            row[3] += theme in wanted and given.get(theme) == wanted[theme]
    return Scored(part, genre, len(codes), counts)


def figures(counts: Counts, paragraphs: int) -> Figures:
    """The figures of several articles' counts together."""
    right, wrong, missed, framed = counts.sum(axis=0).tolist()
    decisions = paragraphs * len(counts)
    given, wanted = right + wrong, right + missed
    agreed = (decisions - wrong - missed) / decisions
    chance = (given * wanted + (decisions - given) * (decisions - wanted)) / decisions**2
    share = 2 * counts[:, 0] + counts[:, 1] + counts[:, 2]
    known = counts[:, 0] + counts[:, 2] > 0
    return Figures(
        kappa=(agreed - chance) / (1 - chance) if chance < 1 else 1.0,
        precision=right / max(given, 1),
        recall=right / max(wanted, 1),
        macro_f1=float((2 * counts[:, 0] / np.maximum(share, 1))[known].mean()) if known.any() else 1.0,
        framing=framed / max(right, 1),
    )


def together(articles: Sequence[Scored]) -> Figures:
    """The figures of several articles as one."""
    counts = np.sum([one.counts for one in articles], axis=0)
    return figures(counts, sum(one.paragraphs for one in articles))


def intervals(articles: Sequence[Scored]) -> dict[str, tuple[float, float]]:
    """The middle 95 of 100 values of kappa, macro F1 and framing over samples of articles."""
    random = np.random.default_rng(0)
    counts = np.array([one.counts for one in articles])
    sizes = np.array([one.paragraphs for one in articles])
    drawn = random.integers(0, len(articles), (_SAMPLES, len(articles)))
    samples = [figures(counts[which].sum(axis=0), int(sizes[which].sum())) for which in drawn]
    names = ("kappa", "macro_f1", "framing")
    values = {name: np.quantile([getattr(it, name) for it in samples], (0.025, 0.975)) for name in names}
    return {name: (float(low), float(high)) for name, (low, high) in values.items()}


def report(articles: Sequence[Scored], *, by_theme: bool) -> Iterator[str]:
    """The table, line by line."""
    for part in PARTS:
        here = [one for one in articles if one.part == part]
        yield _line(part, here)
        low_high = intervals(here)
        yield " " * 26 + "  ".join(f"{name} {low:.3f} to {high:.3f}" for name, (low, high) in low_high.items())
    aside = [one for one in articles if one.part == "kept aside"]
    yield "Kept aside, by genre:"
    for genre in sorted({one.genre for one in aside}):
        yield _line("  " + genre, [one for one in aside if one.genre == genre])
    if by_theme:
        yield from _themes(aside)


def _themes(articles: Iterable[Scored]) -> Iterator[str]:
    counts = np.sum([one.counts for one in articles], axis=0)
    yield "Kept aside, by theme (support, precision, recall, F1):"
    for theme, (right, wrong, missed, _) in zip(read_codebook().themes, counts.tolist(), strict=True):
        precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
        f1 = 2 * right / max(2 * right + wrong + missed, 1)
        few = "  (few)" if right + missed < _ENOUGH else ""
        yield f"  {theme.theme_id:16}{right + missed:5}  {precision:.2f}  {recall:.2f}  {f1:.2f}{few}"


def _line(name: str, articles: Sequence[Scored]) -> str:
    it = together(articles)
    return (
        f"{name:17}{len(articles):4} articles{sum(one.paragraphs for one in articles):5} paragraphs"
        f"  kappa {it.kappa:.3f}  precision {it.precision:.3f}  recall {it.recall:.3f}"
        f"  macro F1 {it.macro_f1:.3f}  framing {it.framing:.3f}"
    )


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Agreement of themes and framings with people's codes.")
    parser.add_argument("--themes", action="store_true", help="also F1 of each theme on the pieces kept aside")
    parser.add_argument("--meaning", action="store_true", help="code with the small language model")
    arguments = parser.parse_args()
    book = read_codebook(meaning=arguments.meaning)
    print("\n".join(report(scored(book), by_theme=arguments.themes)))


if __name__ == "__main__":
    main()
