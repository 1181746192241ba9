"""Deciding whether an article is similar commentary (docs/codebook.md, "Relevance"), with the reasons."""

from collections.abc import Sequence

from extractors.article.model import Article
from extractors.relevance.decision import decide, default_weights
from extractors.relevance.lexicon import default_lexicon
from extractors.relevance.model import Judgement
from extractors.relevance.signals import measure
from extractors.themes.model import ThemeMention

__all__ = ["Judgement", "judge"]


def judge(article: Article, *, themes: Sequence[ThemeMention] | None = None) -> Judgement:
    """Judge whether an article argues, analyses or reports on the NHS and its independent providers or suppliers."""
    return decide(measure(article, default_lexicon()), default_weights())
