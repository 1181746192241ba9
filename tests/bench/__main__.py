"""`make bench`: speed and quality beside the peers, each as a table; timings are of this machine and this run.

python -m tests.bench [figures|themes|actors|reading|warehouse|daily|duplicates|lake|coding|ingest|backfill ...]
"""

import importlib
import sys

BENCHES = (
    "figures",
    "themes",
    "actors",
    "reading",
    "warehouse",
    "daily",
    "duplicates",
    "lake",
    "coding",
    "ingest",
    "backfill",
)


def main() -> None:
    """Run the benches that are named, or all."""
    names = sys.argv[1:] or BENCHES
    for name in names:
        if name not in BENCHES:
            sys.exit(f"no bench {name!r}; there are {', '.join(BENCHES)}")
        print(f"\n## {name}\n", flush=True)
        print(importlib.import_module(f"tests.bench.{name}").run(), flush=True)


if __name__ == "__main__":
    main()
