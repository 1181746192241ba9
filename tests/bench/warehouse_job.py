"""One run of the warehouse bench: `ingest FOLDER-NAME` or `reextract`; prints what it took as JSON."""

import json
import os
import resource
import sys
import time
from pathlib import Path

from extractors.workers import let_go
from flows.server import prepare_environment
from flows.settings import settings
from warehouse.workspace import Workspace


def main() -> None:
    """Run the flow that the arguments name, on a temporary Prefect server."""
    home = Path(settings().home)
    Workspace(home).prepare()
    prepare_environment(home)
    from flows.ingest import ingest_commentary
    from flows.life import run_flow
    from flows.reextract import reextract_commentary
    from flows.reporting import silent

    started = time.perf_counter(), _cpu()
    if sys.argv[1] == "ingest":
        seeds = Path(os.environ["BENCH_FOLDER"]) / sys.argv[2]
        report, did_its_job = run_flow(ingest_commentary, silent, seeds=seeds, watch_sources=False)
    else:
        report, did_its_job = run_flow(reextract_commentary, silent)
    if not did_its_job or report.counts.failed:
        sys.exit(f"the run failed: {report.counts}")
    let_go()
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    took = {"cpu": _cpu() - started[1], "wall": time.perf_counter() - started[0]}
    print(json.dumps({**took, "peak": peaks[0], "child_peak": peaks[1]}))


def _cpu() -> float:
    """Processor seconds of this process and of its children that have ended, the workers."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
