"""Emerging language: terms that rise in recent articles and that no theme's cues know yet.

With them the codebook can grow.

Rises are measured by log-odds with an informative prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008) over the
articles that use a term, not over its occurrences, so that one long article cannot make a tendency.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.lexicon import expect_keys, load_toml
from extractors.themes.codebook import Codebook, load_codebook
from extractors.themes.model import FRAMINGS
from extractors.themes.tokens import Words, split_words, stem

_LEXICON = Path(__file__).with_name("emerging.toml")
_LONGEST = 3
_EXAMPLES = 3
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to look for terms in."""

    article_id: str
    paragraph_no: int
    text: str


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
class _Use:
    """One term's use in a set of articles."""

    articles: set[str]
    surfaces: Counter[str]
    examples: dict[str, Example]


def themes_of_term(term: str, codebook: Codebook | None = None) -> frozenset[str]:
    """The themes that have a cue for a term or for words within it."""
    book = codebook or load_codebook()
    places = book.matcher.match(book.vocabulary.encode([split_words(term)]))
    found = set()
    for number in places.numbers.tolist():
        use = book.uses[number]
        cue = book.cues[use.cue]
        if use.role == "for" and cue.target not in FRAMINGS:
            found.add(cue.target)
    return frozenset(found)


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
    now, now_articles = _uses(recent, lexicon)
    before, before_articles = _uses(earlier, lexicon)
    risen: list[tuple[_Key, EmergingTerm]] = []
    for key, use in now.items():
        if len(use.articles) < lexicon.min_articles:
            continue
        past = len(before[key].articles) if key in before else 0
        log_odds, z = _rise(len(use.articles), now_articles, past, before_articles, lexicon.prior_articles)
        term = use.surfaces.most_common(1)[0][0]
        if z >= lexicon.min_z and not themes_of_term(term, codebook):
            examples = tuple(use.examples[article] for article in sorted(use.examples)[:_EXAMPLES])
            risen.append((key, EmergingTerm(term, len(use.articles), past, round(log_odds, 4), round(z, 4), examples)))
    kept = _without_parts(risen, now, lexicon.covered_by)
    return tuple(sorted(kept, key=lambda term: (-term.z, -term.recent_articles, term.term))[:limit])


def _rise(recent: int, recent_total: int, earlier: int, earlier_total: int, prior: float) -> tuple[float, float]:
    """Log-odds ratio of use in recent against earlier articles and its z-score, with the pooled rate as the prior."""
    pooled = (recent + earlier + 1) / (recent_total + earlier_total + 2)
    alpha, beta = prior * pooled, prior * (1 - pooled)
    yes_now, no_now = recent + alpha, recent_total - recent + beta
    yes_then, no_then = earlier + alpha, earlier_total - earlier + beta
    log_odds = math.log(yes_now / no_now) - math.log(yes_then / no_then)
    return log_odds, log_odds / math.sqrt(1 / yes_now + 1 / yes_then)


def _uses(passages: Iterable[Passage], lexicon: _Lexicon) -> tuple[dict[_Key, _Use], int]:
    uses: dict[_Key, _Use] = {}
    articles = set()
    for passage in passages:
        articles.add(passage.article_id)
        words = split_words(passage.text)
        for start, end in _terms(words, lexicon.stop_words):
            key = tuple(stem(word) for word in words.words[start:end])
            use = uses.setdefault(key, _Use(set(), Counter(), {}))
            first, last = words.starts[start], words.ends[end - 1]
            use.articles.add(passage.article_id)
            use.surfaces[" ".join(words.words[start:end]).lower()] += 1
            example = Example(passage.article_id, passage.paragraph_no, first, last)
            use.examples.setdefault(passage.article_id, example)
    return uses, len(articles)


def _terms(words: Words, stop_words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Rows of one to three words within a sentence, with nothing but a space or a hyphen between them."""
    total = len(words.words)
    usable = [_usable(word, stop_words) for word in words.words]
    for start in range(total):
        for end in range(start + 1, min(start + _LONGEST, total) + 1):
            if not usable[end - 1] or (end - 1 > start and words.starts[end - 1] - words.ends[end - 2] != 1):
                break
            yield start, end


def _usable(word: str, stop_words: frozenset[str]) -> bool:
    return len(word) > 1 and word[0].isalpha() and word.lower() not in stop_words


def _without_parts(
    risen: list[tuple[_Key, EmergingTerm]], uses: Mapping[_Key, _Use], covered_by: float
) -> list[EmergingTerm]:
    """Drop terms that nearly always stand within a longer one of the list."""
    holders: dict[_Key, set[str]] = defaultdict(set)
    for key, _ in risen:
        for size in range(1, len(key)):
            for start in range(len(key) - size + 1):
                holders[key[start : start + size]] |= uses[key].articles
    return [
        term
        for key, term in risen
        if len(holders.get(key, set()) & uses[key].articles) < covered_by * len(uses[key].articles)
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
