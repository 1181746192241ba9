"""An article comes back from the database with all that was found in it: nothing that is found is lost on the way."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.actors.model import Actor, ActorMention, Citation, Quotation, WhoSaysWhat
from extractors.changes import Version
from extractors.figures.model import Figure, Period, flat
from extractors.themes.model import ThemeMention
from tests.warehouse.builders import article_of, coded, figure_at, mention_at
from warehouse.articles import store_articles, stored_version
from warehouse.rows import insert_rows, select_rows

T = TypeVar("T")

TEXT = "Waiting lists grew by 7.6 million patients, said Dr Jane Low of Kelmere, citing a report by Kelmere."
ARTICLE = article_of(TEXT, "“Trust” is thin 😀 between them.")
FULL = figure_at(
    ARTICLE, 1, "7.6 million patients", 7.6e6, value_low=None, value_high=8e6, qualifier="about", kind="rate",
    period=Period(date(2019, 1, 1), None, "since 2019"), measure="waiting lists", base="patients", change="increase",
    attribution="Dr Jane Low", subject="waiting list",
)  # fmt: skip
JANE = Actor("Jane Low", "person")
SURNAME = Actor("Low", "person", whole=False)
KELMERE = Actor("Kelmere", "provider")


def columns(connection: DuckDBPyConnection, table: str) -> set[str]:
    """The columns of a table."""
    return {str(row["column_name"]) for row in select_rows(connection, f"DESCRIBE {table}")}


@pytest.mark.parametrize(
    ("table", "names"),
    [("figures", sorted(flat(FULL))), ("theme_mentions", sorted(field.name for field in fields(ThemeMention)))],
)
def test_every_field_of_a_finding_has_a_column(connection: DuckDBPyConnection, table: str, names: list[str]) -> None:
    missing = set(names) - columns(connection, table)
    assert not missing, f"{table} has no column {sorted(missing)}: add it with its comment in the next migration"


def test_a_row_with_a_field_that_has_no_column_names_both(connection: DuckDBPyConnection) -> None:
    with pytest.raises(LookupError, match="figures has no column mood: add it in a migration"):
        insert_rows(connection, "figures", [{"figure_id": "x", "mood": "good"}])


finite = st.floats(allow_nan=False, allow_infinity=False)
words = st.text(max_size=12)
# All fields by their types, so that one that is added is tried as well; but where a figure stands has to be true.
any_figure = st.builds(
    Figure,
    paragraph_no=st.just(1),
    char_start=st.just(FULL.char_start),
    char_end=st.just(FULL.char_end),
    surface=st.just(FULL.surface),
    value=finite,
    value_low=st.none() | finite,
    value_high=st.none() | finite,
    period=st.none() | st.builds(Period, text=words),
    change_from=st.none(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_figure)
def test_any_figure_comes_back_as_it_was(connection: DuckDBPyConnection, figure: Figure) -> None:
    earlier = replace(FULL, char_start=0, char_end=7, surface="Waiting")
    moved = replace(figure, change_from=0)
    store_articles(connection, [one := coded(article=ARTICLE, figures=(earlier, moved))])
    assert stored_version(connection, one.article_id).figures == (earlier, moved)


def test_paragraphs_figures_and_themes_come_back_as_they_were(connection: DuckDBPyConnection) -> None:
    themes = (
        mention_at(ARTICLE, 1, "Waiting lists", "capacity", cues=("one", "two"), score=2.25, framing="proposal"),
        mention_at(ARTICLE, 2, "thin 😀", "trust"),
    )
    store_articles(connection, [one := coded(article=ARTICLE, figures=(FULL,), themes=themes)])
    assert stored_version(connection, one.article_id) == Version(ARTICLE.paragraphs, (FULL,), themes)


def at(surface: str) -> tuple[int, int, int, str]:
    """Where words stand in the first paragraph."""
    start = TEXT.index(surface)
    return 1, start, start + len(surface), surface


SAID = WhoSaysWhat(
    mentions=(
        ActorMention(*at("Dr Jane Low"), JANE, "doctor of Kelmere", KELMERE),
        ActorMention(*at("Kelmere"), KELMERE),
    ),
    quotations=(
        Quotation(*at("Waiting lists grew"), JANE, "Dr Jane Low of Kelmere", "said", direct=False, speaks_for=KELMERE),
    ),
    citations=(Citation(*at("a report"), KELMERE, "report", "https://kelmere.example/report", (FULL.char_start,)),),
    attributed=(SURNAME,),
    publisher=KELMERE,
    authors=(JANE, SURNAME),
)
# Fields whose column has another name: it holds what identifies the thing.
STORED_AS = {"actor": "actor_id", "speaker": "speaker_id", "cited": "cited_id", "figures": "figure_ids"}
ACTORS = {"actor", "role_of", "speaker", "speaks_for", "cited"}


def test_who_says_what_comes_back_as_it_was(connection: DuckDBPyConnection) -> None:
    store_articles(connection, [coded(article=ARTICLE, figures=(FULL,), said=SAID)])
    actors = stored_actors(connection)
    assert (
        WhoSaysWhat(
            stored(connection, ActorMention, "actor_mentions", actors),
            stored(connection, Quotation, "quotations", actors),
            stored(connection, Citation, "citations", actors),
            tuple(actors[row["actor_id"]] for row in select_rows(connection, "SELECT actor_id FROM figures")),
            byline(connection, "publisher", actors)[0],
            byline(connection, "author", actors),
        )
        == SAID
    )


def byline(connection: DuckDBPyConnection, part: str, actors: Mapping[object, Actor]) -> tuple[Actor, ...]:
    """Those whose own words the article is."""
    rows = select_rows(connection, "SELECT actor_id FROM bylines WHERE part = ? ORDER BY rowid", [part])
    return tuple(actors[row["actor_id"]] for row in rows)


def stored_actors(connection: DuckDBPyConnection) -> dict[object, Actor]:
    """Organisations and people by their identifiers; one that bears an article's is not known by its name alone."""
    found = select_rows(
        connection,
        "SELECT organisation_id AS id, name, kind, known FROM organisations"
        " UNION ALL SELECT person_id, name, 'person', known FROM people",
    )
    return {row["id"]: Actor(row["name"], row["kind"], row["known"], "@" not in str(row["id"])) for row in found}  # type: ignore[arg-type]


def stored(
    connection: DuckDBPyConnection, kind: Callable[..., T], table: str, actors: Mapping[object, Actor]
) -> tuple[T, ...]:
    """The rows of a table as findings, every field of them from its column."""
    rows = select_rows(connection, f"SELECT * FROM {table} ORDER BY char_start")
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return tuple(kind(**{name: _value(row[STORED_AS.get(name, name)], name, actors) for name in names}) for row in rows)


def _value(value: object, name: str, actors: Mapping[object, Actor]) -> object:
    if name == "figures":
        return tuple(int(str(figure_id).rpartition("-")[2]) for figure_id in value)  # type: ignore[attr-defined]
    return actors[value] if value is not None and name in ACTORS else value
