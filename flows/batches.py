"""Coding and loading material in batches, one Prefect task and one transaction each."""

from collections.abc import Iterator, Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.loading import load_coded
from flows.reporting.artifacts import ProgressBar
from flows.run import Run
from warehouse.material import Material, told_by_source
from warehouse.sources import load_sources

# Prefect's overhead of a task is tens of milliseconds on the server: one task a batch, and at most this many.
_MAX_BATCHES = 80


def load_in_batches(run: Run, materials: Sequence[Material], bar: ProgressBar, *, up_to: float) -> None:
    """Code and load material, a task and a transaction a batch; the bar of the run moves on to `up_to` per cent.

    All material comes this way, whatever it comes from, and is told here what is known of its source.
    """
    if not materials:
        return
    sources = {source.source_id: source for source in load_sources(run.connection)}
    materials = [told_by_source(material, sources) for material in materials]
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
