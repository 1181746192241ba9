"""A fresh warehouse for each test that asks for one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from tests.lake.conftest import running_postgresql
from tests.lake.lakes import LakeTemplate
from tests.warehouse.builders import THEMES
from warehouse.codebook import store_themes
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace

# What holds for a lake as for a file; the other modules speak of files, or of what tests/lake shows in its own way.
_WORDS = (
    "by_what_changed checks cookbook dictionary export findings load notes overruling round_trip search state views"
)
OF_BOTH = frozenset(f"test_{word}" for word in _WORDS.split())


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty warehouse that knows three themes, made once and copied for each test."""
    made = Workspace(tmp_path_factory.mktemp("template"))
    made.prepare()
    with open_warehouse(made) as opened:
        store_themes(opened, THEMES)
    return made.database


@pytest.fixture(scope="session")
def lake_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LakeTemplate]:
    """The same as a lake; skipped where what it needs is missing."""
    pytest.importorskip("duckdb_extension_ducklake", reason="run `make scaling`")
    with running_postgresql() as server:
        yield LakeTemplate.made(server, tmp_path_factory.mktemp("lake"))


@pytest.fixture(params=["file", pytest.param("lake", marks=pytest.mark.soak)])
def workspace(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Workspace:
    """A workspace with an empty warehouse that knows three themes: a file, and in the soak a lake as well."""
    if request.param == "lake":
        if request.module.__name__.rpartition(".")[2] not in OF_BOTH:
            pytest.skip("its tests speak of the file")
        lakes: LakeTemplate = request.getfixturevalue("lake_template")
        return lakes.copy(tmp_path / "data")
    made = Workspace(tmp_path / "data")
    made.prepare()
    shutil.copyfile(template, made.database)
    return made


@pytest.fixture
def connection(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    """The open writer of that warehouse."""
    with open_warehouse(workspace) as opened:
        yield opened
