"""Deciding whether an article is similar commentary (docs/codebook.md, "Relevance"), with the reasons.

An article belongs when both sides of the relationship are there *and* are its subject: the public side and the
independent, private or voluntary side are named often, near each other, in the opening and throughout, with the words
of their dealings, in prose that argues or reports. Against it speak another country's system, another public service,
and the marks of other genres: adverts, notices, vacancies, leaflets, announcements, listings. How it is
worded counts too, by words that were fitted (wording.toml).

Two signals were measured and left out, since they tell the near misses no better from the real thing: likeness in words
to the seed articles (area under the curve 0.56 alone, nothing gained together with the others), which all speak of
"partnership" as an event listing does; and the themes found (0.71 alone, nothing gained together), which plain NHS
news has too.
"""

from collections.abc import Sequence
from typing import Final

from extractors.article.model import Article
from extractors.relevance.decision import Judgement, decide, default_weights, reasons_for
from extractors.relevance.lexicon import default_lexicon
from extractors.relevance.signals import measure
from extractors.themes.model import ThemeMention

__all__ = ["THRESHOLD", "Judgement", "judge"]

THRESHOLD: Final = 0.5
"""Relevance from which an article is kept: the weights are calibrated to turn here (weights.toml)."""


def judge(article: Article, *, themes: Sequence[ThemeMention] | None = None) -> Judgement:
    """Judge whether an article is similar commentary, from its title and paragraphs alone.

    Args:
        article: as it was read; its address and publisher do not count, so that a new place has the same chance.
        themes: the themes found in it, to be named among the reasons; they do not move the decision (see above).
    """
    lexicon = default_lexicon()
    signals = measure(article, lexicon)
    relevance, contributions = decide(signals, default_weights())
    similar = relevance >= THRESHOLD
    reasons = reasons_for(signals, contributions, similar, lexicon, themes, len(article.paragraphs))
    return Judgement(round(relevance, 4), similar, reasons)
