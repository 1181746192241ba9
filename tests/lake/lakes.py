"""Lakes for tests: made from a template, loaded by processes of their own, and looked at from beside."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.lake.conftest import PostgreSQL
from tests.warehouse.builders import THEMES
from warehouse.codebook import store_themes
from warehouse.database import open_warehouse
from warehouse.target import PREFIX, Lake, add_extension, lake_at
from warehouse.workspace import Workspace

# Loads articles number FIRST to LAST in batches, `rounds` times with other findings each, and prints of each batch how
# many articles were new, recoded and unchanged, and how often it was tried.
LOADER = """
import json, sys
from pathlib import Path
import warehouse.articles as articles
from tests.warehouse.builders import rich
from warehouse.database import open_warehouse, whole_transaction
from warehouse.target import lake_at
from warehouse.workspace import Workspace

warehouse, data_path, home, first, last, batch, rounds = sys.argv[1:]
tries = 0
def counted(connection, work):
    def once():
        global tries
        tries += 1
        return work()
    return whole_transaction(connection, once)
articles.whole_transaction = counted
workspace = Workspace(Path(home), lake_at(warehouse, data_path))
workspace.prepare()
with open_warehouse(workspace) as connection:
    for turn in range(int(rounds)):
        for start in range(int(first), int(last), int(batch)):
            numbers = range(start, min(start + int(batch), int(last)))
            coded = [rich(f"number-{number}", relevance=0.5 + turn % 50 / 100) for number in numbers]
            tries = 0
            loaded = [one.outcome for one in articles.store_articles(connection, coded)]
            print(json.dumps({**{kind: loaded.count(kind) for kind in set(loaded)}, "tries": tries}), flush=True)
"""


@dataclass(frozen=True, slots=True)
class LakeTemplate:
    """An empty lake that knows three themes, made once a session: a copy takes a fraction of the time."""

    postgresql: PostgreSQL
    lake: Lake
    name: str

    @classmethod
    def made(cls, postgresql: PostgreSQL, folder: Path) -> "LakeTemplate":
        """Make it."""
        catalog = postgresql.database()
        lake = lake_at(PREFIX + catalog, str(folder / "template"))
        assert lake is not None
        workspace = Workspace(folder / "home", lake)
        workspace.prepare()
        with open_warehouse(workspace) as connection:
            store_themes(connection, THEMES)
        return cls(postgresql, lake, catalog.split()[0].removeprefix("dbname="))

    def copy(self, home: Path) -> Workspace:
        """A lake of its own in a workspace of its own."""
        catalog = self.postgresql.database(self.name)
        path = home / "lake"
        shutil.copytree(self.lake.data_path, path)
        with duckdb.connect() as connection:
            add_extension(connection, "postgres_scanner")
            connection.execute(f"ATTACH '{catalog}' AS catalog (TYPE postgres)")
            connection.execute("UPDATE catalog.ducklake_metadata SET value = ? WHERE key = 'data_path'", [f"{path}/"])
        workspace = Workspace(home, lake_at(PREFIX + catalog, str(path)))
        workspace.prepare()
        return workspace


def files_of(lake: Lake) -> set[str]:
    """The data files that are there."""
    return {str(path) for path in Path(lake.data_path).rglob("*.parquet")}
