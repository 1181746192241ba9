"""On a real Prefect server with a worker: a scheduled run, what it leaves on its page, a hard kill and the next run."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import psutil
import pytest
import requests
from prefect.blocks.webhook import Webhook
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flows.server import LocalServer, stop
from flows.settings import Place, UserError
from tests.conftest import COMMENTARY, ROOT, Command, free_port
from tests.flows.gate import Gate
from tests.flows.test_crashes import mounted
from tests.flows.watch import serve_gold
from tests.web.site import Entry, Site
from warehouse.workspace import Workspace

pytestmark = [pytest.mark.server, pytest.mark.timeout(1800)]
WATCHED = "127.0.0.98"
# As operators of former releases have it in their workers' environment: what fails is to be Failed all the same.
BROKEN_CANDIDATE = (
    "INSERT INTO candidates BY NAME SELECT 'https://odd.example/' AS url, 'seeds' AS source_id, now() AS found_at, "
    "'operator' AS found_by, 'odd' AS status"
)
RETRIES = {"PREFECT_FLOWS_DEFAULT_RETRIES": "1", "PREFECT_FLOWS_DEFAULT_RETRY_DELAY_SECONDS": "300"}
# What a loaded server on SQLite answers while its database is locked.
BUSY = Retry(total=8, status_forcelist=[503], allowed_methods=None, backoff_factor=0.3)


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
        "COMMENTARY_PAGE": "false",
        "COMMENTARY_PROCESSES": "1",
        "COMMENTARY_ALLOW_HOSTS": f'["{WATCHED}"]',
        "COMMENTARY_CONTACT": "tests@example.org",
        **RETRIES,
    }


@pytest.fixture(scope="module")
def place(folder: Path) -> Place:
    return Place(ROOT, Workspace(folder / "data"), "operator")


@pytest.fixture(scope="module")
def server(local_server: LocalServer, place: Place, environment: dict[str, str]) -> Iterator[LocalServer]:
    local_server.set_up(place)
    worker = local_server.start_worker(place.name, environment)
    yield local_server
    stop(worker)


def ask(server: LocalServer, path: str, method: str = "POST", json: Any = None, **body: Any) -> Any:
    """What the API answers to this body, or to one of these fields."""
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=BUSY))
        answer = session.request(method, f"{server.url}/api/{path}", json=json or body, timeout=60)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def deployments(server: LocalServer) -> dict[str, dict[str, Any]]:
    return {str(one["name"]): one for one in ask(server, "deployments/filter")}


def daily(server: LocalServer) -> str:
    """Where the API has the daily deployment; asked directly, a `prefect` command takes seconds to start."""
    return f"deployments/{deployments(server)['operator-daily']['id']}"


def run_now(server: LocalServer, **body: Any) -> str:
    """Have the daily deployment run now; the run's id."""
    return str(ask(server, f"{daily(server)}/create_flow_run", **body)["id"])


def state_of(server: LocalServer, run_id: str) -> str:
    (run,) = [run for run in runs(server) if run["id"] == run_id]
    return str(run["state_type"])


def wait_for(what: str, found: Callable[[], Any], seconds: float = 600, every: float = 0.5) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(every)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


def runs(server: LocalServer, **states: Any) -> list[dict[str, Any]]:
    wanted: dict[str, Any] = {"deployments": {"name": {"any_": ["operator-daily"]}}, "sort": "START_TIME_ASC"}
    return [run for run in ask(server, "flow_runs/filter", **wanted) if not states or run["state_type"] in states["of"]]


def waiting(server: LocalServer) -> bool:
    """Whether a run waits for another to end."""
    return any(run["state_name"] == "AwaitingConcurrencySlot" for run in runs(server))


def process_of(run_id: str) -> psutil.Process | None:
    for process in psutil.process_iter():
        try:
            if process.environ().get("PREFECT__FLOW_RUN_ID") in {run_id, str(UUID(run_id))} and process.is_running():
                return process
        except (psutil.Error, OSError):
            continue
    return None


def test_the_deployments_are_as_described(server: LocalServer, place: Place) -> None:
    found = deployments(server)
    assert set(found) == {"operator-daily", "operator-on-demand", "operator-weekly"}
    daily = found["operator-daily"]
    assert daily["work_pool_name"] == "operator"
    assert "warehouse-operator" in daily["tags"]
    assert daily["pull_steps"] == [{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}]
    assert daily["entrypoint"] == "flows/ingest.py:ingest_commentary"
    assert daily["schedules"][0]["schedule"] == {
        "cron": "10 6 * * *",
        "timezone": "Europe/London",
        "day_or": True,
    }
    assert daily["global_concurrency_limit"]["limit"] == 1
    assert daily["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    described = daily["parameter_openapi_schema"]["properties"]
    assert all(described[name].get("description") for name in ("seeds", "sources", "watch_sources", "limit"))
    told: list[str] = []
    server.set_up(place, tell=told.append)
    assert len(told) == 8, "each step is told"
    assert deployments(server).keys() == found.keys()
    automations = {one["name"]: one for one in ask(server, "automations/filter")}
    tell = {f"operator-tell-of-{what}-runs" for what in ("failed", "crashed", "late")}
    assert automations.keys() == {"operator-crash-silent-runs", *tell}
    late = automations["operator-tell-of-late-runs"]
    assert late["trigger"]["expect"] == ["prefect.flow-run.Late"]
    assert late["trigger"]["match_related"] == {
        "prefect.resource.id": "prefect.tag.warehouse-operator", "prefect.resource.role": "tag"
    }  # fmt: skip
    assert [action["type"] for action in late["actions"]] == ["do-nothing"], "no block is set"


def test_a_block_to_notify_is_taken_up_and_a_wrong_one_named(server: LocalServer, place: Place) -> None:
    with server.configured():
        Webhook(url="http://127.0.0.1:9/").save("ops", overwrite=True)
    with pytest.raises(UserError, match="no block 'webhook/nobody'"):
        server.set_up(place, notify="webhook/nobody")
    server.set_up(place, notify="webhook/ops")
    told = [one for one in ask(server, "automations/filter") if "-tell-of-" in one["name"]]
    assert {action["type"] for one in told for action in one["actions"]} == {"send-notification"}
    server.set_up(place)


@contextmanager
def served(server: LocalServer, place: Place, environment: dict[str, str]) -> Iterator[None]:
    """The warehouse's deployments served by `commentary serve`, whose operator knows nothing of heartbeats."""
    found = {name: value for name, value in server.environment.items() if "HEARTBEAT" not in name}
    own = {"COMMENTARY_HOME": str(place.workspace.home), "COMMENTARY_NAME": place.name}
    process = subprocess.Popen(
        [COMMENTARY, "serve"],
        cwd=ROOT,
        env={**found, **environment, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
        assert process.poll() is None, "it serves on"
    finally:
        stop(process)


def test_a_second_warehouse_has_a_name_of_its_own_and_can_be_served(
    server: LocalServer, place: Place, environment: dict[str, str], tmp_path: Path
) -> None:
    other = place._replace(workspace=Workspace(tmp_path / "data"))
    with pytest.raises(UserError, match=f"belongs to another warehouse.*{ROOT}"):
        server.set_up(other)
    other = other._replace(name="second")
    server.set_up(other)
    found = deployments(server)
    second = {name for name in found if name.startswith("second-")}
    assert second == {"second-daily", "second-on-demand", "second-weekly"}
    assert found["operator-daily"]["work_pool_name"] == "operator"
    with served(server, other, environment):
        started = ask(server, f"deployments/{found['second-daily']['id']}/create_flow_run")["id"]
        wait_for("the run to be done", lambda: ask(server, f"flow_runs/{started}", "GET")["state_type"] == "COMPLETED")
        assert deployments(server).keys() == found.keys(), "the deployments are the same"
    beat = {"event": {"name": ["prefect.flow-run.heartbeat"]}, "resource": {"id": [f"prefect.flow-run.{started}"]}}
    wait_for("its heartbeat", lambda: ask(server, "events/filter", filter=beat)["total"])
    assert other.workspace.published.is_file()
    for name in second:
        ask(server, f"deployments/{found[name]['id']}", "DELETE")


def test_a_scheduled_run_and_what_it_leaves(server: LocalServer, folder: Path) -> None:
    # No oftener: runs that wait for their turn would be in the way of the next test.
    made = ask(server, f"{daily(server)}/schedules", json=[{"active": True, "schedule": {"interval": 60}}])
    run = wait_for("a scheduled run", lambda: next(iter(runs(server, of=["COMPLETED"])), None))
    ask(server, f"{daily(server)}/schedules/{made[0]['id']}", "DELETE")
    assert run["auto_scheduled"]
    assert run["state"]["message"] == "1 new"
    artifacts = ask(server, "artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    assert set(by_key) == {"report", "charts", "articles", "progress"}
    assert "1 new" in by_key["report"]["data"]
    assert by_key["progress"]["data"] == 100
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT title FROM articles").fetchall() == [("One",)]
        assert (run["id"],) in snapshot.execute("SELECT flow_run_id FROM runs").fetchall()


@contextmanager
def watched(folder: Path, web: Site) -> Iterator[Gate]:
    """A source with one page for this while; whoever asks for the page waits at the gate."""
    gate, host = Gate(), web.host(WATCHED)
    serve_gold(host, "/one", "01")
    answer = host.answer_at("/one")
    assert answer is not None
    host.answer("/one", gate.before(answer))
    host.rss("/feed/", [Entry("/one")])
    entry = f'id = "one"\nname = "One"\naddress = "{host.url("/feed/")}"\nkind = "feed"\nsector = "think tank"\n'
    (folder / "sources.toml").write_text(f"[[source]]\n{entry}", "utf-8")
    gate.hold(1)
    yield gate
    gate.release()
    (folder / "sources.toml").write_text("source = []\n", "utf-8")


def test_a_run_that_is_killed_hard_is_followed_by_one_that_recovers(server: LocalServer, folder: Path) -> None:
    wait_for("an idle pool", lambda: not runs(server, of=["RUNNING", "PENDING"]) and not waiting(server))
    for number in range(3):
        text = f"Title: Article {number}\n\n" + "The NHS paid a private company £5m for 30 beds.\n\n" * 12
        (folder / "seeds" / f"{number:03}.txt").write_text(text, "utf-8")
    with Site() as web, watched(folder, web) as gate:
        started = run_now(server)
        process = wait_for("its process", lambda: process_of(started))
        # The seeds are loaded then and nothing is published, however the machine shares its time.
        assert gate.reached.wait(timeout=600), "the page was not asked for"
        os.kill(process.pid, signal.SIGKILL)
    wait_for("the crash to be noticed", lambda: state_of(server, started) == "CRASHED")
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM articles").fetchall() == [(1,)], "readers keep the last snapshot"
    following = run_now(server)
    wait_for("the next run", lambda: state_of(server, following) == "COMPLETED")
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as snapshot:
        assert snapshot.execute("SELECT count(*) FROM articles").fetchall() == [(4,)]
        states = snapshot.execute("SELECT state FROM runs WHERE flow_run_id = ?", [started]).fetchall()
        assert states == [("crashed",)]


def failed(server: LocalServer, run_id: str) -> dict[str, Any]:
    """The run's state once it has ended as Failed; it was never to wait for a try of Prefect's own."""
    wait_for("the run to fail", lambda: state_of(server, run_id) in {"FAILED", "CRASHED", "COMPLETED"})
    history = ask(server, f"flow_run_states/?flow_run_id={run_id}", "GET")
    assert "AwaitingRetry" not in {state["name"] for state in history}
    (run,) = [run for run in runs(server) if run["id"] == run_id]
    assert run["state_name"] == "Failed", run["state"]
    return dict(run["state"])


def with_environment(server: LocalServer, **environment: str) -> dict[str, Any]:
    """What to ask for a run whose process finds this besides the deployment's own variables."""
    variables = deployments(server)["operator-daily"]["job_variables"]
    return {"job_variables": {**variables, "env": {**variables["env"], **environment}}}


def test_a_run_with_a_wrong_setting_or_parameter_is_failed_with_the_way_out(server: LocalServer) -> None:
    with pytest.raises(requests.HTTPError, match="409"):
        run_now(server, parameters={"limit": -1})
    state = failed(server, run_now(server, **with_environment(server, COMMENTARY_BATCH_SIZE="lots")))
    assert "batch_size" in state["message"]
    assert "Way out: mend it in commentary.toml" in state["message"]


def test_a_run_whose_check_does_not_hold_is_failed_and_says_which(server: LocalServer, folder: Path) -> None:
    with duckdb.connect(str(folder / "data" / "work" / "warehouse.duckdb")) as connection:
        # No article is to blame for it, so none can be held back.
        connection.execute(BROKEN_CANDIDATE)
    state = failed(server, run_now(server))
    assert "checks do not hold" in state["message"]
    with duckdb.connect(str(folder / "data" / "work" / "warehouse.duckdb")) as connection:
        assert connection.execute("SELECT state FROM runs ORDER BY started_at DESC LIMIT 1").fetchone() == ("failed",)
        connection.execute("DELETE FROM candidates WHERE status = 'odd'")


def test_a_run_on_a_full_disk_is_failed_and_tried_again_later(server: LocalServer, tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=64k") as small:
        run_id = run_now(server, **with_environment(server, COMMENTARY_HOME=str(small / "data")))
        state = failed(server, run_id)
    assert "disk is full" in state["message"]
    assert "tried again at" in state["message"]
    (second,) = [run for run in runs(server, of=["SCHEDULED"]) if "second-try" in run["tags"]]
    assert not second["auto_scheduled"]
    ask(server, f"flow_runs/{second['id']}", "DELETE")


def test_the_local_server_ends_with_all_its_children(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [COMMENTARY, "server", "--port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "COMMENTARY_HOME": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    children = wait_for("its server", lambda: psutil.Process(process.pid).children(recursive=True))
    process.terminate()
    told, _ = process.communicate(timeout=120)
    assert "Stopped." in told
    assert process.returncode == 0
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []


def test_a_taken_port_is_an_error(server: LocalServer, commentary: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: ROOT)
    port = server.url.rpartition(":")[2]
    done = commentary("server", "--port", port)
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.soak
def test_a_run_that_is_killed_with_its_worker_is_not_stuck_for_ever(
    server: LocalServer, environment: dict[str, str]
) -> None:
    worker = server.start_worker("operator", environment)
    started = run_now(server)
    process = wait_for("its process", lambda: process_of(started))
    time.sleep(2)
    os.killpg(worker.pid, signal.SIGKILL)
    process.kill()
    wait_for("the automation", lambda: state_of(server, started) == "CRASHED", seconds=240)
