"""What `commentary extract` prints of a file: everything that the extractors find in it, as JSON, loading nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

from extractors.article import Article, Published, read
from extractors.figures import find_figures
from extractors.figures.fields import flat
from extractors.figures.model import Figure
from extractors.relevance import judge
from extractors.themes import Codebook, code_themes
from extractors.themes.model import ThemeMention
from flows.stages.coding import body

Json = dict[str, Any]


def extract(data: bytes, *, name: str, codebook: Codebook, published: Published | None = None) -> Json:
    """Read one file and give what is found in it; a `published` wins over the file's own date.

    Raises:
        UnreadableError: it is no article that can be read.
    """
    article = read(data, name=name)
    if published is not None:
        article = replace(article, published=published)
    themes = code_themes(article.paragraphs, codebook)
    figures = find_figures(body(article), article.published)
    judgement = judge(article, themes=themes)
    return {
        "path": name,
        **_metadata(article),
        "relevance": judgement.relevance,
        "similar": judgement.similar,
        "relevance_reasons": list(judgement.reasons),
        "paragraphs": [
            {"paragraph_no": paragraph.paragraph_no, "kind": paragraph.kind, "text": paragraph.text}
            for paragraph in article.paragraphs
        ],
        "figures": [_figure(figure, figures) for figure in figures],
        "themes": [_theme(mention) for mention in themes],
    }


def _metadata(article: Article) -> Json:
    published = article.published
    return {
        "title": article.title.value if article.title else None,
        "publisher": article.publisher.value if article.publisher else None,
        "authors": list(article.authors),
        "published_on": published.on.isoformat() if published else None,
        "published_precision": published.precision if published else None,
        "published_method": published.method if published else None,
        "language": article.language,
        "notes": list(article.notes),
    }


def _figure(figure: Figure, figures: tuple[Figure, ...]) -> Json:
    origin = figures[figure.change_from].surface if figure.change_from is not None else None
    found = {**flat(figure), "change_from_surface": origin}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _theme(mention: ThemeMention) -> Json:
    return {
        "paragraph_no": mention.paragraph_no,
        "theme_id": mention.theme_id,
        "framing": mention.framing,
        "score": mention.score,
        "surface": mention.surface,
        "char_start": mention.char_start,
        "char_end": mention.char_end,
        "cues": list(mention.cues),
    }
