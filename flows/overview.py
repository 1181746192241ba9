"""What the warehouse holds, as a few charts of text: for pages that show markdown and nothing else."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from flows.reporting import cell
from warehouse.sql import statements

SQL = statements(__file__)

_WIDEST = 30


def key_charts(connection: DuckDBPyConnection) -> str:
    """Articles by year, what they speak of most, and who publishes them, each as bars."""
    charts = (("Articles by year", "years"), ("Themes, by articles", "themes"), ("Publishers", "publishers"))
    return "\n".join(_chart(title, connection.execute(SQL(name)).fetchall()) for title, name in charts)


def _chart(title: str, rows: Sequence[tuple[object, ...]]) -> str:
    most = max((_count(row) for row in rows), default=1)
    lines = [f"## {title}", "", "| | articles | |", "| --- | ---: | --- |"]
    lines += [
        f"| {cell(row[0])} | {_count(row)} | {'█' * max(1, round(_WIDEST * _count(row) / most))} |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def _count(row: tuple[object, ...]) -> int:
    return int(str(row[1]))
