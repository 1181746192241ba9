"""Published warehouses for the page's tests: empty, one of ordinary articles, one of articles that mean harm."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path

from extractors.article.model import Article, Found, Paragraph, Published
from extractors.figures.model import Figure, Period
from extractors.themes.model import Framing, Theme, ThemeMention
from extractors.web.model import FetchRequest, FetchResult, Source, SourceState
from flows.page.data import prepared
from warehouse.articles import VersionChange, store_articles
from warehouse.codebook import StoredTerm, replace_emerging_terms, store_themes
from warehouse.coded import CodedArticle, article_id, content_hash
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.sources import store_sources
from warehouse.watched import SourceAnswer, store_found
from warehouse.workspace import Workspace

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
THEMES = (
    Theme("capacity", "Capacity and waiting lists", "delivery", "backlogs and waits", "staffing"),
    Theme("trust", "Trust and culture", "relationship", "trust between the sectors", "the public’s fear"),
    Theme("incentives", "NHS tariffs & incentives", "money", "how money moves", "capital"),
)
FRAMINGS: tuple[Framing, ...] = ("problem", "benefit", "proposal", "context")

# Each sets window.pwned or leaves its element if it is taken for markup or code.
HOSTILE = (
    "<script>window.pwned = 1</script>",
    "</script><script>window.pwned = 2</script>",
    "<img src=x onerror='window.pwned = 3'>",
    '" autofocus onfocus="window.pwned = 4" x="',
    "<!-- <script> {{ 7 * 7 }} {% raw %} ${window.pwned = 5} #{7*7}",
    "<svg/onload=window.pwned=6><style>*{display:none}</style>",
    "&lt;b&gt; &amp; ]]> \u2028 \u2029 \\u003c/script",
    "\u202eright to left override never ended \u2066 isolate \u200f",
    "nul \x00 bell \x07 escape \x1b end",
    "W" * 5000,
)
HOSTILE_ADDRESSES = (
    "javascript:window.pwned=7",
    "data:text/html,<script>window.pwned=8</script>",
    'https://example.org/"onmouseover="window.pwned=9',
    "https://example.org/</script><script>window.pwned=10</script>",
    "HTTPS://user:pass@example.org:99999/%00",
)


def published(home: Path, articles: Sequence[CodedArticle] = (), themes: Sequence[Theme] = THEMES) -> Workspace:
    """A published warehouse of these articles."""
    workspace = Workspace(home)
    workspace.prepare()
    with open_warehouse(workspace) as connection:
        store_themes(connection, themes)
        store_articles(connection, articles)
    publish(workspace, NOW)
    return workspace


def article_about(
    number: int, on: date | None, *, publisher: str = "The Think Tank", title: str | None = None, url: str | None = None
) -> CodedArticle:
    """An article of three paragraphs with two figures that belong together, one that others contradict, and themes."""
    texts = (
        f"Waiting lists grew to {number}.6 million patients in 2025, up from 4.5 million in 2019.",
        "Trust between the NHS and independent providers is fragile. It takes years to build.",
        f"The tariff for a hip operation is £{6000 + 400 * number} a case in 2024/25.",
    )
    read = Article(
        title=Found(title or f"Article number {number}", "header"),
        publisher=Found(publisher, "header"),
        authors=(),
        authors_method=None,
        published=Published(on, "day", "header") if on else None,
        language="en",
        canonical_url=None,
        paragraphs=tuple(Paragraph(place, "prose", text) for place, text in enumerate(texts, start=1)),
    )
    before = _figure(read, 1, "4.5 million", 4.5e6, "patient", _year(2019), "patients on waiting lists")
    after = _figure(
        read, 1, f"{number}.6 million patients", number * 1e6, "patient", _year(2025), "patients on waiting lists"
    )
    financial = Period(date(2024, 4, 1), date(2025, 3, 31), "in 2024/25")
    tariff = _figure(
        read, 3, f"£{6000 + 400 * number} a case", 6000.0 + 400 * number, "GBP/case", financial, "hip tariff"
    )
    tariff = replace(tariff, kind="money", attribution="NHS England")
    figures = (replace(after, change="increase", change_from=1), before, tariff)
    mentions = (
        _mention(read, 1, "Waiting lists grew", "capacity", number),
        _mention(read, 2, "Trust", "trust", number + 1),
        _mention(read, 3, "tariff", "incentives", number + 2),
    )
    return coded(read, url or f"https://example.org/articles/{number}", figures, mentions)


def hostile_article(number: int, payload: str, url: str) -> CodedArticle:
    """An article whose title, publisher, text, evidence, measure and attribution are all the payload."""
    text = f"Before {payload} after"
    read = Article(
        title=Found(f"Title {payload}", "header"),
        publisher=Found(f"Publisher {payload}", "header"),
        authors=(payload,),
        authors_method="header",
        published=Published(date(2020 + number % 3, 5, 1), "month", "header"),
        language=("en", "ar", '"><b')[number % 3],
        canonical_url=None,
        paragraphs=(Paragraph(1, "prose", text),),
    )
    figure = _figure(read, 1, payload, float(number), payload[:40], _year(2020 + number), payload[:80])
    mention = _mention(read, 1, payload, "trust", number)
    return coded(read, url, (replace(figure, attribution=payload),), (mention,))


def hostile(home: Path) -> Workspace:
    """A published warehouse in which all that comes from outside means harm: articles, sources, terms, themes."""
    addresses = [*HOSTILE_ADDRESSES, *(f"https://example.org/{place}" for place in range(len(HOSTILE)))]
    articles = [hostile_article(place, payload, addresses[place]) for place, payload in enumerate(HOSTILE)]
    workspace = published(home, articles, [*THEMES, Theme("x<b>", f"Theme {HOSTILE[2]}", HOSTILE[0], HOSTILE[1], "")])
    edited = hostile_article(3, HOSTILE[3] + " edited", addresses[3])
    change = VersionChange("figure", "changed", HOSTILE[0], HOSTILE[1], HOSTILE[2])
    with open_warehouse(workspace) as connection:
        store_articles(connection, [edited], changes={edited.article_id: [change]})
        store_sources(
            connection, [Source("s", HOSTILE[0], "https://example.org", "site", "https://example.org", HOSTILE[2])]
        )
        asked = FetchRequest("https://example.org", "https://example.org", "s", "home", "new")
        answer = FetchResult(asked, NOW, asked.url, error_type="dns", error="no such host")
        state = SourceState("s", "unreachable", HOSTILE[1], NOW, NOW, None, 3)
        store_found(connection, [SourceAnswer(answer, state=state)])
        term = StoredTerm(HOSTILE[2], 4, 1, 2.0, articles[0].article_id, 1, 0, 6)
        replace_emerging_terms(connection, [term])
    publish(workspace, NOW)
    return workspace


def coded(
    read: Article, url: str, figures: Sequence[Figure] = (), mentions: Sequence[ThemeMention] = ()
) -> CodedArticle:
    """The article with its findings, ready to load."""
    hashed = content_hash(read)
    return CodedArticle(
        article_id=article_id(url), source_id="seeds", url=url, addresses=(url,), article=read, raw_hash=hashed,
        content_hash=hashed, content_type="text/plain", relevance=0.9, relevance_reasons=(), duplicate_of=None,
        figures=tuple(figures), themes=tuple(mentions), fetched_at=NOW, extractor_version="1", codebook_version="1",
    )  # fmt: skip


def _figure(
    read: Article, paragraph_no: int, surface: str, value: float, unit: str, period: Period, measure: str
) -> Figure:
    start = read.paragraphs[paragraph_no - 1].text.index(surface)
    return Figure(
        paragraph_no=paragraph_no, char_start=start, char_end=start + len(surface), surface=surface, kind="count",
        value=value, value_low=value, value_high=value, unit=unit, qualifier="exact", period=period, measure=measure,
        base=None, change=None, change_from=None, attribution=None,
        subject=measure,
    )  # fmt: skip


def _mention(read: Article, paragraph_no: int, surface: str, theme_id: str, number: int) -> ThemeMention:
    start = read.paragraphs[paragraph_no - 1].text.index(surface)
    framing = FRAMINGS[number % len(FRAMINGS)]
    return ThemeMention(
        paragraph_no, theme_id, framing, 1.0 + number / 100, surface, start, start + len(surface), ("cue",)
    )


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), f"in {year}")


def ordinary(home: Path, number: int = 42) -> Workspace:
    """A published warehouse of ordinary articles: eight a year, six publishers, the last article undated."""
    publishers = ("The Think Tank", "Law & Health LLP", "Providers’ Network", "A Foundation", "The Review", "Blog")
    articles = [
        article_about(
            place,
            date(2019 + place // 8, 1 + place % 8, 3) if place < number - 1 else None,
            publisher=publishers[place % len(publishers)],
        )
        for place in range(number)
    ]
    return published(home, articles)


SERIES = """
-- Of `v_figure_series` what the page puts in a row: no bounds, a period with both ends, the same whole.
SELECT
    s.subject, s.kind, s.unit, f.base, s.period_start::VARCHAR, s.period_end::VARCHAR, s.value, s.qualifier, s.surface
FROM v_figure_series AS s
JOIN figures AS f USING (figure_id)
WHERE s.period_start IS NOT NULL AND s.period_end IS NOT NULL AND s.qualifier IN ('exact', 'about')
WINDOW together AS (PARTITION BY s.subject, s.kind, s.unit, f.base)
QUALIFY min(s.period_end) OVER together < max(s.period_end) OVER together
"""
CONFLICTS = """
-- Of `v_figure_conflicts` the pair furthest apart of each subject and period.
SELECT subject, kind, unit, period_start::VARCHAR, period_end::VARCHAR, value_a, surface_a, value_b, surface_b
FROM v_figure_conflicts
QUALIFY row_number() OVER (
    PARTITION BY subject, kind, unit, period_start, period_end ORDER BY ratio DESC NULLS LAST, figure_a, figure_b
) = 1
"""


def compared_by_views(workspace: Workspace) -> tuple[int, int]:
    """Hold what the page compares to the views: it asks by queries of its own, which see less and are therefore
    quicker. How many statements are in a row with others, and how many pairs differ."""
    with open_snapshot(workspace) as connection:
        blocks = {block.name: block.json for block in prepared(connection, NOW).blocks()}
        compared = json.loads(blocks["compared"])
        series = [repr(row) for row in connection.execute(SERIES).fetchall()]
        conflicts = [repr(row) for row in connection.execute(CONFLICTS).fetchall()]
    assert sorted(repr(tuple(row[2:])) for row in compared["series"]) == sorted(series)
    shown = [(*a[2:5], *a[6:8], a[8], a[10], b[8], b[10]) for a, b in map(itemgetter("a", "b"), compared["conflicts"])]
    assert sorted(map(repr, shown)) == sorted(conflicts)
    return len(series), len(conflicts)
