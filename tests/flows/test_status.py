"""`commentary status`: what counts as well, what as a fault, and that a whole warehouse is looked at."""

import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import group
from flows.settings import settings
from flows.status import Look, Schedule, Sizes, faults, lines
from flows.steps.troubles import TroubledSource
from tests.conftest import COMMENTARY, free_port
from tests.warehouse.cookbook import seed_warehouse
from warehouse.database import open_warehouse
from warehouse.runs import RecordedRun, RunCounts, RunState, finish_run, start_run
from warehouse.workspace import Workspace

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(state: RunState = "completed", flow: str = "ingest-commentary", ago: timedelta = 2 * HOUR) -> RecordedRun:
    began = NOW - ago
    return RecordedRun("r", None, flow, began, began, state, 9, 8, 7, ingested=3, updated=1, not_similar=2, failed=0)


WELL = Look(
    now=NOW,
    home="/srv/commentary/data",
    holder=None,
    runs=(run(flow="reextract-commentary", ago=HOUR), run()),
    schedule=Schedule("ingest-commentary", NOW + HOUR),
    source_states=("ok", "ok", "unreachable"),
    troubled=(TroubledSource("old", "quiet", "has brought nothing new"),),
    failures=("fetch", "fetch", "read"),
    articles=212,
    sizes=Sizes(90_000_000_000, 40_000_000, 60_000_000, 1_500),
)


def test_all_is_well() -> None:
    assert faults(WELL) == ()
    told = lines(WELL)
    assert told[0] == "All is well."
    assert len(told) <= 10
    text = "\n".join(told)
    for said in (
        "reextract-commentary completed, 2026-03-02 07:00 UTC: 3 new, 1 updated, 7 unchanged, 0 failed",
        "ingest-commentary, 2026-03-02 09:00 UTC",
        "2 ok, 1 unreachable",
        "2 fetch, 1 read",
        "90.0 GB free",
        "40.0 MB published, 60.0 MB database, 1.5 kB raw store",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (replace(WELL, runs=()), "nothing was run yet"),
        (replace(WELL, runs=(run("failed"), run(ago=26 * HOUR))), "ingest-commentary failed on 2026-03-02 06:00"),
        (replace(WELL, runs=(run("running"),)), "ingest-commentary crashed"),
        (replace(WELL, runs=(run(flow="check-sources"), run("crashed"))), "ingest-commentary crashed"),
        (replace(WELL, runs=(run(ago=49 * HOUR),)), "nothing was ingested since 2026-02-28"),
        (replace(WELL, schedule=Schedule()), "no run is scheduled"),
        (replace(WELL, schedule=Schedule("ingest-commentary", NOW - HOUR)), "is a worker running?"),
        (replace(WELL, schedule=Schedule(problem="the Prefect server does not answer")), "does not answer"),
        (replace(WELL, source_states=("unreachable",) * 3), "no source could be reached"),
        (replace(WELL, troubled=(TroubledSource("gone", "broken", "x"),)), "1 broken sources (gone)"),
        (replace(WELL, sizes=replace(WELL.sizes, free=1_000_000_000)), "only 1.0 GB free on the disk"),
        (replace(WELL, sizes=replace(WELL.sizes, published=50_000_000_000)), "100.0 GB are needed"),
    ],
)
def test_faults(changed: Look, fault: str) -> None:
    assert any(fault in told for told in faults(changed)), faults(changed)
    assert fault in lines(changed)[0]
    assert len(lines(changed)) <= 10


def test_what_is_no_fault() -> None:
    assert faults(replace(WELL, schedule=None)) == ()
    going_on = replace(WELL, holder="process 7", runs=(run("running"), run(ago=26 * HOUR)))
    assert faults(going_on) == ()
    assert "is going on (process 7)" in lines(going_on)[1]
    assert faults(replace(WELL, runs=(run(), run("failed", ago=26 * HOUR)))) == ()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("COMMENTARY_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    settings.cache_clear()
    return seed_warehouse(tmp_path)


def ended(workspace: Workspace, state: RunState) -> None:
    with open_warehouse(workspace) as connection:
        began = datetime.now(UTC)
        start_run(connection, state, "ingest-commentary", began)
        finish_run(connection, state, began, state, RunCounts(ingested=5))


def test_a_warehouse_is_looked_at(workspace: Workspace) -> None:
    ended(workspace, "completed")
    told = CliRunner().invoke(group, ["status"])
    assert (told.exit_code, told.output.splitlines()[0]) == (0, "All is well.")
    assert "articles   5" in told.output
    assert "5 new" in told.output
    ended(workspace, "failed")
    told = CliRunner().invoke(group, ["status"])
    assert told.exit_code == 1
    assert "ingest-commentary failed" in told.output
    # A process of its own: Prefect keeps the server that this one began with.
    nobody = {**os.environ, "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    asked = subprocess.run([COMMENTARY, "status"], env=nobody, capture_output=True, text=True, check=False)
    assert asked.returncode == 1
    assert "does not answer" in asked.stdout


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTARY_HOME", str(tmp_path / "nothing"))
    settings.cache_clear()
    assert "commentary ingest" in str(CliRunner().invoke(group, ["status"]).exception)
    settings.cache_clear()
