"""A process that dies right after the schema was made or a step was saved leaves a database that opens again."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace

DIES = """
import os, sys
from pathlib import Path
from warehouse.database import open_warehouse
from warehouse.search import refresh_search
from warehouse.workspace import Workspace

workspace = Workspace(Path(sys.argv[1]))
workspace.prepare()
connection = open_warehouse(workspace)
if sys.argv[2] == "searched":
    connection.execute("INSERT INTO themes VALUES ('t', 'l', 'f', 'd', 'n')")
    refresh_search(connection)
os._exit(9)
"""


@pytest.mark.parametrize("step", ["opened", "searched"])
def test_the_log_of_a_dead_process_is_replayed(tmp_path: Path, step: str) -> None:
    died = subprocess.run([sys.executable, "-c", DIES, str(tmp_path), step], cwd=ROOT, check=False)
    assert died.returncode == 9
    workspace = Workspace(tmp_path)
    assert workspace.database.with_name(workspace.database.name + ".wal").stat().st_size > 0
    connection = open_warehouse(workspace)
    assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]
    connection.close()
