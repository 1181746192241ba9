"""Every query of docs/cookbook.md prints what the cookbook shows."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from tests.conftest import free_port
from tests.warehouse.cookbook import COOKBOOK, Recipe, answer, recipes, seed_warehouse
from warehouse.database import open_snapshot
from warehouse.serving import SqlServer
from warehouse.target import add_extension
from warehouse.workspace import Workspace

RECIPES = recipes(COOKBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The warehouse of the seed articles."""
    return seed_warehouse(tmp_path_factory.mktemp("seeds"))


@pytest.fixture(scope="module")
def seeds(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """What is published of it."""
    with open_snapshot(workspace) as connection:
        yield connection


def test_every_query_of_the_cookbook_is_found() -> None:
    assert len(RECIPES) == COOKBOOK.read_text(encoding="utf-8").count("```sql") >= 35


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.question)
def test_a_query_is_short(recipe: Recipe) -> None:
    assert len(recipe.query.strip().splitlines()) <= 8


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.question)
def test_query_prints_what_the_cookbook_shows(seeds: DuckDBPyConnection, recipe: Recipe) -> None:
    assert answer(seeds, recipe.query) == recipe.output, (
        "run `python -m tests.warehouse.cookbook --update` and read the difference"
    )


def test_readers_elsewhere_get_the_same_answers(workspace: Workspace, seeds: DuckDBPyConnection) -> None:
    """But for PIVOT without a list of columns, which is several statements and no single SELECT."""
    pytest.importorskip("duckdb_extension_quack", reason="`make scaling` installs DuckDB's extension quack")
    token = "a word that nobody guesses"
    with SqlServer(workspace, "1GB") as server, closing(duckdb.connect()) as reader:
        address = server.listen("127.0.0.1", free_port(), token)
        for name in ("httpfs", "quack"):
            add_extension(reader, name)
        reader.execute("SET TimeZone = 'UTC'")
        reader.execute(f"ATTACH '{address}' AS commentary (TOKEN '{token}')")
        for recipe in RECIPES:
            if recipe.query.startswith("PIVOT"):
                continue
            there = reader.execute("FROM commentary.query(?)", [recipe.query]).fetchall()
            assert there == seeds.execute(recipe.query).fetchall(), recipe.question


def test_tables_of_an_analysts_own_outlive_the_next_publication(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [program] = re.findall(r"```python\n(.*?)```", COOKBOOK.read_text(encoding="utf-8"), re.S)
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    for shown in (1, 2):
        published = tmp_path / "data" / "commentary.duckdb"
        published.unlink(missing_ok=True)
        shutil.copyfile(workspace.published, published)  # published anew
        published.chmod(0o444)
        exec(program, {})
        printed = capsys.readouterr().out
        assert printed.count("cite it") >= 2 * shown
        assert "Delivering the 2015 Spending Review" in printed
