"""Twenty searches of an analyst, and which of the first five passages each finds were judged right by eye.

    python -m tests.warehouse.searches          write what is not judged yet into searches.tsv, its verdict empty
    python -m tests.warehouse.searches judge    how many of the first five are right, a search a line

The texts are the whole own corpus: `tests/themes/corpus`, the development gold and the seeds. A passage is right that
speaks of what was asked for, as one who asked would say on reading it alone. Verdicts are kept by title and opening, so
that they outlive a change of the ranking.
"""

import csv
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from duckdb import DuckDBPyConnection

from extractors import article as articles
from extractors.article.model import Article
from tests.conftest import ROOT
from tests.figures.analyst import own_articles
from tests.warehouse.builders import coded
from warehouse.articles import store_articles
from warehouse.database import open_warehouse
from warehouse.search import Passage, refresh_search, search
from warehouse.workspace import Workspace

JUDGED = Path(__file__).parent / "fixtures" / "searches.tsv"
FIELDS = ("search", "title", "opening", "verdict")
OPENING = 60
SEARCHES = (
    "waiting list backlog",
    "PFI debt repayments",
    "companies owning GP surgeries",
    "staff poaching by private hospitals",
    "NHS dentistry crisis",
    "capital investment in community diagnostic centres",
    "independent sector treatment centres",
    '"elective recovery"',
    "cataract surgery outsourcing",
    "value for money of outsourcing",
    "social care funding",
    "patient choice of provider",
    "trust between NHS and independent providers",
    "profit extraction by shareholders",
    "training of junior doctors in private hospitals",
    "data sharing between sectors",
    "integrated care boards commissioning",
    "mental health beds out of area",
    "Carillion collapse",
    "test and trace outsourcing",
)


def load_corpus(connection: DuckDBPyConnection) -> None:
    """Load and index the texts, without what is found in them."""
    store_articles(connection, [coded(f"own-{number}", article=one) for number, one in enumerate(_texts())])
    refresh_search(connection)


def _texts() -> Iterator[Article]:
    yield from own_articles()
    for path in sorted((ROOT / "tests/gold/dev/negatives").glob("*.txt")):
        yield articles.read(path.read_bytes(), name=path.name)


def first_five(connection: DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    """Title and opening of the first five passages."""
    return [_named(passage) for passage in search(connection, query, 5)]


def _named(passage: Passage) -> tuple[str, str]:
    return passage.title or "", passage.text[:OPENING]


def verdicts() -> dict[tuple[str, str, str], str]:
    """What was judged: yes or no by search, title and opening."""
    with JUDGED.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t")
        return {(row["search"], row["title"], row["opening"]): row["verdict"] for row in rows}


def right(connection: DuckDBPyConnection) -> list[int]:
    """How many of the first five are right, by search; what nobody judged is not."""
    known = verdicts()
    return [
        sum(known.get((query, *passage)) == "yes" for passage in first_five(connection, query)) for query in SEARCHES
    ]


def write_unjudged(connection: DuckDBPyConnection) -> None:
    """Add what is found now and nobody judged yet."""
    known = verdicts() if JUDGED.exists() else {}
    for query in SEARCHES:
        for passage in first_five(connection, query):
            known.setdefault((query, *passage), "")
    with JUDGED.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter="\t", lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows((*key, verdict) for key, verdict in known.items())


def main() -> None:
    """The command."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.prepare()
        with open_warehouse(workspace) as connection:
            load_corpus(connection)
            if sys.argv[1:] != ["judge"]:
                write_unjudged(connection)
                return
            found = right(connection)
            for query, number in zip(SEARCHES, found, strict=True):
                print(f"{number} of 5  {query}")
            print(f"{sum(found[:10])} of 50 in the first ten, {sum(found)} of 100")


if __name__ == "__main__":
    main()
