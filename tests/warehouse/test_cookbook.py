"""Every query of docs/cookbook.md prints what the cookbook shows."""

from collections.abc import Iterator

import pytest
from duckdb import DuckDBPyConnection

from tests.warehouse.cookbook import COOKBOOK, Recipe, answer, recipes, seed_warehouse
from warehouse.connection import open_snapshot

RECIPES = recipes(COOKBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """The published warehouse of the seed articles."""
    with open_snapshot(seed_warehouse(tmp_path_factory.mktemp("seeds"))) as connection:
        yield connection


def test_every_query_of_the_cookbook_is_found() -> None:
    assert len(RECIPES) == COOKBOOK.read_text(encoding="utf-8").count("```sql") >= 15


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.question)
def test_query_prints_what_the_cookbook_shows(seeds: DuckDBPyConnection, recipe: Recipe) -> None:
    assert answer(seeds, recipe.query) == recipe.output, (
        "run `python -m tests.warehouse.cookbook --update` and read the difference"
    )
