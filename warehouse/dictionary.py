"""The data dictionary: what tables, views and columns there are, for whom, and what each means, from their comments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from duckdb import DuckDBPyConnection

from warehouse.rows import select_as
from warehouse.sql import statements

SQL = statements(__file__)

Audience = Literal["analyst", "closer", "pipeline"]

# What an analyst needs to know of, in the order of asking: what there is, what is said, by whom, with which numbers.
ANALYST = (
    "articles",
    "paragraphs",
    "themes",
    "v_evidence",
    "v_mentions",
    "v_figures",
    "v_theme_counts",
    "v_theme_trend",
    "v_publisher_themes",
    "v_article_themes",
    "v_actors",
    "v_stance",
    "v_quotations",
    "v_citations",
    "v_comparable_figures",
    "v_figure_series",
    "v_figure_conflicts",
    "v_new_articles",
)
ANALYST_MACROS = ("search", "new_articles", "readable_date", "readable_number")
# Tables that the views are made of, and narrower views; every other view belongs here too.
CLOSER = frozenset(
    {
        "actor_mentions", "article_addresses", "article_versions", "bylines", "citations", "emerging_terms", "figures",
        "organisations", "people", "quotations", "snapshot", "theme_mentions", "version_changes",
    }
)  # fmt: skip
HEADINGS: dict[Audience, tuple[str, str]] = {
    "analyst": ("For analysts", "What questions are asked of. Every view of passages marks copies with `is_copy`."),
    "closer": ("To look closer", "The tables that the views are made of, and views for narrower questions."),
    "pipeline": ("The pipeline's own", "What watching, fetching, publishing and searching keep; they may change."),
}
_INTRODUCTION = """\
# Tables

What `data/commentary.duckdb` holds. This page is made from the comments of the database by
`commentary tables --format markdown`; a test holds it. Names end in `_on` for dates, `_at` for times in UTC, `_no` for
numbers counted from 1; characters are counted from 0 in Unicode code points.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or view."""

    relation: str
    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or macro; `called` is how a query names it. A macro has no columns of its own."""

    name: str
    kind: str
    comment: str
    called: str
    columns: tuple[Column, ...] = ()

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        if self.name in (ANALYST_MACROS if self.kind == "macro" else ANALYST):
            return "analyst"
        return "closer" if self.name in CLOSER or self.name.startswith("v_") else "pipeline"


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    kind: str
    comment: str
    called: str


def stored_relations(connection: DuckDBPyConnection) -> tuple[Relation, ...]:
    """Every table, view and macro: those for analysts in the order of asking, then the others by name."""
    columns: dict[str, list[Column]] = defaultdict(list)
    for column in select_as(connection, Column, SQL("columns")):
        columns[column.relation].append(column)
    found = select_as(connection, _Found, SQL("relations"))
    every = [Relation(one.name, one.kind, one.comment, one.called, tuple(columns[one.name])) for one in found]
    return tuple(sorted(every, key=_place))


def _place(relation: Relation) -> tuple[int, int, str]:
    order = (*ANALYST, *ANALYST_MACROS)
    place = order.index(relation.name) if relation.audience == "analyst" else 0
    return (list(HEADINGS).index(relation.audience), place, relation.name)


def markdown(relations: Iterable[Relation]) -> str:
    """The dictionary as a page: an overview of what is for analysts, then every relation with its columns."""
    every = list(relations)
    lines = [_INTRODUCTION]
    for audience, (heading, told) in HEADINGS.items():
        of_it = [relation for relation in every if relation.audience == audience]
        lines += [f"## {heading}\n", f"{told}\n", "| name | holds |", "| --- | --- |"]
        lines += [f"| `{relation.called}` | {_cell(relation.comment)} |" for relation in of_it]
        lines.append("")
    lines.append("## Columns\n")
    for relation in every:
        lines += _columns(relation)
    return "\n".join(lines).rstrip("\n") + "\n"


def _columns(relation: Relation) -> Iterator[str]:
    if not relation.columns:
        return
    yield from (f"### {relation.name}\n", f"{relation.comment}\n", "| column | type | meaning |", "| --- | --- | --- |")
    yield from (f"| `{one.name}` | {one.type} | {_cell(one.comment)} |" for one in relation.columns)
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
