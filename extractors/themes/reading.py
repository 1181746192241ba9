"""Reading of paragraphs: the cues that fire, what the words say, and what each theme reaches by both."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from extractors.article.model import Paragraph
from extractors.themes.codebook import Codebook
from extractors.themes.firing import Fired
from extractors.themes.tokens import Span, Words, split_words
from extractors.themes.words import Said, WordEvidence

# Scores are sums of decimals: one that is written as the threshold itself shall reach it.
ROUNDING = 1e-9
# So many paragraphs are read at once: more make it no faster, since their numbers no longer fit into caches.
_AT_ONCE = 100


class Evidence(NamedTuple):
    """What speaks for the themes of a paragraph: what each cue spans, each theme's cues, and what the words say."""

    fired: Mapping[int, Sequence[Span]]
    cues: Mapping[str, Sequence[int]]
    said: WordEvidence


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph, what each theme must reach in it, and the themes that reach it or come close, highest first.

    `number` is its place among those that were read together, by which the evidence is found.
    """

    source: Paragraph
    kind: str
    words: Words
    threshold: float
    themes: Sequence[tuple[str, float]]
    fired: Fired
    said: Said
    number: int

    def evidence(self, book: Codebook) -> Evidence:
        """The evidence for the themes; each theme's cues come strongest first."""
        fired = self.fired.of(self.number)
        cues: dict[str, list[int]] = defaultdict(list)
        for cue in sorted(fired, key=book.cue_ranks.__getitem__):
            cues[book.cues[cue].target].append(cue)
        return Evidence(fired, cues, self.said.of(self.number))


def read_paragraphs(book: Codebook, paragraphs: Sequence[Paragraph]) -> list[Read]:
    """Read the paragraphs of an article, each by itself."""
    starts = range(0, len(paragraphs), _AT_ONCE)
    return [read for start in starts for read in _read(book, paragraphs[start : start + _AT_ONCE])]


def _read(book: Codebook, paragraphs: Sequence[Paragraph]) -> Iterator[Read]:
    words = [split_words(paragraph.text) for paragraph in paragraphs]
    kinds = ["heading" if paragraph.kind == "heading" else "prose" for paragraph in paragraphs]
    text = book.vocabulary.encode(words)
    fired = book.firing.fire(text, book.matcher.match(text), np.array([kind == "heading" for kind in kinds], np.bool_))
    said = book.words.read(text)
    scores = fired.sums + book.coding.words * said.sums_of([theme.theme_id for theme in book.themes])
    for number, paragraph in enumerate(paragraphs):
        threshold = _threshold(book, words[number], kinds[number])
        themes = _themes(book, scores[number].tolist(), threshold)
        yield Read(paragraph, kinds[number], words[number], threshold, themes, fired, said, number)


def _themes(book: Codebook, scores: Sequence[float], threshold: float) -> list[tuple[str, float]]:
    least = threshold * min(1.0, book.coding.near_miss) - ROUNDING
    near = [(-score, theme.theme_id) for theme, score in zip(book.themes, scores, strict=True) if score >= least]
    return [(theme_id, -score) for score, theme_id in sorted(near)]


def _threshold(book: Codebook, words: Words, kind: str) -> float:
    coding = book.coding
    if kind == "heading":
        return coding.heading_threshold
    share = min(1.0, len(words.words) / coding.long)
    return round(coding.threshold + share * (coding.long_threshold - coding.threshold), 3)
