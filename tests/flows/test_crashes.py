"""Kills, two runs at once, readers in between, a full disk, a read-only folder: real processes, real files."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil
import pytest

from tests.conftest import Command
from tests.flows.clusters import Loopback
from tests.flows.mortal import Begetter, Mortal
from warehouse.workspace import Workspace, exclusive

KILLS = 3
ARTICLES = 15
# What an undisturbed run and a resumed one share; the times of reading differ.
SAME = {
    "articles": "SELECT * EXCLUDE (first_seen_at, fetched_at) FROM articles ORDER BY ALL",
    "article_versions": "SELECT * EXCLUDE (seen_at) FROM article_versions ORDER BY ALL",
    "article_addresses": "SELECT * FROM article_addresses ORDER BY ALL",
    "paragraphs": "SELECT * FROM paragraphs ORDER BY ALL",
    "theme_mentions": "SELECT * FROM theme_mentions ORDER BY ALL",
    "figures": "SELECT * FROM figures ORDER BY ALL",
    "article_signatures": "SELECT * FROM article_signatures ORDER BY ALL",
    "version_changes": "SELECT * FROM version_changes ORDER BY ALL",
}


def content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(home / "commentary.duckdb"), read_only=True) as connection:
        return {name: connection.execute(query).fetchall() for name, query in SAME.items()}


@pytest.fixture
def many_seeds(tmp_path: Path) -> Path:
    """A folder of short articles in five batches, enough for a run to be killed in."""
    folder = tmp_path / "many"
    folder.mkdir()
    rng = random.Random(1)
    words = ("trust", "hospital", "provider", "contract", "patients", "surgeon", "board", "tariff", "ward", "price")
    for number in range(ARTICLES):
        paragraphs = [
            f"The NHS paid £{rng.randrange(2, 900)}m to a private {rng.choice(words)} in {rng.randrange(2004, 2024)}. "
            + " ".join(rng.choices(words, k=40)).capitalize()
            + "."
            for _ in range(8)
        ]
        (folder / f"{number:03}.txt").write_text(f"Title: Article {number}\n\n" + "\n\n".join(paragraphs), "utf-8")
    return folder


@dataclass
class Ingest:
    """Runs of `commentary ingest` on the same seeds that a test can kill."""

    seeds: Path
    begetter: Begetter

    def __call__(self, home: Path, coding: str = "") -> Mortal:
        """Begin one into this folder, coded where the setting says."""
        environment = {
            "COMMENTARY_HOME": str(home),
            "COMMENTARY_BATCH_SIZE": "3",
            "COMMENTARY_PAGE": "false",
            "COMMENTARY_PROCESSES": "1",
            "COMMENTARY_CODING": coding,
        }
        return self.begetter.within(environment).begin("ingest", "--no-sources", "--seeds", self.seeds)


@pytest.fixture
def ingest(many_seeds: Path, begetter: Begetter) -> Ingest:
    return Ingest(many_seeds, begetter)


def kill_repeatedly(kills: int, seed: int, tmp_path: Path, ingest: Ingest) -> None:
    reference, killed = tmp_path / "reference", tmp_path / "killed"
    run = ingest(reference)
    run.wait_for("reading the seeds")
    started = time.monotonic()
    assert run.wait() == 0
    lasts = time.monotonic() - started
    rng = random.Random(seed)
    for _ in range(kills):
        run = ingest(killed)
        run.wait_for("reading the seeds")
        time.sleep(rng.uniform(0, lasts))
        run.kill()
        if (killed / "commentary.duckdb").exists():
            with duckdb.connect(str(killed / "commentary.duckdb"), read_only=True) as connection:
                assert connection.execute("SELECT count(*) FROM v_evidence").fetchone()
    assert ingest(killed).wait() == 0
    assert content(killed) == content(reference)


def test_killed_runs_are_taken_up(tmp_path: Path, ingest: Ingest) -> None:
    kill_repeatedly(KILLS, 20, tmp_path, ingest)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(int(os.environ.get("KILL_ROUNDS", "10"))))
def test_killed_runs_are_taken_up_again_and_again(seed: int, tmp_path: Path, ingest: Ingest) -> None:
    kill_repeatedly(6, seed, tmp_path, ingest)


def test_ctrl_c_ends_a_run_with_its_processes(tmp_path: Path, ingest: Ingest) -> None:
    home = tmp_path / "data"
    run = ingest(home)
    run.wait_for("coding and loading")
    processes = psutil.Process(run.pid).children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)
    assert run.wait() == 1, run.told()[-3000:]
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert alive == []
    assert ingest(home).wait() == 0
    assert len(content(home)["articles"]) == ARTICLES
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        states = connection.execute("SELECT state FROM runs ORDER BY started_at").fetchall()
    assert states == [("failed",), ("completed",)]


def test_a_backup_is_restored_into_an_empty_folder_and_goes_on(commentary: Command, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "all.tar", {"COMMENTARY_HOME": str(tmp_path / "elsewhere")}
    assert commentary("ingest", "--no-sources").returncode == 0
    made = commentary("backup", file)
    assert made.returncode == 0 and str(file) in made.stdout
    again = commentary("restore", file)
    assert again.returncode == 1 and "is there already" in again.stderr
    assert commentary("restore", file, **elsewhere).returncode == 0
    done = commentary("ingest", "--no-sources", **elsewhere)
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "elsewhere") == content(tmp_path / "data")


def test_two_runs_at_once_wait_for_each_other(tmp_path: Path, ingest: Ingest) -> None:
    home = tmp_path / "data"
    runs = [ingest(home) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    assert len(content(home)["articles"]) == ARTICLES
    with duckdb.connect(str(home / "work" / "warehouse.duckdb"), read_only=True) as connection:
        states = connection.execute("SELECT state, ingested, unchanged FROM runs ORDER BY started_at").fetchall()
    assert sorted(states) == [("completed", 0, ARTICLES), ("completed", ARTICLES, 0)]


def test_a_run_that_cannot_wait_says_who_holds_the_warehouse(begetter: Begetter, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    workspace.prepare()
    with exclusive(workspace):
        own = {"COMMENTARY_HOME": str(workspace.home), "COMMENTARY_LOCK_WAIT": "0.5"}
        run = begetter.within(own).begin("ingest", "--no-sources")
        assert run.wait() == 1
    assert f"process {os.getpid()}" in run.told()
    assert "Traceback" not in run.told()


def test_a_coding_cluster_that_is_lost_ends_the_run_and_the_next_one_goes_on(tmp_path: Path, ingest: Ingest) -> None:
    pytest.importorskip("distributed", reason="`make scaling` installs it")
    reference, home = tmp_path / "reference", tmp_path / "data"
    assert ingest(reference).wait() == 0
    (tmp_path / "dask").mkdir()
    with Loopback(tmp_path / "dask") as cluster:
        run = ingest(home, cluster.address)
        run.wait_for("coding and loading")
        cluster.kill_scheduler()
        assert run.wait() == 1, run.told()[-3000:]
        told = " ".join(run.told().split())
        assert f"error: the coding cluster's scheduler at {cluster.address} was lost" in told
        assert "way out: start it and its workers" in told
        cluster.start_scheduler()
        again = ingest(home, cluster.address)
        assert again.wait() == 0, again.told()[-3000:]
    assert content(home) == content(reference)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A tmpfs of its own; skips where we may not mount."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting a tmpfs needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.soak  # tests/warehouse fills disks at each step; here the whole command is run on one
def test_a_full_disk_is_said_and_nothing_is_lost(commentary: Command, tmp_path: Path, many_seeds: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    shutil.copy(many_seeds / "000.txt", seeds)
    with mounted(tmp_path / "small", "size=40m") as small:
        environment = {"COMMENTARY_HOME": str(small / "data")}
        assert commentary("ingest", "--no-sources", "--seeds", seeds, **environment).returncode == 0
        before = content(small / "data")
        with (small / "filler").open("wb") as filler:
            filler.write(b"x" * (shutil.disk_usage(small).free - 4096))
        done = commentary("ingest", "--no-sources", "--seeds", many_seeds, **environment)
        assert done.returncode == 1
        assert "disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        assert content(small / "data") == before
        (small / "filler").unlink()
        assert commentary("ingest", "--no-sources", "--seeds", many_seeds, **environment).returncode == 0
        assert len(content(small / "data")["articles"]) == ARTICLES


def test_a_folder_that_cannot_be_written_is_named(commentary: Command, tmp_path: Path) -> None:
    with mounted(tmp_path / "fixed", "ro") as fixed:
        done = commentary("ingest", "--no-sources", COMMENTARY_HOME=str(fixed / "data"))
        assert done.returncode == 1
        assert str(fixed / "data") in done.stderr
        assert "COMMENTARY_HOME" in done.stderr
        assert "Traceback" not in done.stderr
