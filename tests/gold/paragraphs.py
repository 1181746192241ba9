"""The gold's paragraphs with their codes, and which part of the gold an article belongs to."""

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from extractors.article.model import Paragraph

_GOLD = Path(__file__).parent
_ROOT = _GOLD.parents[1]
_MARKER = re.compile(r"^\s*(?:[•*\-]|\d+[.)])\s+")
_SHORT_HEADING = 14
KEPT_ASIDE = frozenset(f"{number:02}.txt" for number in range(8, 15))
"""Articles of the development gold that no cue was written from and no weight learned from."""


class Coded(NamedTuple):
    """One gold paragraph: its article, itself, and its framing by theme."""

    article: str
    paragraph: Paragraph
    codes: dict[str, str]


def part_of(article: str) -> str:
    """Which part of the gold an article belongs to."""
    if not re.fullmatch(r"\d\d\.txt", article):
        return "seeds"
    return "kept aside" if article in KEPT_ASIDE else "dev, tuned"


def read_gold() -> list[Coded]:
    """Every coded paragraph of the development and seed articles."""
    coded = []
    for table, folder in (
        ("dev-themes.tsv", _GOLD / "dev" / "articles"),
        ("seeds-themes.tsv", _ROOT / "seeds" / "articles"),
    ):
        codes: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        with (_GOLD / table).open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                place = codes[row["file"], int(row["line"])]
                if row["theme_id"] != "-":
                    place[row["theme_id"]] = row["framing"]
        for (article, line), found in codes.items():
            text = (folder / article).read_text(encoding="utf-8").split("\n")[line - 1]
            coded.append(Coded(article, read_paragraph(line, text), found))
    return coded


def read_paragraph(number: int, line: str) -> Paragraph:
    """The paragraph of a line of text: without its list marker, a heading if it is short and ends in no stop."""
    text = _MARKER.sub("", line).strip()
    short = len(text.split()) <= _SHORT_HEADING and text[-1] not in ".!?:;,”\"'’"
    return Paragraph(number, "heading" if short else "prose", text)
