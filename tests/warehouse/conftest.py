"""A fresh warehouse for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from tests.warehouse.builders import THEMES
from warehouse.codebook import load_themes
from warehouse.connection import open_warehouse
from warehouse.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace whose folders are there, with no database yet."""
    made = Workspace(tmp_path / "data")
    made.prepare()
    return made


@pytest.fixture
def connection(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """The open writer of a warehouse that knows three themes."""
    opened = open_warehouse(workspace)
    load_themes(opened, THEMES)
    yield opened
    opened.close()
