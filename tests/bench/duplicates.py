"""Near-duplicates of a batch of 50 where 20,000 and where 300,000 articles are stored: processor time and memory.

The stored signatures are random, as those of texts that have nothing in common; half of the batch are edited copies of
articles that are stored. Each size is measured in a process of its own, so that its peak of memory is its own.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.duplicates import FORMAT, SIGNATURE_BYTES, find_near_duplicates, signature
from tests.bench.articles import text
from tests.warehouse.builders import coded
from warehouse.articles import likely_originals, sort_bands, store_articles, store_signatures
from warehouse.database import open_warehouse, transaction
from warehouse.rows import staged_table
from warehouse.workspace import Workspace

SIZES = (20_000, 300_000)
BATCH, COPIES, ROUNDS, STEP = 50, 25, 3, 10_000
MEMORY_LIMIT = "80MB"  # of what DuckDB keeps of the file in memory; with more it keeps more
STEPS = ("sign", "look up and compare", "store with bands")


def run() -> str:
    """Measure, and answer with a table for people."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_measured(Path(folder) / str(size), size) for size in SIZES)
    lines = [
        f"| a batch of {BATCH} | {SIZES[0]:,} known | {SIZES[1]:,} known | ratio |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name}, CPU s | {small[name]:.3f} | {large[name]:.3f} | {large[name] / small[name]:.1f} |"
            for name in STEPS
        ),
    ]
    whole = [sum(one[name] for name in STEPS) for one in (small, large)]
    lines.append(f"| all, CPU s | {whole[0]:.3f} | {whole[1]:.3f} | {whole[1] / whole[0]:.1f} |")
    lines += [
        f"| {name} | {small[name]:.0f} | {large[name]:.0f} | {large[name] / small[name]:.1f} |"
        for name in ("peak MB", "file MB")
    ]
    return "\n".join(lines)


def _measured(folder: Path, size: int) -> dict[str, float]:
    for job in ("fill", "measure"):
        command = [sys.executable, "-m", "tests.bench.duplicates", job, str(folder), str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _fill(workspace: Workspace, size: int) -> None:
    dice = random.Random(size)
    texts = _texts()
    with open_warehouse(workspace) as connection:
        store_articles(connection, [coded("model")])
        for start in range(0, size, STEP):
            count = min(STEP, size - start)
            signatures = {f"{dice.getrandbits(64):016x}": _random_signature(dice) for _ in range(count)}
            if start == 0:
                signatures |= {f"original {number}": signature(texts[number]) for number in range(COPIES)}
            _store(connection, signatures)
        sort_bands(connection)
        connection.execute("CHECKPOINT")


def _random_signature(dice: random.Random) -> bytes:
    return FORMAT + dice.randbytes(SIGNATURE_BYTES - len(FORMAT))


def _texts() -> list[str]:
    dice = random.Random(1)
    return [text(dice, number) for number in range(BATCH)]


def _store(connection: DuckDBPyConnection, signatures: dict[str, bytes]) -> None:
    _store_articles(connection, list(signatures))
    with transaction(connection):
        store_signatures(connection, signatures)


def _store_articles(connection: DuckDBPyConnection, article_ids: Sequence[str]) -> None:
    """Articles as the model, but for their ids and addresses."""
    with staged_table(connection, "staged_ids", pa.table({"article_id": list(article_ids)})):
        connection.execute(
            "INSERT INTO articles SELECT model.* REPLACE (staged_ids.article_id AS article_id, "
            "'https://example.org/' || staged_ids.article_id AS url) "
            "FROM (FROM articles ORDER BY rowid LIMIT 1) AS model, staged_ids"
        )


def _measure(workspace: Workspace) -> dict[str, float]:
    with open_warehouse(workspace, MEMORY_LIMIT) as connection:
        rounds = [_round(connection, number) for number in range(ROUNDS)]
    took = {name: min(one[name] for one in rounds) for name in STEPS}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**took, "peak MB": peak, "file MB": workspace.database.stat().st_size / 1e6}


def _round(connection: DuckDBPyConnection, number: int) -> dict[str, float]:
    dice = random.Random(number)
    texts = {f"new {number} {at}": _edited(text, dice) for at, text in enumerate(_texts())}
    _store_articles(connection, list(texts))
    connection.execute("UPDATE articles SET duplicate_of = 'original' WHERE article_id LIKE 'new %'")
    started = time.process_time()
    signatures = {name: signature(one) for name, one in texts.items()}
    signed = time.process_time()
    copies = find_near_duplicates(signatures, likely_originals(connection, signatures))
    found = time.process_time()
    with transaction(connection):
        store_signatures(connection, signatures)
    stored = time.process_time()
    if len(copies) != COPIES:
        sys.exit(f"{len(copies)} copies were found, not {COPIES}")
    return dict(zip(STEPS, (signed - started, found - signed, stored - found), strict=True))


def _edited(one: str, dice: random.Random) -> str:
    words = one.split()
    for place in dice.sample(range(len(words)), 6):
        words[place] = "edited"
    return " ".join(words)


def main() -> None:
    """`fill FOLDER SIZE` makes a warehouse, `measure FOLDER SIZE` prints what a batch takes in it as JSON."""
    job, folder, size = sys.argv[1:]
    workspace = Workspace(Path(folder))
    if job == "fill":
        workspace.prepare()
        _fill(workspace, int(size))
    else:
        print(json.dumps(_measure(workspace)))


if __name__ == "__main__":
    main()
