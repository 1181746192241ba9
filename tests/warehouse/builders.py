"""Small articles for the warehouse's tests, built in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from extractors.actors import Actor, ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.article.model import Article, Found, Paragraph, Published
from extractors.figures.model import Figure, Period
from extractors.themes.model import Theme, ThemeMention
from warehouse.coded import CodedArticle, article_id, content_hash

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)

INSPECTOR = Actor("Care Quality Commission", "regulator", known=True)
THEMES = (
    Theme("capacity", "Capacity and waiting lists", "delivery", "backlogs and waits", "staffing as the constraint"),
    Theme("trust", "Trust and culture", "relationship", "trust between the sectors", "the public's fear"),
    Theme("incentives", "Funding and incentives", "money", "how money moves", "up-front capital"),
)


def article_of(*texts: str, title: str = "A title", published_on: date | None = date(2026, 2, 1)) -> Article:
    """An article with these paragraphs."""
    return Article(
        title=Found(title, "header"),
        publisher=Found("The Think Tank", "header"),
        authors=("A. Writer",),
        authors_method="header",
        published=Published(published_on, "day", "header") if published_on else None,
        language="en",
        canonical_url=None,
        paragraphs=tuple(Paragraph(number, "prose", text) for number, text in enumerate(texts, start=1)),
    )


def figure_at(article: Article, paragraph_no: int, surface: str, value: float, **fields: Any) -> Figure:
    """A count that stands in a paragraph."""
    start = article.paragraphs[paragraph_no - 1].text.index(surface)
    plain = Figure(
        paragraph_no=paragraph_no, char_start=start, char_end=start + len(surface), surface=surface, kind="count",
        value=value, value_low=value, value_high=value, unit="patient", qualifier="exact", period=None, measure=None,
        base=None, change=None, change_from=None, attribution=None,
    )  # fmt: skip
    return replace(plain, **fields)


def mention_at(article: Article, paragraph_no: int, surface: str, theme_id: str, **fields: Any) -> ThemeMention:
    """A theme mention with its evidence in a paragraph."""
    start = article.paragraphs[paragraph_no - 1].text.index(surface)
    plain = ThemeMention(
        paragraph_no, theme_id, "problem", 1.5, surface, start, start + len(surface), (f"cue {theme_id}",)
    )
    return replace(plain, **fields)


def coded(
    name: str = "one",
    *texts: str,
    figures: Sequence[Figure] = (),
    themes: Sequence[ThemeMention] = (),
    article: Article | None = None,
    **fields: Any,
) -> CodedArticle:
    """A coded article at https://example.org/<name>; its raw hash follows its content."""
    read = article or article_of(*(texts or ("Waiting lists grew to 7.6 million patients.",)))
    url = f"https://example.org/{name}"
    hashed = content_hash(read)
    plain = CodedArticle(
        article_id=article_id(url), source_id="seeds", url=url, addresses=(url,), article=read,
        raw_hash=f"raw-{hashed}", content_hash=hashed, content_type="text/plain", relevance=0.9,
        relevance_reasons=("both sides are named",), duplicate_of=None, figures=tuple(figures), themes=tuple(themes),
        fetched_at=NOW, extractor_version="1", codebook_version="1",
    )  # fmt: skip
    return replace(plain, **fields)


def rich(name: str = "one", **fields: Any) -> CodedArticle:
    """An article with two linked figures and a theme."""
    article = article_of(
        "Waiting lists grew to 7.6 million patients (up from 420 patients in 2019).", "“Trust” is thin 😀 between them."
    )
    earlier = figure_at(article, 1, "420 patients", 420, period=Period(date(2019, 1, 1), date(2019, 12, 31), "in 2019"))
    later = figure_at(article, 1, "7.6 million patients", 7_600_000, change="increase", change_from=0)
    themes = (mention_at(article, 1, "Waiting lists", "capacity"), mention_at(article, 2, "thin 😀", "trust"))
    return coded(name, article=article, figures=(earlier, later), themes=themes, **{"said": said_in(article), **fields})


def said_in(article: Article) -> WhoSaysWhat:
    """The first word of the first paragraph as a name, a quotation and a citation of the Care Quality Commission."""
    text = article.paragraphs[0].text
    first = text.split()[0]
    place = (1, 0, len(first), first)
    return WhoSaysWhat(
        (ActorMention(*place, INSPECTOR),),
        (Quotation(*place, INSPECTOR, "the inspectors", "said", direct=True),),
        (Citation(*place, INSPECTOR, "report", None, ()),),
    )
