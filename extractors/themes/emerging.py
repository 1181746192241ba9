"""Emerging language: terms that rise in recent articles and that no theme's cues know yet.

With them the codebook can grow.

Rises are measured by log-odds with an informative prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008) over the
articles that use a term, not over its occurrences, so that one long article cannot make a tendency.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from extractors.lexicon import expect_keys, load_toml
from extractors.themes.codebook import Codebook, load_codebook
from extractors.themes.model import FRAMINGS
from extractors.themes.terms import Passage, TermNumbers, TermUse, by_article, parts_of, use_of_terms
from extractors.themes.tokens import split_words

_LEXICON = Path(__file__).with_name("emerging.toml")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """Where a term stands: offsets count the code points of the paragraph's text."""

    article_id: str
    paragraph_no: int
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class EmergingTerm:
    """A term that rises. Articles are counted, not occurrences; `z` is the rise in standard errors."""

    term: str
    recent_articles: int
    earlier_articles: int
    log_odds: float
    z: float
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    stop_words: frozenset[str]
    min_articles: int
    prior_articles: float
    min_z: float
    covered_by: float


@dataclass(slots=True)
class _Risen:
    """A term that rises: articles that use it, recent and earlier ones, the rise, and where it stands."""

    recent: int
    earlier: int
    log_odds: float
    z: float
    surfaces: Counter[str]
    examples: dict[str, Example]

    @property
    def articles(self) -> set[str]:
        """The recent articles that use it."""
        return set(self.examples)

    def named(self) -> EmergingTerm:
        """The term in its commonest form."""
        examples = tuple(self.examples[article] for article in sorted(self.examples)[:_EXAMPLES])
        term = self.surfaces.most_common(1)[0][0]
        return EmergingTerm(term, self.recent, self.earlier, round(self.log_odds, 4), round(self.z, 4), examples)


def themes_of_term(term: str, codebook: Codebook | None = None) -> frozenset[str]:
    """The themes that have a cue for a term or for words within it."""
    return _themes_of_terms([term], codebook or load_codebook())[0]


def _themes_of_terms(terms: Sequence[str], book: Codebook) -> list[frozenset[str]]:
    themes: list[set[str]] = [set() for _ in terms]
    text = book.vocabulary.encode([split_words(term) for term in terms])
    places = book.matcher.match(text)
    for at, number in zip(text.paragraph[places.starts].tolist(), places.numbers.tolist(), strict=True):
        use = book.uses[number]
        cue = book.cues[use.cue]
        if use.role == "for" and cue.target not in FRAMINGS:
            themes[at].add(cue.target)
    return [frozenset(found) for found in themes]


def emerging_terms(
    recent: Iterable[Passage],
    earlier: Iterable[Passage],
    codebook: Codebook | None = None,
    *,
    limit: int = 50,
) -> tuple[EmergingTerm, ...]:
    """Terms of one to three words, free of stop words, that rose most and belong to no theme, strongest first.

    Raises:
        LexiconError: emerging.toml cannot be used.
    """
    lexicon = _lexicon()
    numbers = TermNumbers(lexicon.stop_words)
    now, before = by_article(recent), by_article(earlier)
    risen = _risen(use_of_terms(numbers, now.values()), use_of_terms(numbers, before.values()), lexicon)
    _find_places(numbers, now, risen)
    named = {number: term.named() for number, term in risen.items()}
    themes = _themes_of_terms([term.term for term in named.values()], codebook or load_codebook())
    new = {number: term for (number, term), known in zip(risen.items(), themes, strict=True) if not known}
    kept = [named[number] for number in _without_parts(new, lexicon.covered_by)]
    return tuple(sorted(kept, key=lambda term: (-term.z, -term.recent_articles, term.term))[:limit])


def _risen(now: TermUse, before: TermUse, lexicon: _Lexicon) -> dict[int, _Risen]:
    often = now.articles >= lexicon.min_articles
    terms, recent = now.terms[often], now.articles[often]
    risen = {}
    for term, count, past in zip(terms.tolist(), recent.tolist(), before.of(terms).tolist(), strict=True):
        log_odds, z = _rise(count, now.article_count, past, before.article_count, lexicon.prior_articles)
        if z >= lexicon.min_z:
            risen[term] = _Risen(count, past, log_odds, z, Counter(), {})
    return risen


def _find_places(numbers: TermNumbers, articles: Mapping[str, Iterable[Passage]], risen: Mapping[int, _Risen]) -> None:
    wanted = np.array(list(risen), np.int64)
    for article_id, passages in articles.items():
        for place in (place for passage in passages for place in numbers.places(passage, wanted)):
            term = risen[place.term]
            term.surfaces[place.surface] += 1
            example = Example(article_id, place.passage.paragraph_no, place.char_start, place.char_end)
            term.examples.setdefault(article_id, example)


def _rise(recent: int, recent_total: int, earlier: int, earlier_total: int, prior: float) -> tuple[float, float]:
    """Log-odds ratio of use in recent against earlier articles and its z-score, with the pooled rate as the prior."""
    pooled = (recent + earlier + 1) / (recent_total + earlier_total + 2)
    alpha, beta = prior * pooled, prior * (1 - pooled)
    yes_now, no_now = recent + alpha, recent_total - recent + beta
    yes_then, no_then = earlier + alpha, earlier_total - earlier + beta
    log_odds = math.log(yes_now / no_now) - math.log(yes_then / no_then)
    return log_odds, log_odds / math.sqrt(1 / yes_now + 1 / yes_then)


def _without_parts(risen: Mapping[int, _Risen], covered_by: float) -> list[int]:
    """The terms without those that nearly always stand within a longer one of them."""
    holders: dict[int, set[str]] = defaultdict(set)
    for term, part in parts_of(risen):
        holders[part] |= risen[term].articles
    return [
        number
        for number, term in risen.items()
        if len(holders.get(number, set()) & term.articles) < covered_by * len(term.articles)
    ]


@cache
def _lexicon() -> _Lexicon:
    table = load_toml(_LEXICON)
    numbers: dict[str, type] = {"min_articles": int, "prior_articles": float, "min_z": float, "covered_by": float}
    expect_keys(_LEXICON, "", table, required={**numbers, "stop_words": list}, optional={})
    return _Lexicon(
        stop_words=frozenset(table["stop_words"]),
        min_articles=table["min_articles"],
        prior_articles=float(table["prior_articles"]),
        min_z=float(table["min_z"]),
        covered_by=float(table["covered_by"]),
    )
