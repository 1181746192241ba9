"""Articles whose rows break a check are kept out of what is published; readers keep the last rows of them that hold."""

from collections.abc import Collection
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.checks import CheckFailure, run_checks
from warehouse.errors import BrokenInvariantError
from warehouse.lineage import Snapshot
from warehouse.migrate import current_schema
from warehouse.overruling import ARTICLE_TABLES
from warehouse.rows import staged_values
from warehouse.sql import statement
from warehouse.transaction import transaction

_ACTORS = (("organisations", "organisation_id"), ("people", "person_id"))


def mark_for_coding(connection: DuckDBPyConnection, article_ids: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Have articles coded anew by the next run; returns those that are there, as article_id and url."""
    with transaction(connection), staged_values(connection, sorted(article_ids)):
        found = connection.execute(statement("code_anew")).fetchall()
    return tuple(sorted((str(article_id), str(url)) for article_id, url in found))


def quarantine(
    connection: DuckDBPyConnection, article_ids: Collection[str], published: Path, before: Snapshot | None
) -> None:
    """Put the last published rows of articles in place of theirs, in a copy that is to be published.

    An article that was not published before, or whose published rows do not hold either, is left out.

    Args:
        connection: to the copy.
        article_ids: the articles whose rows do not hold.
        published: the file that is published now.
        before: what it says of itself; None if there is none.

    Raises:
        BrokenInvariantError: a check does not hold all the same.
    """
    if before is not None and before.layout[0] == current_schema():
        _replace(connection, article_ids, published)
        broken = {article_id for failure in _failures(connection) for article_id in failure.article_ids}
        if broken:
            _leave_out(connection, broken)
    else:
        _leave_out(connection, article_ids)
    if left := _failures(connection):
        raise BrokenInvariantError(f"not published, {len(left)} checks do not hold: {left[0]}; please report it")


def _failures(connection: DuckDBPyConnection) -> list[CheckFailure]:
    return [failure for failure in run_checks(connection) if not failure.is_derived]


def _replace(connection: DuckDBPyConnection, article_ids: Collection[str], published: Path) -> None:
    path = str(published).replace("'", "''")
    connection.execute(statement("attach_last_published", path=path))
    try:
        with transaction(connection), staged_values(connection, sorted(article_ids)):
            for table in ARTICLE_TABLES:
                connection.execute(statement("quarantined_out", table=table))
                if table != "emerging_terms":
                    connection.execute(statement("quarantined_back", table=table))
            for table, key in _ACTORS:
                connection.execute(statement("actors_back", table=table, key=key))
            _mend_links(connection)
    finally:
        connection.execute(statement("detach_last_published"))


def _leave_out(connection: DuckDBPyConnection, article_ids: Collection[str]) -> None:
    with transaction(connection), staged_values(connection, sorted(article_ids)):
        for table in ARTICLE_TABLES:
            connection.execute(statement("quarantined_out", table=table))
        _mend_links(connection)


def _mend_links(connection: DuckDBPyConnection) -> None:
    connection.execute(statement("release_lost_duplicates"))
    connection.execute(statement("forget_unnamed_actors"))
