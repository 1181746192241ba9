"""On a real Prefect server with a worker: a scheduled run, what it leaves on its page, a hard kill and the next run."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import psutil
import pytest
import requests

from flows.local_server import LocalServer

pytestmark = [pytest.mark.server, pytest.mark.timeout(420)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("operator")
    (path / "seeds").mkdir()
    (path / "seeds" / "one.txt").write_text("Title: One\n\nThe NHS paid a private company £5m.\n", "utf-8")
    (path / "sources.toml").write_text("source = []\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    return {
        "COMMENTARY_HOME": str(folder / "data"),
        "COMMENTARY_SEEDS": str(folder / "seeds"),
        "COMMENTARY_SOURCES": str(folder / "sources.toml"),
        "COMMENTARY_BATCH_SIZE": "2",
    }


@pytest.fixture(scope="module")
def server(local_server: LocalServer, environment: dict[str, str]) -> LocalServer:
    local_server.set_up()
    local_server.start_worker(environment)
    return local_server


def ask(server: LocalServer, path: str, **body: Any) -> Any:
    answer = requests.post(f"{server.url}/api/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def daily(server: LocalServer) -> str:
    """Where the API has the daily deployment; asked directly, a `prefect` command takes seconds to start."""
    (found,) = ask(server, "deployments/filter", deployments={"name": {"any_": ["daily"]}})
    return f"deployments/{found['id']}"


def run_now(server: LocalServer) -> str:
    """Have the daily deployment run now; the run's id."""
    return str(ask(server, f"{daily(server)}/create_flow_run")["id"])


def state_of(server: LocalServer, run_id: str) -> str:
    (run,) = [run for run in runs(server) if run["id"] == run_id]
    return str(run["state_type"])


def wait_for(what: str, found: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.5)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


def runs(server: LocalServer, **states: Any) -> list[dict[str, Any]]:
    wanted = {"deployments": {"name": {"any_": ["daily"]}}, "sort": "START_TIME_ASC"}
    return [run for run in ask(server, "flow_runs/filter", **wanted) if not states or run["state_type"] in states["of"]]


def process_of(run_id: str) -> psutil.Process | None:
    for process in psutil.process_iter():
        try:
            if process.environ().get("PREFECT__FLOW_RUN_ID") in {run_id, str(UUID(run_id))} and process.is_running():
                return process
        except (psutil.Error, OSError):
            continue
    return None


def test_the_deployments_are_as_described(server: LocalServer) -> None:
    found = {f"{one['name']}": one for one in ask(server, "deployments/filter")}
    assert set(found) == {"daily", "on-demand", "weekly"}
    daily = found["daily"]
    assert daily["schedules"][0]["schedule"] == {
        "cron": "10 6 * * *",
        "timezone": "Europe/London",
        "day_or": True,
    }
    assert daily["global_concurrency_limit"]["limit"] == 1
    assert daily["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    described = daily["parameter_openapi_schema"]["properties"]
    assert all(described[name].get("description") for name in ("seeds", "sources", "watch_sources", "limit"))
    server.set_up()
    assert len(ask(server, "deployments/filter")) == 3
    assert len(ask(server, "automations/filter")) == 1


def test_a_scheduled_run_and_what_it_leaves(server: LocalServer, folder: Path) -> None:
    schedules = f"{server.url}/api/{daily(server)}/schedules"
    made = requests.post(schedules, json=[{"active": True, "schedule": {"interval": 15}}], timeout=30)
    made.raise_for_status()
    run = wait_for("a scheduled run", lambda: next(iter(runs(server, of=["COMPLETED"])), None))
    requests.delete(f"{schedules}/{made.json()[0]['id']}", timeout=30).raise_for_status()
    assert run["auto_scheduled"]
    assert run["state"]["message"] == "1 new"
    artifacts = ask(server, "artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    assert set(by_key) == {"report", "articles", "progress", "page"}
    assert "1 new" in by_key["report"]["data"]
    assert by_key["progress"]["data"] == 100
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT title FROM articles").fetchall() == [("One",)]
        assert (run["id"],) in snapshot.execute("SELECT flow_run_id FROM runs").fetchall()


def test_a_run_that_is_killed_hard_is_followed_by_one_that_recovers(server: LocalServer, folder: Path) -> None:
    wait_for("an idle pool", lambda: not runs(server, of=["RUNNING", "PENDING"]))
    for number in range(60):
        text = f"Title: Article {number}\n\n" + "The NHS paid a private company £5m for 30 beds.\n\n" * 12
        (folder / "seeds" / f"{number:03}.txt").write_text(text, "utf-8")
    started = run_now(server)
    process = wait_for("its process", lambda: process_of(started))
    journal = folder / "data" / "work" / "raw" / "journal.jsonl"
    wait_for("the loading to begin", lambda: journal.read_text("utf-8").count("\n") > 20)
    os.kill(process.pid, signal.SIGKILL)
    wait_for("the crash to be noticed", lambda: state_of(server, started) == "CRASHED")
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM articles").fetchall() == [(1,)], "readers keep the last snapshot"
    following = run_now(server)
    wait_for("the next run", lambda: state_of(server, following) == "COMPLETED")
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM articles").fetchall() == [(61,)]
        states = snapshot.execute("SELECT state FROM runs WHERE flow_run_id = ?", [started]).fetchall()
        assert states == [("crashed",)]


@pytest.mark.soak
def test_a_run_that_is_killed_with_its_worker_is_not_stuck_for_ever(
    server: LocalServer, environment: dict[str, str]
) -> None:
    worker = server.start_worker(environment)
    started = run_now(server)
    process = wait_for("its process", lambda: process_of(started))
    time.sleep(2)
    os.killpg(worker.pid, signal.SIGKILL)
    process.kill()
    wait_for("the automation", lambda: state_of(server, started) == "CRASHED", seconds=240)
