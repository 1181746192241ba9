"""Coding and loading material in batches, one Prefect task and one transaction each."""

from collections.abc import Iterator, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.loading import load_coded
from flows.reporting.artifacts import ProgressBar
from flows.run import Run
from flows.stages.material import Material

# Prefect's overhead of a task is tens of milliseconds on the server: one task a batch, and at most this many.
_MAX_BATCHES = 80


def load_in_batches(run: Run, materials: Sequence[Material], bar: ProgressBar, *, up_to: float) -> None:
    """Code and load material, a task and a transaction a batch; the bar of the run moves on to `up_to` per cent."""
    if not materials:
        return
    done, start = 0, bar.percent
    run.listener("coding and loading", 0, len(materials))
    for number, batch in enumerate(batches(materials, run.settings.batch_size), 1):
        code_and_load.with_options(task_run_name=f"code-and-load-{number}")(run, batch)
        done += len(batch)
        run.listener("coding and loading", done, len(materials))
        bar.reach(start + (up_to - start) * done / len(materials))


def batches(materials: Sequence[Material], size: int) -> Iterator[Sequence[Material]]:
    """The material in batches of `size`, or larger ones where that would make too many tasks."""
    step = max(size, -(-len(materials) // _MAX_BATCHES))
    for start in range(0, len(materials), step):
        yield materials[start : start + step]


@task(name="code-and-load", cache_policy=NO_CACHE, persist_result=False)
def code_and_load(run: Run, batch: Sequence[Material]) -> None:
    """Find the themes and figures of a batch, and load it in one transaction."""
    load_coded(run, batch)
