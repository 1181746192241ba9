"""A loopback web with commentary on it, and days of the pipeline's life in this process."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from flows.reporting import RunReport
from tests.conftest import ROOT
from tests.flows.plain import without_a_server
from tests.web.site import Host
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    from prefect import Flow

GOLD = ROOT / "tests/gold/dev"
DAY_ONE = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)


def gold(name: str, kind: str = "articles") -> tuple[str, list[str]]:
    """The title and paragraphs of an article of the gold."""
    lines = (GOLD / kind / f"{name}.txt").read_text("utf-8").splitlines()
    return lines[0].removeprefix("Title: "), [line for line in lines[4:] if line.strip()]


def serve_gold(host: Host, path: str, name: str, kind: str = "articles", **options: Any) -> None:
    """Serve an article of the gold as a page."""
    title, paragraphs = gold(name, kind)
    host.article(path, title, paragraphs, **options)


@cache
def _empty_warehouse() -> bytes:
    """A database in which nothing is yet. Making one takes a second of processor, and tests have a hundred of them."""
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.prepare()
        open_warehouse(workspace).close()
        return workspace.database.read_bytes()


class Life:
    """A warehouse with its sources, through days that the test dates itself. It begins empty, but migrated."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = folder / "data"
        self.sources = folder / "sources.toml"
        self.seeds = folder / "seeds"
        self.seeds.mkdir(parents=True)
        workspace = Workspace(self.home)
        workspace.prepare()
        workspace.database.write_bytes(_empty_warehouse())
        monkeypatch.setenv("COMMENTARY_HOME", str(self.home))
        monkeypatch.setenv("COMMENTARY_HOST_DELAY", "0")
        monkeypatch.setenv("COMMENTARY_PAGE", "false")
        monkeypatch.setenv("COMMENTARY_PROCESSES", "1")
        monkeypatch.setenv("COMMENTARY_CONTACT", "tests@example.org")

    def watch(self, *tables: str) -> None:
        """Write the file of sources, each a TOML table without its heading."""
        text = "".join(f"[[source]]\n{table}\n" for table in tables)
        tomllib.loads(text)
        self.sources.write_text(text, "utf-8")

    def day(self, now: datetime, **parameters: Any) -> RunReport:
        """Run the ingest flow as if it were `now`."""
        from flows.ingest import ingest_commentary

        return self.run(ingest_commentary, now, **{"seeds": self.seeds, "sources": self.sources, **parameters})

    def run(self, flow: "Flow[..., Any]", now: datetime, **parameters: Any) -> RunReport:
        """Run a flow as if it were `now`."""
        from flows.life import run_flow
        from flows.reporting import silent
        from flows.run import clocked
        from flows.settings import settings

        settings.cache_clear()
        with without_a_server(), clocked(lambda: now):
            report, _ = run_flow(flow, silent, **parameters)
        settings.cache_clear()
        return report

    @contextmanager
    def snapshot(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The published database, as analysts open it."""
        with duckdb.connect(str(self.home / "commentary.duckdb"), read_only=True) as connection:
            yield connection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query on the published database."""
        with self.snapshot() as connection:
            return connection.execute(query).fetchall()

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the tables that articles are made of."""
        tables = ("articles", "article_versions", "article_addresses", "paragraphs", "theme_mentions", "figures")
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in tables}
