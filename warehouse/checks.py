"""The invariants of the warehouse, each a query that finds the rows which break it."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from warehouse.sql import SqlFile, sql_files

SHOWN_ROWS = 3
# Checks of what is made from the articles: the emerging terms and the search index.
DERIVED = frozenset({"term_evidence", "search_index"})


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """An invariant that does not hold: its name, what it demands, how many rows break it, and the first of them.

    `article_ids` are the articles whose rows break it; `by_article` tells whether that is all of the rows.
    """

    name: str
    demands: str
    row_count: int
    examples: tuple[str, ...]
    article_ids: frozenset[str] = frozenset()
    by_article: bool = False

    @property
    def is_derived(self) -> bool:
        """Whether what breaks it was made from the articles, and is made anew."""
        return self.name in DERIVED

    def __str__(self) -> str:
        return f"{self.name}: {self.demands} ({self.row_count} rows break it, such as {'; '.join(self.examples)})"


def check_names() -> tuple[str, ...]:
    """The names of all checks."""
    return tuple(file.name for file in sql_files("checks"))


def run_checks(connection: DuckDBPyConnection) -> tuple[CheckFailure, ...]:
    """Run every check; an empty answer means that all invariants hold."""
    return tuple(failure for file in sql_files("checks") if (failure := _run(connection, file)))


def _run(connection: DuckDBPyConnection, file: SqlFile) -> CheckFailure | None:
    cursor = connection.execute(file.text)
    rows = cursor.fetchall()
    if not rows:
        return None
    names = [column[0] for column in cursor.description or ()]
    examples = tuple(
        ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True)) for row in rows[:SHOWN_ROWS]
    )
    told = [row[names.index("article_id")] for row in rows] if "article_id" in names else [None]
    articles = frozenset(str(article_id) for article_id in told if article_id is not None)
    return CheckFailure(file.name, _demand(file), len(rows), examples, articles, None not in told)


def _demand(file: SqlFile) -> str:
    """What the check demands: the comment at the head of its file."""
    lines = []
    for line in file.text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines).rstrip(".")
