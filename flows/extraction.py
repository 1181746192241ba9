"""What `commentary extract` prints of a file: everything that the extractors find in it, as JSON, loading nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

from extractors.actors import ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.article import Article, Published, read
from extractors.figures import find_figures
from extractors.figures.fields import flat
from extractors.figures.model import Figure
from extractors.relevance import judge
from extractors.themes import Codebook, code_themes
from extractors.themes.model import ThemeMention
from flows.stages.coding import body, who_says_what

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
        **_said(who_says_what(article, figures)),
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
        "updated_on": article.updated_on.isoformat() if article.updated_on else None,
        "language": article.language,
        "notes": list(article.notes),
    }


def _figure(figure: Figure, figures: tuple[Figure, ...]) -> Json:
    origin = figures[figure.change_from].surface if figure.change_from is not None else None
    found = {**flat(figure), "change_from_surface": origin}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _said(said: WhoSaysWhat) -> Json:
    return {
        "actors": [
            {
                **_place(one), "name": one.actor.name, "kind": one.actor.kind, "role": one.role,
                "role_of": one.role_of.name if one.role_of else None,
            }
            for one in said.mentions
        ],
        "quotations": [
            {
                **_place(one), "speaker": one.speaker.name if one.speaker else None, "speaker_words": one.speaker_words,
                "speaks_for": one.speaks_for.name if one.speaks_for else None, "verb": one.verb, "direct": one.direct,
            }
            for one in said.quotations
        ],
        "citations": [
            {
                **_place(one), "cited": one.cited.name if one.cited else None, "what": one.what, "url": one.url,
                "figures": list(one.figures),
            }
            for one in said.citations
        ],
    }  # fmt: skip


def _place(one: ActorMention | Quotation | Citation) -> Json:
    return {
        "paragraph_no": one.paragraph_no,
        "surface": one.surface,
        "char_start": one.char_start,
        "char_end": one.char_end,
    }


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
