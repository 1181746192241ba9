"""What edits changed in the figures and themes of articles."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from duckdb import DuckDBPyConnection

from warehouse.rows import insert_rows
from warehouse.sql import statement
from warehouse.transaction import transaction

ChangedKind = Literal["figure", "theme"]
ChangeType = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One finding that an edit added, removed or changed.

    `subject` is the measure or words of a figure, or the theme_id; `before` and `after` say for a person how it was and
    is, None where there was or is nothing.
    """

    kind: ChangedKind
    change: ChangeType
    subject: str
    before: str | None
    after: str | None


def save_changes(
    connection: DuckDBPyConnection, article_id: str, version: int, changes: Iterable[VersionChange]
) -> None:
    """Record what made `version` of an article differ from the one before, in place of what was recorded of it."""
    with transaction(connection):
        write_changes(connection, article_id, version, changes)


def write_changes(
    connection: DuckDBPyConnection, article_id: str, version: int, changes: Iterable[VersionChange]
) -> None:
    """As `save_changes`, within the caller's transaction."""
    rows = [
        {"article_id": article_id, "version": version, "change_no": number, **asdict(change)}
        for number, change in enumerate(changes, start=1)
    ]
    connection.execute(statement("forget_changes"), [article_id, version])
    insert_rows(connection, "version_changes", rows)
