"""How well actors, quotations and citations are found, on the marked articles.

python -m tests.actors.score [PART ...] [--misses]     (the errors of aside and kept are not looked at)

A mark is found where what was found overlaps it by at least half of the characters that the two cover together;
for citations any overlap will do, or the same sentence with the same source. Of those found, the share with the right
kind (actors), name (actors) and speaker (quotations) is told.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extractors.actors import find_actors
from extractors.actors.model import WhoSaysWhat
from extractors.figures import find_figures
from extractors.text import sentences
from tests.actors.marked import Mark, Marked, read_marked

PARTS = ["dev", "restated", "cited", "forms", "aside", "kept", "unseen"]
UNREAD = {"aside", "kept"}
LAYERS = {"A": "actors", "Q": "quotations", "C": "citations"}


class Score(NamedTuple):
    """Of one layer: how many were marked, found and both, and of those how many were right in kind and in who."""

    marked: int
    found: int
    both: int
    kind: int
    who: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.both / max(1, self.marked + self.found)

    def __str__(self) -> str:
        precision, recall = self.both / max(1, self.found), self.both / max(1, self.marked)
        shares = f"kind {self.kind / max(1, self.both):.3f}, who {self.who / max(1, self.both):.3f}"
        return f"F1 {self.f1:.3f} (precision {precision:.3f}, recall {recall:.3f} of {self.marked}), {shares}"


def found_in(article: Marked) -> list[Mark]:
    """What the extractors find, as marks."""
    found = find_actors(article.paragraphs, find_figures(article.paragraphs))
    return [*_actors(found), *_quotations(found), *_citations(found)]


def _actors(found: WhoSaysWhat) -> Iterable[Mark]:
    for one in found.mentions:
        yield Mark(one.paragraph_no, "A", one.char_start, one.char_end, one.actor.kind, one.actor.name, True)


def _quotations(found: WhoSaysWhat) -> Iterable[Mark]:
    for one in found.quotations:
        who = one.speaker.name if one.speaker else one.speaker_words or ""
        form = "D" if one.direct else "R"
        yield Mark(one.paragraph_no, "Q", one.char_start, one.char_end, form, who, True)


def _citations(found: WhoSaysWhat) -> Iterable[Mark]:
    for one in found.citations:
        who = one.cited.name if one.cited else one.surface
        yield Mark(one.paragraph_no, "C", one.char_start, one.char_end, one.what, who, True)


class Outcome(NamedTuple):
    """The pairs of marked and found, what was missed, and what was found that nobody marked."""

    pairs: list[tuple[Mark, Mark]]
    missed: list[Mark]
    extra: list[Mark]


def compared(article: Marked, found: Sequence[Mark], layer: str) -> Outcome:
    """Marks and finds of a layer, each paired with at most one; those that may be seen either way are left out."""
    left = [mark for mark in found if mark.layer == layer]
    pairs: list[tuple[Mark, Mark]] = []
    missed: list[Mark] = []
    texts = {paragraph.paragraph_no: paragraph.text for paragraph in article.paragraphs}
    for mark in sorted((mark for mark in article.marks if mark.layer == layer), key=lambda mark: not mark.sure):
        match = next((one for one in left if _same(mark, one, texts[mark.paragraph_no])), None)
        if match is not None:
            left.remove(match)
            if mark.sure:
                pairs.append((mark, match))
        elif mark.sure:
            missed.append(mark)
    doubtful = [mark for mark in article.marks if mark.layer == layer and not mark.sure]
    extra = [one for one in left if not any(_touch(mark, one) for mark in doubtful)]
    return Outcome(pairs, missed, extra)


def _touch(mark: Mark, one: Mark) -> bool:
    return mark.paragraph_no == one.paragraph_no and mark.start < one.end and one.start < mark.end


def _same(mark: Mark, one: Mark, text: str) -> bool:
    if mark.paragraph_no != one.paragraph_no:
        return False
    common = min(mark.end, one.end) - max(mark.start, one.start)
    if mark.layer == "C":
        near = any(s.start <= mark.start < s.end and s.start <= one.start < s.end for s in sentences(text))
        return common > 0 or (near and bool(mark.who) and same_name(mark.who, one.who))
    together = max(mark.end, one.end) - min(mark.start, one.start)
    return common >= 0.5 * together


_NOISE = {*"the a an its his her their our mr mrs ms dr sir lord of some other".split()}  # noqa: SIM905 - read as prose


def same_name(marked: str, found: str) -> bool:
    """Whether two names or descriptions mean the same: all words of the shorter are in the longer."""
    first, second = ({*re.findall(r"[\w']+", words.lower())} - _NOISE for words in (marked, found))
    if not first or not second:
        return not marked and not found
    return first <= second or second <= first


def scores(articles: Sequence[Marked]) -> dict[str, Score]:
    """The score of each layer."""
    totals = {layer: Score(0, 0, 0, 0, 0) for layer in LAYERS}
    for article in articles:
        found = found_in(article)
        for layer in LAYERS:
            pairs, missed, extra = compared(article, found, layer)
            kind = sum(mark.what == one.what for mark, one in pairs)
            who = sum(not mark.who or same_name(mark.who, one.who) for mark, one in pairs)
            both = len(pairs)
            added = (both + len(missed), both + len(extra), both, kind, who)
            totals[layer] = Score(*(sum(two) for two in zip(totals[layer], added, strict=True)))
    return totals


def _show(article: Marked) -> None:
    found = found_in(article)
    texts = {paragraph.paragraph_no: paragraph.text for paragraph in article.paragraphs}
    for layer in LAYERS:
        pairs, missed, extra = compared(article, found, layer)
        for sign, marks in (("-", missed), ("+", extra)):
            for mark in marks:
                told = texts[mark.paragraph_no][mark.start : mark.end]
                print(f"{sign} {article.article}, {mark.paragraph_no} {layer}: {told} | {mark.what} | {mark.who}")
        for mark, one in pairs:
            wrong = (layer == "A" and mark.what != one.what) or (mark.who and not same_name(mark.who, one.who))
            if wrong:
                told = texts[one.paragraph_no][one.start : one.end]
                print(f"~ {article.article}, {mark.paragraph_no} {layer}: {told} | {mark.who} <> {one.what} {one.who}")


def main() -> None:
    """Print the scores of the parts named, or of both."""
    parts = [word for word in sys.argv[1:] if word in PARTS] or PARTS
    for part in parts:
        articles = read_marked(part)
        if "--misses" in sys.argv and part not in UNREAD:
            for article in articles:
                _show(article)
        for layer, score in scores(articles).items():
            if score.marked:
                print(f"{part:8} {LAYERS[layer]:11} {score}")


if __name__ == "__main__":
    main()
