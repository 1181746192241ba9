"""A fresh warehouse for each test that asks for one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from tests.warehouse.builders import THEMES
from warehouse.codebook import store_themes
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty warehouse that knows three themes, made once and copied for each test."""
    made = Workspace(tmp_path_factory.mktemp("template"))
    made.prepare()
    with open_warehouse(made) as opened:
        store_themes(opened, THEMES)
    return made.database


@pytest.fixture
def workspace(tmp_path: Path, template: Path) -> Workspace:
    """A workspace with an empty warehouse that knows three themes."""
    made = Workspace(tmp_path / "data")
    made.prepare()
    shutil.copyfile(template, made.database)
    return made


@pytest.fixture
def connection(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """The open writer of that warehouse."""
    with open_warehouse(workspace) as opened:
        yield opened
