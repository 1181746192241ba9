"""An article as one line of a report."""

from collections import Counter

from extractors.themes import Codebook
from flows.reporting.report import ArticleLine
from warehouse.records import CodedArticle, Loaded

TOP_THEMES = 3


def article_line(coded: CodedArticle, loaded: Loaded, codebook: Codebook) -> ArticleLine:
    """What a report says of an article: what it is, its most frequent themes, its figures as the text has them."""
    labels = {theme.theme_id: theme.label for theme in codebook.themes}
    ranked = Counter(mention.theme_id for mention in coded.themes).most_common(TOP_THEMES)
    article = coded.article
    return ArticleLine(
        article_id=coded.article_id,
        outcome=loaded.outcome if coded.duplicate_of is None else f"{loaded.outcome}, near-duplicate",
        title=article.title.value if article.title else None,
        publisher=article.publisher.value if article.publisher else None,
        published_on=article.published.on if article.published else None,
        url=coded.url,
        paragraphs=len(article.paragraphs),
        top_themes=tuple(labels.get(theme_id, theme_id) for theme_id, _ in ranked),
        figures=tuple(figure.surface for figure in coded.figures),
    )
