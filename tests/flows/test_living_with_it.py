"""Years of it: what is pruned and what stays, metrics for monitors, the run's page, a company's proxy."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import time

import duckdb
import pytest

from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest
from flows.reporting import key_charts
from flows.settings import Settings
from tests.conftest import ROOT, Command
from tests.flows.archives import objects_of, write_warc
from tests.warehouse.cookbook import seed_warehouse
from tests.web.site import Site
from warehouse.database import open_snapshot

OLD = time() - timedelta(days=400).total_seconds()


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "data" / "commentary.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def age(folder: Path) -> None:
    """Make all that is stored, and a log, more than a year old."""
    log = folder / "data" / "work" / "server" / "worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("long ago\n", "utf-8")
    for path in (log, *objects_of(folder / "data")):
        os.utime(path, (OLD, OLD))


def test_prune_lets_go_of_what_no_current_version_needs(commentary: Command, tmp_path: Path) -> None:
    paper, metrics = tmp_path / "paper.txt", tmp_path / "metrics" / "commentary.prom"
    paper.write_text("Title: A paper\n\nThe NHS paid £5m to private hospitals.\n", "utf-8")
    write_warc(tmp_path / "old.warc.gz", 10)
    commentary("add", tmp_path / "old.warc.gz", paper)
    paper.write_text("Title: A paper\n\nThe NHS paid £6m to private hospitals.\n", "utf-8")
    assert "1 updated" in commentary("add", paper, COMMENTARY_METRICS=str(metrics)).stdout
    before = rows(tmp_path, "SELECT * FROM articles ORDER BY ALL")
    objects = {path.stem for path in objects_of(tmp_path / "data")}
    assert len(objects) == 12  # ten pages, two versions of the paper
    assert "0 files" in commentary("prune", "--older-than", "90").stdout  # nothing is that old
    age(tmp_path)
    told = commentary("prune", "--older-than", "90d", "--dry-run").stdout
    assert "would go" in told and {path.stem for path in objects_of(tmp_path / "data")} == objects
    told = " ".join(commentary("prune", "--older-than", "90").stdout.split())
    assert (
        "1 files" in told and "bytes of old versions" in told and "6 files" in told and "1 files, 0.0 MB: logs" in told
    )
    left = {path.stem for path in objects_of(tmp_path / "data")}
    assert left == {str(name) for (name,) in rows(tmp_path, "SELECT raw_hash FROM articles")}
    assert rows(tmp_path, "SELECT * FROM articles ORDER BY ALL") == before
    assert rows(tmp_path, "SELECT count(*) FROM candidates WHERE status = 'not_similar'") == [(6,)]
    assert commentary("prune", "--older-than", "soon").returncode == 2
    _all_else_goes_on(commentary, tmp_path)
    _metrics_are_written(metrics)


def _all_else_goes_on(commentary: Command, folder: Path) -> None:
    """Coding anew, export and further runs miss nothing of what was pruned; a page that is accepted is asked for."""
    assert commentary("reextract").returncode == 0
    exported = commentary("export", folder / "out", "--warc")
    assert exported.returncode == 0, exported.stderr
    assert commentary("ingest", "--no-sources").returncode == 0
    [(url,)] = rows(folder, "SELECT min(url) FROM candidates WHERE status = 'not_similar'")
    assert "The next run fetches" in commentary("accept", str(url)).stdout


def _metrics_are_written(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert 'commentary_run_succeeded{flow="add-commentary"} 1' in lines
    assert 'commentary_run_items{flow="add-commentary",what="updated"} 1' in lines
    assert "commentary_articles 5" in lines
    for line in lines:
        assert line.startswith("#") or float(line.rpartition(" ")[2]) >= 0
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) and all(name.startswith("commentary_") for name in names)


def test_the_runs_page_shows_charts_as_text(tmp_path: Path) -> None:
    with open_snapshot(seed_warehouse(tmp_path)) as connection:
        charts = key_charts(connection)
    assert "## Articles by year" in charts and "| 2019 | 2 |" in charts
    assert "| Partnership working |" in charts and "█" in charts
    assert "Practicus" in charts


@pytest.fixture
def web() -> Iterator[Site]:
    with Site() as site:
        yield site


def test_the_units_of_systemd_are_sound(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    units = sorted((ROOT / "docs" / "systemd").glob("*.service"))
    for unit in units:
        programs = re.sub(r"(?<=ExecStart=)\S+", "/bin/true", unit.read_text("utf-8"))  # what an operator has elsewhere
        (tmp_path / unit.name).write_text(programs.replace("User=commentary", "User=root"), "utf-8")
    made = [str(tmp_path / unit.name) for unit in units]
    done = subprocess.run(["systemd-analyze", "verify", *made], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert len(units) == 2


def test_a_companys_proxy_is_asked_for_everything(web: Site) -> None:
    """The site stands in for the proxy: it is asked for whole addresses, names are none of our affair."""
    news = web.host("news.example")
    for path in ("/robots.txt", "/a-page"):
        news.page(f"http://news.example{path}", "User-agent: *\nDisallow:" if "robots" in path else "<h1>Hello</h1>")
    asked = FetchRequest("https://news.example/a-page", "http://news.example/a-page", "s", "article")
    inside = FetchRequest("https://10.1.2.3/", "http://10.1.2.3/", "s", "article")
    settings = Settings(proxy=f"http://127.0.0.1:{web.port}", host_delay=0)
    with Fetcher(settings) as fetcher:
        result = fetcher.fetch(asked)
        assert result.ok, result.error
        assert b"Hello" in result.body
        refused = fetcher.fetch(inside)
    assert refused.error_type == "unsafe_address"  # an address that is written as such is still looked at
    assert web.paths() == ["http://news.example/robots.txt", "http://news.example/a-page"]


def test_a_proxy_that_is_none_is_a_setting_that_is_refused(commentary: Command) -> None:
    refused = commentary("status", COMMENTARY_PROXY="proxy.example:3128")
    assert refused.returncode == 1 and "proxy" in refused.stderr


def test_status_tells_the_sizes(commentary: Command, tmp_path: Path) -> None:
    commentary("ingest", "--no-sources")
    told = commentary("status", COMMENTARY_ALLOW_HOSTS=json.dumps([])).stdout
    assert "raw store" in told and "Prefect" in told
