"""Coding in parallel processes: the same as without, in order, and no process is left when the run is killed."""

import os
import signal
from datetime import UTC, datetime

import psutil

from extractors.themes import load_codebook
from flows.stages.coding import Coders
from tests.warehouse.processes import line_of, start
from warehouse.material import Material

TEXTS = {f"{number}": f"Title: Article {number}\n\nThe NHS paid a private company £{number}m." for number in range(30)}

RUN = """
import psutil, time
from extractors.themes import load_codebook
from flows.stages.coding import Coders
from tests.flows.test_coding import TEXTS, material
if __name__ == "__main__":
    coders = Coders(load_codebook(), 2)
    list(coders.code_all([material(name) for name in TEXTS], lambda name: TEXTS[name].encode()))
    print(*(child.pid for child in psutil.Process().children(recursive=True)))
    time.sleep(60)
"""


def material(name: str) -> Material:
    """The article of that name, as a local file."""
    return Material(
        url=f"seed:{name}", open_url=f"seed:{name}", addresses=(), source_id="seeds", raw_hash=name,
        name=f"{name}.txt", content_type="text/plain", fetched_at=datetime(2026, 3, 2, tzinfo=UTC), trusted=True,
    )  # fmt: skip


def test_processes_code_the_same_in_the_same_order() -> None:
    materials = [material(name) for name in TEXTS]
    answers = []
    for processes in (1, 2):
        coders = Coders(load_codebook(), processes)
        answers.append(list(coders.code_all(materials, lambda name: TEXTS[name].encode())))
        coders.close()
    assert answers[0] == answers[1]
    assert len(answers[0]) == len(TEXTS)


def test_the_processes_of_a_killed_run_end() -> None:
    run = start(RUN)
    workers = [psutil.Process(int(pid)) for pid in line_of(run).split()]
    assert len(workers) >= 2
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []
