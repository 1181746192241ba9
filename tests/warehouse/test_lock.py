"""One writer at a time, whoever they are and however they end."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.warehouse.processes import end, line_of, start
from tests.warehouse.test_workspace import mounted
from warehouse.errors import LockedError
from warehouse.workspace import Holder, Workspace, exclusive, looked_at

HOLD = """
import sys, time
from pathlib import Path
from warehouse.workspace import exclusive
from warehouse.workspace import Workspace
with exclusive(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""

# Forks a child that lives on, as the workers of a process pool do when their parent is killed.
HOLD_WITH_CHILD = """
import os, sys, time
from pathlib import Path
from warehouse.workspace import exclusive
from warehouse.workspace import Workspace
with exclusive(Workspace(Path(sys.argv[1]))):
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without a database."""
    made = Workspace(tmp_path / "data")
    made.prepare()
    return made


def test_second_writer_is_told_who_holds_it(bare: Workspace) -> None:
    holder = start(HOLD, bare.home, 60)
    try:
        assert line_of(holder) == "held"
        with pytest.raises(LockedError, match=f"process {holder.pid}, started 20") as caught, exclusive(bare):
            pass
        assert caught.value.holder_pid == holder.pid
    finally:
        end(holder)


def test_who_looks_needs_no_right_to_write_and_keeps_a_writer_waiting(tmp_path: Path) -> None:
    with mounted(tmp_path / "mounted", "size=1m") as folder:
        made = Workspace(folder / "data")
        made.prepare()
        with looked_at(made):
            pass  # no run was ever here
        holder = start(HOLD, made.home, 60)
        try:
            assert line_of(holder) == "held"
            with pytest.raises(LockedError, match=f"process {holder.pid}") as caught, looked_at(made):
                pass
            assert caught.value.holder_pid == holder.pid
        finally:
            end(holder)
        with looked_at(made):
            refused = start(HOLD, made.home, 60)
            assert "another run is writing" in refused.communicate()[1]
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with looked_at(made):
            pass


def test_second_writer_waits_its_turn(bare: Workspace) -> None:
    holder = start(HOLD, bare.home, 0.7)
    waited: list[Holder] = []
    assert line_of(holder) == "held"
    with exclusive(bare, wait_seconds=60, on_wait=waited.append):
        assert holder.wait(60) == 0
    assert [who.pid for who in waited] == [holder.pid], "told once"


def test_killed_holder_does_not_block(bare: Workspace) -> None:
    holder = start(HOLD, bare.home, 60)
    assert line_of(holder) == "held"
    end(holder)
    with exclusive(bare):
        pass


def test_children_of_a_killed_holder_do_not_block(bare: Workspace) -> None:
    holder = start(HOLD_WITH_CHILD, bare.home)
    child = int(line_of(holder))
    try:
        holder.kill()
        holder.wait(60)
        os.kill(child, 0)
        with exclusive(bare):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        holder.communicate()


def test_same_process_cannot_take_it_twice(bare: Workspace) -> None:
    with exclusive(bare):
        with pytest.raises(LockedError, match="this process"), exclusive(bare):
            pass
        rival = start(HOLD, bare.home, 0)
        _, error = rival.communicate(timeout=600)
        assert "LockedError" in error, "the failed second attempt gave nothing up"
    with exclusive(bare):
        pass


def test_lock_file_of_an_older_kind_is_no_obstacle(bare: Workspace) -> None:
    bare.lock.write_text("who knows what")
    with exclusive(bare):
        pass
