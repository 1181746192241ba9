"""The codebook's themes as a table, and terms that rise in recent articles and belong to no theme yet."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from duckdb import DuckDBPyConnection

from extractors.themes.emerging import ParagraphText
from extractors.themes.model import Theme
from warehouse.database import transaction
from warehouse.rows import SQL as ROWS_SQL
from warehouse.rows import insert_rows, select_as
from warehouse.sql import statements

SQL = statements(__file__)


def store_themes(connection: DuckDBPyConnection, themes: Iterable[Theme]) -> bool:
    """Make the table of themes hold exactly these; returns whether anything changed.

    Mentions of a theme that left the codebook stay until their articles are recoded; the checks name them.
    """
    wanted = sorted(themes, key=lambda theme: theme.theme_id)
    stored = select_as(connection, Theme, SQL("themes"))
    if sorted(stored, key=lambda theme: theme.theme_id) == wanted:
        return False
    with transaction(connection):
        connection.execute(ROWS_SQL("delete_all", table="themes"))
        insert_rows(connection, "themes", [asdict(theme) for theme in wanted])
    return True


@dataclass(frozen=True, slots=True)
class StoredTerm:
    """A term with the numbers of recent and earlier articles that use it, and where an example stands."""

    term: str
    recent_count: int
    earlier_count: int
    score: float
    article_id: str
    paragraph_no: int
    char_start: int
    char_end: int


def passages(
    connection: DuckDBPyConnection, from_day: date, before_day: date, most_articles: int
) -> tuple[ParagraphText, ...]:
    """The paragraphs of the originals published from one day to before another, of the latest so many articles."""
    bounds = {"from_day": from_day, "before_day": before_day, "most": most_articles}
    return select_as(connection, ParagraphText, SQL("passages_of_period"), bounds)


def replace_emerging_terms(connection: DuckDBPyConnection, terms: Iterable[StoredTerm]) -> bool:
    """Make the table hold exactly these terms; returns whether anything changed."""
    wanted = sorted(terms, key=lambda term: term.term)
    stored = select_as(connection, StoredTerm, SQL("emerging_terms"))
    if list(stored) == wanted:
        return False
    with transaction(connection):
        connection.execute(ROWS_SQL("delete_all", table="emerging_terms"))
        insert_rows(connection, "emerging_terms", [asdict(term) for term in wanted])
    return True


TERMS_LAST = timedelta(days=7)
CHANGED_AT_MOST = 0.01
"""The share of the articles compared that may change before the terms are made anew: what so few use is no tendency."""


@dataclass(frozen=True, slots=True)
class TermsMade:
    """When, with which codebook and of how many articles the emerging terms were made, how many `terms` there were,
    and how many articles `changed` since."""

    made_at: datetime
    codebook_version: str
    articles: int
    terms: int
    changed: int = 0

    def last(self, now: datetime, codebook_version: str, terms: int) -> bool:
        """Whether they are still good; `terms` are those there now, of which some may have lost their example."""
        return (
            self.changed <= CHANGED_AT_MOST * self.articles
            and now - self.made_at < TERMS_LAST
            and (self.codebook_version, self.terms) == (codebook_version, terms)
        )


def note_terms_made(connection: DuckDBPyConnection, made: TermsMade) -> None:
    """Keep when and of what the terms were made."""
    with transaction(connection):
        connection.execute(ROWS_SQL("delete_all", table="emerging_terms_made"))
        insert_rows(connection, "emerging_terms_made", [asdict(made)])


def terms_last(connection: DuckDBPyConnection, now: datetime, codebook_version: str, changed: int) -> bool:
    """Whether the emerging terms are still good after so many articles more changed; if so, these are counted."""
    made = next(iter(select_as(connection, TermsMade, SQL("terms_made"))), None)
    if made is None:
        return False
    (terms,) = connection.execute(SQL("count_terms")).fetchone() or (0,)
    made = replace(made, changed=made.changed + changed)
    if not made.last(now, codebook_version, terms):
        return False
    note_terms_made(connection, made)
    return True
