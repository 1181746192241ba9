"""The questions of docs/cookbook.md, their queries, and what each prints on the seed articles.

`python -m tests.warehouse.cookbook --update` writes the outputs anew after a change of the extractors, the seeds or the
views; read the difference before committing it.
"""

import atexit
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from duckdb import DuckDBPyConnection

from extractors.themes import read_codebook
from extractors.web.sources import read_sources
from flows.settings import PACKAGED_SEEDS
from flows.steps.coding import code
from flows.steps.seeds import find_seeds
from warehouse.articles import store_articles
from warehouse.codebook import store_themes
from warehouse.coded import CodedArticle
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.raw_store import RawStore
from warehouse.sources import store_seed_source, store_sources
from warehouse.workspace import Workspace

COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook.md"
INGESTED_AT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
NOTHING = "(no rows)"

_ENTRY = re.compile(
    r"^## (?P<question>.+?)\n.*?```sql\n(?P<query>.*?)```\n\n(?P<output>.*?)(?=\n\n|\n?\Z)", re.S | re.M
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question of the cookbook, as it stands there."""

    question: str
    query: str
    output: str


def recipes(text: str) -> list[Recipe]:
    """All questions of the cookbook's text."""
    return [Recipe(match["question"], match["query"], match["output"]) for match in _ENTRY.finditer(text)]


def seed_warehouse(home: Path) -> Workspace:
    """A published warehouse of the seed articles, read, coded and loaded as an ingest does."""
    shutil.copytree(_seeds_loaded().home, home, dirs_exist_ok=True)
    return Workspace(home)


@cache
def _seeds_loaded() -> Workspace:
    """The one that is copied, which takes seconds to make and is removed with this process."""
    folder = Path(tempfile.mkdtemp(prefix="seeds"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return warehouse_of(PACKAGED_SEEDS, folder)


def warehouse_of(folder: Path, home: Path) -> Workspace:
    """A published warehouse, in `home`, of the seed articles of a folder."""
    workspace = Workspace(home)
    workspace.prepare()
    store = RawStore(workspace.raw)
    codebook = read_codebook()
    seeds = find_seeds(folder, store.put, INGESTED_AT)
    outcomes = [code(material, store.get(material.raw_hash), codebook) for material in seeds.material]
    coded = [one for one in outcomes if isinstance(one, CodedArticle)]
    with open_warehouse(workspace) as connection:
        store_seed_source(connection)
        store_sources(connection, read_sources(PACKAGED_SEEDS / "sources.toml"))
        store_themes(connection, codebook.themes)
        store_articles(connection, coded)
    publish(workspace, INGESTED_AT)
    return workspace


def answer(connection: DuckDBPyConnection, query: str) -> str:
    """What a query prints: a Markdown table."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    rows = [[_cell(value) for value in row] for row in cursor.fetchall()]
    if not rows:
        return NOTHING
    return "\n".join("| " + " | ".join(row) + " |" for row in [names, ["---"] * len(names), *rows])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).replace("|", "\\|")


def updated(text: str, connection: DuckDBPyConnection) -> str:
    """The cookbook's text with each output as it is now."""

    def with_output(match: re.Match[str]) -> str:
        start = match.start("output") - match.start()
        return match[0][:start] + answer(connection, match["query"])

    return _ENTRY.sub(with_output, text)


def main() -> None:
    """Write the outputs of the cookbook anew."""
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder, open_snapshot(seed_warehouse(Path(folder))) as connection:
        COOKBOOK.write_text(updated(COOKBOOK.read_text(encoding="utf-8"), connection), encoding="utf-8")


if __name__ == "__main__":
    main()
