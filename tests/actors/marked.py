"""Articles marked for actors, quotations and citations: twenty each in `gold/aside.tsv` and `gold/dev.tsv`, and more.

The twenty of `aside` were marked before the first rule was written. Their scores are printed, their errors are not
looked at one by one. `=` opens an article, by its title in tests/themes/corpus ("file: title") or its file in
tests/gold/dev ("dev: 06.txt"). A line is a mark:

    paragraph  A  surface  kind   actor              every place of these words in the paragraph; the name resolved
    paragraph  Q  surface  D|R    speaker     verb   a quotation, direct or reported; " … " stands for what is between
    paragraph  C  surface  what   cited              the words that name the source

The paragraph counts from 1 within the article. A layer with "?" marks what a reader may see either way: it counts
neither as found nor as missed. What is marked as what is told in docs/who-says-what.md.

`gold/restated.txt` has short pieces that hold their own marks, each right under its paragraph and without its number:
how press, think tanks, committees, letters and reference works cite and quote, in other words and with other names.
They were marked before the extractors had read them, and the extractors mended by their errors. `gold/cited.txt` has
forty more of these, marked for citations alone. `gold/unseen.tsv` marks the citations of thirty pieces that were
drawn at random from those of tests/themes/restated ("restated: FILE") and marked before anything was run on them.
`gold/forms.txt` and `gold/kept.txt` are thirty pieces in the forms of a dozen genres, in which what cites stands among
what does not, marked for citations before anything was run on them. The errors of `kept` were never looked at.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from extractors.article import read
from extractors.article.model import Paragraph
from tests.themes.coded import corpus

_HERE = Path(__file__).parent
_DEV = _HERE.parent / "gold" / "dev" / "articles"
_RESTATED = _HERE.parent / "themes" / "restated" / "more"


class Mark(NamedTuple):
    """One mark: `start` and `end` in the paragraph; `what` is the kind, D or R, or the source; `who` the name."""

    paragraph_no: int
    layer: str
    start: int
    end: int
    what: str
    who: str
    sure: bool


class Marked(NamedTuple):
    """An article with its marks."""

    article: str
    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Mark, ...]


def read_marked(part: str) -> list[Marked]:
    """The marked articles of a part: "aside", "dev", "restated", "cited", "forms", "kept" or "unseen".

    Raises:
        ValueError: words that are marked are not in their paragraph.
    """
    if (_HERE / "gold" / f"{part}.txt").exists():
        return _with_their_marks((_HERE / "gold" / f"{part}.txt").read_text(encoding="utf-8"))
    articles: list[Marked] = []
    for block in re.split(r"(?m)^= ", (_HERE / "gold" / f"{part}.tsv").read_text(encoding="utf-8"))[1:]:
        name, _, rows = block.partition("\n")
        restated = name.removeprefix("restated: ")
        paragraphs = _texts()[name] if restated == name else tuple(_read(_RESTATED / restated))
        marks = [mark for row in rows.splitlines() if row for mark in _marks(name, paragraphs, row.split("\t"))]
        articles.append(Marked(name, paragraphs, tuple(_without_overlaps(marks))))
    return articles


def _with_their_marks(pieces: str) -> list[Marked]:
    articles: list[Marked] = []
    for block in re.split(r"(?m)^= ", pieces)[1:]:
        name, _, rows = block.partition("\n")
        paragraphs: list[Paragraph] = []
        marked: list[list[str]] = []
        for row in filter(None, rows.splitlines()):
            if row.startswith("\t"):
                marked.append([str(len(paragraphs)), *row[1:].split("\t")])
            else:
                paragraphs.append(Paragraph(len(paragraphs) + 1, "prose", row))
        read = tuple(paragraphs)
        marks = [mark for fields in marked for mark in _marks(name, read, fields)]
        articles.append(Marked(name, read, tuple(_without_overlaps(marks))))
    return articles


def _marks(name: str, paragraphs: tuple[Paragraph, ...], fields: list[str]) -> list[Mark]:
    number, layer, surface, *rest = [*fields, "", "", ""]
    text = paragraphs[int(number) - 1].text
    pattern = "(?s:.*?)".join(re.escape(part) for part in surface.split(" … "))
    spans = [match.span() for match in re.finditer(pattern, text)]
    if not spans:
        raise ValueError(f"{name}, paragraph {number}: {surface!r} is not there")
    if layer[0] != "A":
        spans = spans[:1]
    return [Mark(int(number), layer[0], *span, rest[0], rest[1], not layer.endswith("?")) for span in spans]


def _without_overlaps(marks: list[Mark]) -> list[Mark]:
    """Of marks of actors that overlap, the longest: "St John" is not marked again within "St John Ambulance"."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start - mark.end):
        inside = any(
            other.paragraph_no == mark.paragraph_no and other.start < mark.end and mark.start < other.end
            for other in kept
            if other.layer == mark.layer == "A"
        )
        if not inside:
            kept.append(mark)
    return sorted(kept, key=lambda mark: (mark.paragraph_no, mark.start, mark.layer))


@cache
def _texts() -> dict[str, tuple[Paragraph, ...]]:
    found: dict[str, list[Paragraph]] = defaultdict(list)
    for one in corpus():
        found[one.article].append(Paragraph(len(found[one.article]) + 1, one.paragraph.kind, one.paragraph.text))
    for file in sorted(_DEV.glob("*.txt")):
        found[f"dev: {file.name}"] = _read(file)
    return {name: tuple(paragraphs) for name, paragraphs in found.items()}


def _read(file: Path) -> list[Paragraph]:
    """The paragraphs of an article without its title."""
    body = read(file.read_bytes(), name=file.name)
    title = body.title.value if body.title else None
    kept = [one for one in body.paragraphs if one.text != title]
    return [Paragraph(number, one.kind, one.text) for number, one in enumerate(kept, 1)]
