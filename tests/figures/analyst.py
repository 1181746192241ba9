"""What an analyst sees of the figures: a page of rows for the guide, pairs from a warehouse of the whole own corpus.

    python -m tests.figures.analyst page        write thirty rows of the dev articles into docs/figures-guide.md
    python -m tests.figures.analyst pairs       write what is not judged yet into judged.tsv, its verdict empty
    python -m tests.figures.analyst judge       the precision by the verdicts, and how many figures have a subject

The corpus is `tests/themes/corpus`, each article of it by itself, with the articles of the gold and the seeds. A pair
is judged by reading both statements: do they speak of one thing (series), can they not both hold (conflicts), is the
one the figure of the other (origins)? The verdicts are kept by what both say, so that they outlive a new warehouse.
"""

import csv
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from extractors import article as articles
from extractors.article.model import Article, Found, Published
from extractors.figures import find_figures
from tests.warehouse.builders import article_of, coded
from warehouse.articles import store_articles
from warehouse.database import open_warehouse
from warehouse.workspace import Workspace

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GUIDE = ROOT / "docs/figures-guide.md"
JUDGED = HERE / "judged.tsv"
START, END = "<!-- rows: start -->", "<!-- rows: end -->"
PAIRS = 60
FIELDS = ("view", "subject", "first", "second", "verdict")
QUERIES = {
    "series": """
        SELECT subject, statement, next FROM (
            SELECT subject, statement, lead(statement) OVER (
                PARTITION BY subject, kind, unit ORDER BY period_end NULLS LAST, period_start, published_on, figure_id
            ) AS next
            FROM (
                SELECT s.*, concat_ws(' ', s.surface, '|', s.period_end, '|', v.sentence) AS statement
                FROM v_figure_series AS s JOIN v_figures AS v USING (figure_id)
            )
        ) WHERE next IS NOT NULL ORDER BY ALL""",
    "conflicts": """
        SELECT c.subject, a.surface || ' | ' || a.sentence, b.surface || ' | ' || b.sentence
        FROM v_figure_conflicts AS c
        JOIN v_figures AS a ON a.figure_id = c.figure_a JOIN v_figures AS b ON b.figure_id = c.figure_b ORDER BY ALL""",
    "origins": """
        SELECT o.subject, a.surface || ' | ' || a.sentence, b.surface || ' | ' || b.sentence
        FROM v_figure_origins AS o
        JOIN v_figures AS a ON a.figure_id = o.first_figure_id JOIN v_figures AS b ON b.figure_id = o.figure_id
        ORDER BY ALL""",
}


def own_articles() -> Iterator[Article]:
    """Every article of the corpus, the dev gold and the seeds."""
    for file in sorted((ROOT / "tests/themes/corpus").glob("*.txt")):
        for block in re.split(r"^= ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            lines = [line for line in block.splitlines() if line.strip() and not line.startswith("@")]
            voice = lines[1].removeprefix("~ ")
            year = re.search(r"(?:19|20)\d{2}", voice)
            read = article_of(*lines[2:], title=lines[0])
            on = Published(date(int(year[0]), 6, 30), "day", "corpus") if year else None
            yield replace(read, publisher=Found(voice, "corpus"), published=on)
    for folder in (ROOT / "tests/gold/dev/articles", ROOT / "seeds/articles"):
        for path in sorted(folder.glob("*.txt")):
            yield articles.read(path.read_bytes(), name=path.name)


def load_own(connection: DuckDBPyConnection) -> int:
    """Fill a warehouse with them; the number of articles."""
    rows = [
        coded(f"own-{number}", article=one, figures=find_figures(one.paragraphs, one.published))
        for number, one in enumerate(own_articles())
    ]
    store_articles(connection, rows)
    return len(rows)


def pairs(connection: DuckDBPyConnection, view: str) -> list[tuple[str, str, str]]:
    """At most sixty pairs of a view, the same ones each time."""
    found = [tuple(map(str, row)) for row in connection.execute(QUERIES[view]).fetchall()]
    random.Random(7).shuffle(found)
    return [(a, b, c) for a, b, c in found[:PAIRS]]


def verdicts() -> dict[tuple[str, str, str, str], str]:
    """What was judged, by view and pair."""
    if not JUDGED.exists():
        return {}
    with JUDGED.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t")
        return {(row["view"], row["subject"], row["first"], row["second"]): row["verdict"] for row in rows}


def write_pairs(connection: DuckDBPyConnection) -> None:
    """The pairs of all views with the verdicts that are known."""
    known = verdicts()
    with JUDGED.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter="\t", lineterminator="\n")
        writer.writerow(FIELDS)
        for view in QUERIES:
            for pair in pairs(connection, view):
                writer.writerow((view, *pair, known.get((view, *pair), "")))


def judge(connection: DuckDBPyConnection) -> None:
    """Precision by view, over what is judged, and coverage."""
    known = verdicts()
    for view in QUERIES:
        marks = Counter(known.get((view, *pair), "not judged") or "not judged" for pair in pairs(connection, view))
        judged = marks["yes"] + marks["no"]
        print(f"{view:10} precision {marks['yes'] / max(judged, 1):.2f} of {judged}, {marks['not judged']} not judged")
    row = connection.execute("SELECT count(subject), count(*) FROM figures").fetchone()
    assert row is not None
    print(f"figures with a subject: {row[0]} of {row[1]}")


def page() -> str:
    """Thirty rows of the dev articles, one figure in five, as a table."""
    columns = ("surface", "value", "unit", "period", "measure", "base", "attribution")
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
    figures: list[Any] = []
    for path in sorted((ROOT / "tests/gold/dev/articles").glob("*.txt")):
        read = articles.read(path.read_bytes(), name=path.name)
        figures += find_figures(read.paragraphs, read.published)
    for one in figures[::5][:30]:
        period = f"{one.period.start or ''} – {one.period.end or ''}" if one.period else ""
        cells = (one.surface, f"{one.value:g}", one.unit, period, one.measure, one.base, one.attribution)
        lines.append("| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """The command."""
    what = sys.argv[1] if len(sys.argv) > 1 else "judge"
    if what == "page":
        head, _, rest = GUIDE.read_text(encoding="utf-8").partition(START)
        GUIDE.write_text(f"{head}{START}\n{page()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.prepare()
        with open_warehouse(workspace) as connection:
            print(f"{load_own(connection)} articles")
            {"pairs": write_pairs, "judge": judge}[what](connection)


if __name__ == "__main__":
    main()
