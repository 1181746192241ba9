"""What is stored of an article, back as the values that the extractors gave."""

from duckdb import DuckDBPyConnection

from extractors.article.model import Paragraph
from extractors.changes import Changes, FigureChange, Version
from extractors.figures.fields import from_flat
from extractors.figures.model import Figure
from extractors.themes.model import ThemeMention
from warehouse.rows import select_as
from warehouse.sql import statement
from warehouse.version_changes import VersionChange


def stored_version(connection: DuckDBPyConnection, article_id: str) -> Version:
    """The current version of an article as it was coded; empty for an article that is not stored."""
    rows = connection.execute(statement("stored_figures"), [article_id]).to_arrow_table().to_pylist()
    places = {row["figure_id"]: index for index, row in enumerate(rows)}
    return Version(
        paragraphs=select_as(connection, Paragraph, statement("stored_paragraphs"), [article_id]),
        figures=tuple(from_flat(row, places.get(row["change_from"])) for row in rows),
        themes=select_as(connection, ThemeMention, statement("stored_themes"), [article_id]),
    )


def change_rows(changes: Changes) -> tuple[VersionChange, ...]:
    """What an edit changed, as it is recorded: figures first, each with how it was and is."""
    return (
        *(
            VersionChange("figure", "changed", change.new.measure or change.new.surface, *_before_and_after(change))
            for change in changes.figures_changed
        ),
        *(VersionChange("figure", "added", f.measure or f.surface, None, f.surface) for f in changes.figures_added),
        *(VersionChange("figure", "removed", f.measure or f.surface, f.surface, None) for f in changes.figures_removed),
        *(
            VersionChange("theme", "changed", change.new.theme_id, change.old.framing, change.new.framing)
            for change in changes.framings_changed
        ),
        *(VersionChange("theme", "added", t.theme_id, None, t.surface) for t in changes.themes_added),
        *(VersionChange("theme", "removed", t.theme_id, t.surface, None) for t in changes.themes_removed),
    )


def _before_and_after(change: FigureChange) -> tuple[str, str]:
    """Its words; where these stand as they were, with the field that differs: "26% (period 2023-04-01 to ...)"."""
    if change.old.surface != change.new.surface:
        return change.old.surface, change.new.surface
    field = change.fields[0]
    return _with_field(change.old, field), _with_field(change.new, field)


def _with_field(figure: Figure, field: str) -> str:
    value = getattr(figure, field)
    if field == "period" and value is not None:
        value = f"{value.start or '…'} to {value.end or '…'}"
    return f"{figure.surface} ({field} {'none' if value is None else value})"
