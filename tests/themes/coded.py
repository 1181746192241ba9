"""Every coded paragraph that weights are fitted on: our corpus, our own cases, the development gold and the seeds.

The corpus (tests/themes/corpus) holds whole articles that were written for this purpose, each file by another writer,
who coded them by docs/codebook.md without knowing the cues. A second coder then coded most of the paragraphs without
seeing the first codes. In a file, `=` opens an article with its title, `~` gives its voice and year, and `@` stands
before each paragraph with both codings, parted by `|`:

    @ heading workforce/context | workforce/context
    Who will staff it?
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.article.model import Paragraph
from tests.gold.paragraphs import part_of, read_gold
from tests.themes.restated import Piece, read_codes, read_pieces

_HERE = Path(__file__).parent
Coding = dict[str, str]
"""Theme and framing of what one coder saw in a paragraph."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A paragraph with each coder's coding; `article` is what cross-validation keeps together."""

    source: str
    article: str
    paragraph: Paragraph
    codings: tuple[Coding, ...]


def every_paragraph() -> list[Coded]:
    """All of it, in a fixed order."""
    return [*corpus(), *own_cases(), *gold()]


def corpus(folder: Path = _HERE / "corpus") -> Iterator[Coded]:
    """The articles of the corpus; the source is the file's name."""
    for file in sorted(folder.glob("*.txt")):
        yield from _read(file)


def own_cases() -> Iterator[Coded]:
    """Single paragraphs that cues were tuned or held back on; an article is one voice of a file.

    Those of the files named framing were coded for their framing: not each has all its themes.
    """
    for file in sorted((_HERE / "cases").glob("*.toml")):
        for number, case in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["case"], 1):
            voice = re.sub(r"\s*\d{4}.*", "", case["voice"])
            coding = dict(code.split("/") for code in case["codes"])
            yield Coded(
                f"cases {file.stem}", f"{file.stem} {voice}", Paragraph(number, case["kind"], case["text"]), (coding,)
            )


def gold() -> Iterator[Coded]:
    """The seeds, the development articles that cues were tuned on ("dev tuned") and those kept aside ("dev aside")."""
    names = {"seeds": "seeds", "dev, tuned": "dev tuned", "kept aside": "dev aside"}
    for one in read_gold():
        source = names[part_of(one.article)]
        yield Coded(source, f"{source} {one.article}", one.paragraph, (one.codes,))


def restated() -> Iterator[Coded]:
    """The first restated pieces that are not kept aside; an article is a piece, and the source names its writer."""
    for piece in read_pieces():
        if not piece.kept_aside:
            yield from _of_piece(piece, read_codes(piece))


def _of_piece(piece: Piece, codes: Mapping[int, Coding] | None) -> Iterator[Coded]:
    by_number = {paragraph.paragraph_no: paragraph for paragraph in piece.paragraphs}
    for number, coding in (codes or {}).items():
        yield Coded(f"restated {piece.name[0]}", piece.name, by_number[number], (coding,))


def _read(file: Path) -> Iterator[Coded]:
    article, kind = "", "prose"
    codings: tuple[Coding, ...] = ()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("= "):
            article = f"{file.stem}: {line[2:]}"
        elif line.startswith("@"):
            parts = [part.split() for part in line[1:].split("|")]
            kind = "heading" if parts[0][0] == "heading" else "prose"
            codings = tuple(_coding(part) for part in parts)
        elif line and not line.startswith("~"):
            paragraph = Paragraph(number, "heading" if kind == "heading" else "prose", line)
            yield Coded(file.stem, article, paragraph, codings)


def _coding(words: Sequence[str]) -> Coding:
    return {theme: framing for theme, _, framing in (word.partition("/") for word in words) if framing}
