"""The views answer the questions they are named after."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from extractors.actors import ActorMention, Citation, Quotation, WhoSaysWhat, find_actors
from extractors.article.model import Article, DatePrecision, Found, Published
from extractors.article.page import read_page
from extractors.figures.model import Period
from tests.warehouse.builders import INSPECTOR, NOW, article_of, coded, figure_at, mention_at, rich
from warehouse import sources
from warehouse.articles import VersionChange, store_articles, store_changes
from warehouse.codebook import StoredTerm, replace_emerging_terms
from warehouse.coded import CodedArticle


def _of(article: Article, publisher: str, year: int) -> Article:
    return replace(article, publisher=Found(publisher, "h"), published=Published(date(year, 5, 1), "day", "h"))


def _rows(connection: DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def _themed(name: str, publisher: str, year: int, *framed: tuple[str, str], **fields: Any) -> CodedArticle:
    """An article with one paragraph a theme, coded with the framing given, and a last one without."""
    texts = [f"Paragraph on {theme} by {publisher}." for theme, _ in framed]
    article = _of(article_of(*texts, "Nothing else."), publisher, year)
    themes = [
        mention_at(article, number, theme, theme, framing=framing, score=float(number))
        for number, (theme, framing) in enumerate(framed, start=1)
    ]
    return coded(name, article=article, themes=themes, **fields)


@pytest.fixture
def themed(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """Three articles of two publishers, and a near-duplicate that counts for nothing."""
    first = _themed("a", "Union", 2024, ("trust", "problem"), ("capacity", "problem"), ("trust", "benefit"))
    store_articles(
        connection,
        [
            first,
            _themed("b", "Union", 2025, ("trust", "problem")),
            _themed("c", "Trade body", 2025, ("trust", "benefit"), ("incentives", "proposal")),
            _themed("d", "Trade body", 2025, ("capacity", "problem"), duplicate_of=first.article_id),
        ],
    )
    return connection


def test_theme_counts_leave_duplicates_out(themed: DuckDBPyConnection) -> None:
    counts = _rows(themed, "SELECT theme_id, articles, paragraphs, problems, benefits, proposals FROM v_theme_counts")
    assert counts == [("trust", 3, 4, 2, 2, 0), ("capacity", 1, 1, 1, 0, 0), ("incentives", 1, 1, 0, 0, 1)]


def test_article_themes_have_share_balance_and_best_passage(themed: DuckDBPyConnection) -> None:
    rows = _rows(
        themed,
        "SELECT theme_id, paragraphs, share_of_paragraphs, framing_balance, best_paragraph_no, best_passage "
        "FROM v_article_themes WHERE article_id = (SELECT article_id FROM articles WHERE url LIKE '%/a') "
        "ORDER BY theme_id",
    )
    assert rows == [
        ("capacity", 1, 0.25, -1.0, 2, "Paragraph on capacity by Union."),
        ("trust", 2, 0.5, 0.0, 3, "Paragraph on trust by Union."),
    ]


def test_trend_by_year_and_publisher_has_zeros_and_true_denominators(themed: DuckDBPyConnection) -> None:
    store_articles(themed, [_themed("e", "Union", 2025, ("incentives", "context"), ("capacity", "benefit"))])
    rows = _rows(
        themed,
        "SELECT year, publisher, articles, articles_in_all, share_of_articles, framing_balance "
        "FROM v_theme_trend WHERE theme_id = 'trust'",
    )
    assert rows == [
        (2024, "Union", 1, 1, 1.0, 0.0),
        (2025, "Trade body", 1, 1, 1.0, 1.0),
        (2025, "Union", 1, 2, 0.5, -1.0),
    ]
    assert _rows(
        themed,
        "SELECT theme_id, sum(articles), sum(articles_in_all), sum(problems), sum(benefits), sum(proposals), "
        "sum(contexts) FROM v_theme_trend WHERE year = 2025 GROUP BY theme_id ORDER BY theme_id",
    ) == [("capacity", 1, 3, 0, 1, 0, 0), ("incentives", 2, 3, 0, 0, 1, 1), ("trust", 2, 3, 1, 1, 0, 0)]
    silent = _rows(themed, "SELECT articles, framing_balance FROM v_theme_trend WHERE year = 2024 AND articles = 0")
    assert silent == [(0, None)]


def test_who_says_what(themed: DuckDBPyConnection) -> None:
    rows = _rows(
        themed,
        "SELECT publisher, theme_id, articles, articles_in_all, share_of_articles, framing_balance "
        "FROM v_publisher_themes",
    )
    assert rows == [
        ("Trade body", "incentives", 1, 1, 1.0, 0.0),
        ("Trade body", "trust", 1, 1, 1.0, 1.0),
        ("Trade body", "capacity", 0, 1, 0.0, None),
        ("Union", "trust", 2, 2, 1.0, -0.33),
        ("Union", "capacity", 1, 2, 0.5, -1.0),
        ("Union", "incentives", 0, 2, 0.0, None),
    ]


def test_mentions_have_what_a_passage_needs(themed: DuckDBPyConnection) -> None:
    rows = _rows(
        themed,
        "SELECT theme_id, framing, score, published, publisher, sentence, is_copy FROM v_mentions "
        "WHERE theme_id <> 'trust' ORDER BY ALL",
    )
    assert rows == [
        ("capacity", "problem", 1.0, "2025-05-01", "Trade body", "Paragraph on capacity by Trade body.", True),
        ("capacity", "problem", 2.0, "2024-05-01", "Union", "Paragraph on capacity by Union.", False),
        ("incentives", "proposal", 2.0, "2025-05-01", "Trade body", "Paragraph on incentives by Trade body.", False),
    ]


def test_what_moved_tells_both_units(connection: DuckDBPyConnection) -> None:
    article = article_of("The wait has gone from nine weeks to twelve days.")
    weeks = figure_at(article, 1, "nine weeks", 9, kind="duration", unit="week")
    days = figure_at(article, 1, "twelve days", 12, kind="duration", unit="day", change="decrease", change_from=0)
    store_articles(connection, [coded(article=article, figures=(weeks, days))])
    moved = "SELECT value, unit, changed_from_value, changed_from_unit FROM v_figures WHERE change IS NOT NULL"
    assert _rows(connection, moved) == [(12, "day", 9, "week")]


def test_every_view_of_passages_marks_copies(connection: DuckDBPyConnection) -> None:
    first = rich()
    store_articles(connection, [first, rich("two", duplicate_of=first.article_id)])
    for view in (
        "v_evidence", "v_mentions", "v_figures", "v_article_themes", "v_quotations", "v_citations", "v_new_articles"
    ):  # fmt: skip
        marked = dict(_rows(connection, f"SELECT is_copy, count(*) FROM {view} GROUP BY is_copy"))
        assert marked[True] == marked[False] > 0, view
    assert _rows(connection, "SELECT sum(citations) FROM v_who_cites_whom") == [(1,)]


def test_a_link_tells_who_is_cited_where_no_name_does(connection: DuckDBPyConnection) -> None:
    source = rich("source")
    source = replace(source, article=replace(source.article, publisher=Found("Kelmere Gazette", "meta")))
    page = (
        "<html><head><link rel='canonical' href='https://example.org/citing'></head><body><article><h1>Waits</h1>"
        + "<p>Waits at the county's two clinics are longer than anybody had been told, and nobody can say why.</p>" * 6
        + "<p>According to <a href='/source'>a report of last week</a> the waits grew by 4% in a year.</p>"
        + "</article></body></html>"
    )
    article = replace(read_page(page.encode()), publisher=Found("Trade body", "meta"))
    citing = coded("citing", article=article, said=find_actors(article.paragraphs, ()))
    store_articles(connection, [source, citing])
    assert _rows(
        connection,
        "SELECT linked_title, linked_publisher FROM v_citations WHERE article_id = '" + citing.article_id + "'",
    ) == [(source.article.title.value if source.article.title else None, "Kelmere Gazette")]
    assert ("Trade body", "Kelmere Gazette", "publisher") in _rows(
        connection, "SELECT citing, cited, cited_kind FROM v_who_cites_whom"
    )


@pytest.mark.parametrize(("precision", "text"), [("day", "2019-01-01"), ("month", "2019-01"), ("year", "2019")])
def test_a_year_is_no_first_of_january(connection: DuckDBPyConnection, precision: DatePrecision, text: str) -> None:
    one = rich()
    article = replace(one.article, published=Published(date(2019, 1, 1), precision, "h"))
    store_articles(connection, [replace(one, article=article)])
    for view in (
        "v_evidence", "v_mentions", "v_figures", "v_article_themes", "v_quotations", "v_citations", "v_new_articles"
    ):  # fmt: skip
        assert set(_rows(connection, f"SELECT published, published_on FROM {view}")) == {(text, date(2019, 1, 1))}


def test_themes_that_go_together(themed: DuckDBPyConnection) -> None:
    article = article_of("Both trust and capacity at once.")
    both = [mention_at(article, 1, "trust", "trust"), mention_at(article, 1, "capacity", "capacity")]
    store_articles(themed, [coded("e", article=article, themes=both)])
    rows = _rows(themed, "SELECT theme_a, theme_b, paragraphs, articles, lift FROM v_theme_pairs")
    assert rows == [("capacity", "trust", 1, 2, 1.0), ("incentives", "trust", 0, 1, 1.0)]


def _measured(name: str, surface: str, value: float, period: Period | None, **fields: Any) -> CodedArticle:
    article = article_of(f"They say {surface} were waiting.")
    described = {"measure": "people waiting", "subject": "waiting list", "period": period, **fields}
    return coded(name, article=article, figures=[figure_at(article, 1, surface, value, **described)])


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), f"in {year}")


def test_series_puts_one_measure_in_order_of_time(connection: DuckDBPyConnection) -> None:
    store_articles(
        connection,
        [
            _measured("later", "7m patients", 7e6, _year(2024)),
            _measured("earlier", "4m patients", 4e6, _year(2019), unit="person"),
            _measured("undated", "5m patients", 5e6, None),
            _measured("other", "9m patients", 9e6, _year(2024), subject="patient: treated"),
            _measured("kind", "9m patients", 8e6, _year(2020), kind="money", unit="GBP"),
            _measured("unknown", "9m patients", 3e6, _year(2021), subject=None),
        ],
    )
    rows = _rows(connection, "SELECT subject, unit, period_end::VARCHAR, value FROM v_figure_series")
    assert rows == [("waiting list", "patient", f"{year}-12-31", value) for year, value in ((2019, 4e6), (2024, 7e6))]


@pytest.mark.parametrize(
    ("first", "second", "conflict"),
    [
        ({"value": 7.0e6}, {"value": 4.0e6}, True),
        ({"value": 7.0e6}, {"value": 7.0e6}, False),
        ({"value": 6.91e9}, {"value": 6.9e9}, False),
        ({"value": 7.0e6, "qualifier": "about"}, {"value": 7.3e6}, False),
        ({"value": 7.0e6, "qualifier": "about"}, {"value": 8.0e6}, True),
        ({"value": 6.0e6, "value_high": None, "qualifier": "at_least"}, {"value": 7.5e6}, False),
        ({"value": 8.0e6, "value_high": None, "qualifier": "at_least"}, {"value": 7.5e6}, True),
        ({"value": 8.0e6, "value_low": None, "qualifier": "at_most"}, {"value": 7.5e6}, False),
        ({"value": 7.0e6, "value_low": None, "qualifier": "at_most"}, {"value": 7.5e6}, True),
        ({"value": 7.0e6, "value_low": 6.0e6, "value_high": 8.0e6}, {"value": 7.9e6}, False),
        ({"value": 7.0e6}, {"value": 4.0e6, "unit": None}, True),
        ({"value": 7.0e6}, {"value": 4.0e6, "measure": "In other words"}, True),
        ({"value": 7.0e6, "kind": "money", "unit": "GBP"}, {"value": 4.0e6, "kind": "money", "unit": "EUR"}, False),
        ({"value": 7.0e6, "subject": None}, {"value": 4.0e6, "subject": None}, False),
        ({"value": 7.0e6}, {"value": 4.0e6, "subject": "waiting list: Leeds"}, False),
        ({"value": 7.0e6}, {"value": 4.0e6, "period": _year(2020)}, False),
        ({"value": 7.0e6, "period": None}, {"value": 4.0e6, "period": None}, False),
    ],
)
def test_conflicts_are_statements_that_admit_no_common_value(
    connection: DuckDBPyConnection, first: dict[str, Any], second: dict[str, Any], conflict: bool
) -> None:
    def article(name: str, stated: dict[str, Any]) -> CodedArticle:
        bounds = {"value_low": stated["value"], "value_high": stated["value"]}
        fields = {"period": _year(2024), **bounds, **stated}
        return _measured(name, "this many patients", fields.pop("value"), fields.pop("period"), **fields)

    store_articles(connection, [article("one", first), article("two", second)])
    assert len(_rows(connection, "SELECT * FROM v_figure_conflicts")) == conflict


def test_new_articles_since_a_date(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich(), coded("two", fetched_at=NOW + timedelta(days=2))])
    assert _rows(connection, "SELECT url, top_themes, figures FROM v_new_articles") == [
        ("https://example.org/two", [], 0),
        ("https://example.org/one", ["Capacity and waiting lists", "Trust and culture"], 2),
    ]
    since = (NOW + timedelta(days=1)).date()
    assert _rows(connection, f"SELECT url FROM new_articles(DATE '{since}')") == [("https://example.org/two",)]


def test_what_an_edit_changed(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich()])
    [edited] = store_articles(connection, [coded("one", "All is well.", fetched_at=NOW + timedelta(days=1))])
    changes = [
        VersionChange("figure", "removed", "waiting lists", "7.6 million patients", None),
        VersionChange("theme", "changed", "trust", "problem", "benefit"),
    ]
    for _ in range(2):
        store_changes(connection, edited.article_id, edited.version, changes)
    rows = _rows(connection, "SELECT version, kind, change, subject, before, after FROM v_version_changes")
    assert rows == [
        (2, "figure", "removed", "waiting lists", "7.6 million patients", None),
        (2, "theme", "changed", "trust", "problem", "benefit"),
    ]


def test_emerging_terms_with_their_example(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [rich()])
    term = StoredTerm("lists", 3, 0, 2.345, rich().article_id, 1, 8, 13)
    assert replace_emerging_terms(connection, [term])
    assert not replace_emerging_terms(connection, [term])
    assert _rows(connection, "SELECT term, score, example, publisher FROM v_emerging_terms") == [
        ("lists", 2.35, rich().article.paragraphs[0].text, "The Think Tank")
    ]


def test_sources_health_counts_what_each_yielded(connection: DuckDBPyConnection) -> None:
    sources.store_seed_source(connection)
    store_articles(connection, [rich(), coded("two", fetched_at=NOW + timedelta(days=1))])
    assert _rows(
        connection,
        f"SELECT source_id, status, articles, candidates, last_article_at = TIMESTAMPTZ '{NOW + timedelta(days=1)}' "
        "FROM v_sources_health",
    ) == [("seeds", "ok", 2, 0, True)]


@pytest.mark.parametrize(
    ("number", "text"), [(6.91e9, "6,910,000,000"), (0.125, "0.125"), (-3.0, "-3"), (1e16, "1e+16"), (None, None)]
)
def test_numbers_are_readable(connection: DuckDBPyConnection, number: float | None, text: str | None) -> None:
    assert connection.execute("SELECT readable_number(?::DOUBLE)", [number]).fetchone() == (text,)


@pytest.fixture
def said(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    """Two articles: one quotes the inspectors on trust and links to the other, which the inspectors publish."""
    first = _themed("a", "Courier", 2024, ("trust", "problem"), ("capacity", "benefit"))
    second = _themed("b", "Inspectors", 2025, ("incentives", "proposal"))
    words = first.article.paragraphs[0].text
    whole = (1, 0, len(words), words)
    quoted = WhoSaysWhat(
        (ActorMention(1, 0, 9, "Paragraph", INSPECTOR),),
        (Quotation(*whole, INSPECTOR, "the inspectors", "said", direct=True),),
        (Citation(*whole, INSPECTOR, "report", "https://example.org/b", ()),),
    )
    store_articles(connection, [replace(first, said=quoted), replace(second, said=WhoSaysWhat(publisher=INSPECTOR))])
    return connection


def test_stance_is_what_an_actor_says_itself(said: DuckDBPyConnection) -> None:
    stance = _rows(said, "SELECT actor, theme_id, framing, said_in FROM v_stance ORDER BY theme_id")
    assert stance == [
        ("Care Quality Commission", "incentives", "proposal", "article"),
        ("Care Quality Commission", "trust", "problem", "quotation"),
    ]


def test_actors_have_what_surrounds_them(said: DuckDBPyConnection) -> None:
    actors = _rows(said, "SELECT name, kind, mentions, articles, top_themes, problems FROM v_actors")
    assert actors == [("Care Quality Commission", "regulator", 1, 1, ["trust"], 1)]


def test_citations_resolve_links_between_stored_articles(said: DuckDBPyConnection) -> None:
    cited = _rows(said, "SELECT publisher, cited, what, linked_title IS NOT NULL FROM v_citations")
    assert cited == [("Courier", "Care Quality Commission", "report", True)]
    assert _rows(said, "SELECT citing, cited, citations FROM v_who_cites_whom") == [
        ("Courier", "Care Quality Commission", 1)
    ]


def test_quotations_have_speaker_and_themes(said: DuckDBPyConnection) -> None:
    quoted = _rows(said, "SELECT speaker, speaker_kind, verb, direct, themes, framings FROM v_quotations")
    assert quoted == [("Care Quality Commission", "regulator", "said", True, ["trust"], ["problem"])]


def _published(name: str, year: int, value: float, period: Period | None, **fields: Any) -> CodedArticle:
    article = _of(article_of("They say this many were waiting."), f"Press {year}", year)
    described = {"measure": "people waiting", "subject": "waiting list", "period": period, **fields}
    return coded(name, article=article, figures=[figure_at(article, 1, "this many", value, **described)])


def test_origins_name_the_earliest_article_and_who_repeats_it(connection: DuckDBPyConnection) -> None:
    store_articles(
        connection,
        [
            _published("first", 2019, 4.57e6, _year(2018)),
            _published("second", 2021, 4.57e6, None, attribution="Press 2019"),
            _published("third", 2022, 4.57e6, _year(2018)),
            _published("another year", 2023, 4.57e6, _year(2022)),
            _published("a longer period", 2023, 4.57e6, replace(_year(2018), end=date(2019, 12, 31))),
            _published("round, no period", 2020, 5e6, None),
            _published("round again", 2024, 5e6, None),
        ],
    )
    rows = _rows(connection, "SELECT first_publisher, publisher, named FROM v_figure_origins")
    assert rows == [("Press 2019", "Press 2021", True), ("Press 2019", "Press 2022", False)]


def test_an_origin_is_certainly_the_earlier(connection: DuckDBPyConnection) -> None:
    """Of an article of which only the year is known nobody can tell whether it came before one of March."""

    def article(name: str, day: date, precision: DatePrecision) -> CodedArticle:
        one = _published(name, day.year, 4.57e6, _year(2018))
        return replace(one, article=replace(one.article, published=Published(day, precision, "h")))

    store_articles(
        connection,
        [
            article("some time in 2020", date(2020, 1, 1), "year"),
            article("March 2020", date(2020, 3, 1), "month"),
            article("2021", date(2021, 1, 1), "year"),
        ],
    )
    found = _rows(connection, "SELECT first_published, published FROM v_figure_origins")
    assert found == [("2020-03", "2021")]


@pytest.mark.parametrize(
    ("fields", "may_be"),
    [({"value": 4.0e6}, None), ({"value": 6.7e6}, "rounding"), ({"value": 4.0e6, "base": "all"}, "other definition")],
)
def test_a_conflict_tells_why_it_may_be_none(
    connection: DuckDBPyConnection, fields: dict[str, Any], may_be: str | None
) -> None:
    value = fields["value"]
    bounds = {"value_low": value, "value_high": value}
    others = {name: one for name, one in fields.items() if name != "value"}  # the same fields serve a lake as well
    store_articles(
        connection,
        [
            _measured("one", "this many patients", 7.0e6, _year(2024)),
            _measured("two", "this many patients", value, _year(2024), **bounds, **others),
        ],
    )
    assert _rows(connection, "SELECT may_be FROM v_figure_conflicts") == [(may_be,)]
