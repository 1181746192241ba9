"""The figures extractor beside quantulum3 and Recognizers-Text: words a second and value F1, in one run.

All read the paragraphs of the development gold. A value is found where a gold figure of the same line has it
(relative tolerance 1e-5); kinds, units and all else are left aside, since the peers do not know ours. Speed is that of
one core in processor time, the best of several passes, which a busy machine disturbs least.
"""

import csv
import json
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from extractors.article import Article, read
from extractors.figures import find_figures

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
PEERS = Path(__file__).with_name("figure_peers.py")
GOLD = ROOT / "tests" / "gold"
ROUNDS = 5
Values = list[list[float]]


@dataclass(frozen=True, slots=True)
class Result:
    """One extractor's marks: share of 1, words a second."""

    name: str
    precision: float
    recall: float
    pace: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def gold_articles() -> list[tuple[str, Article]]:
    """The articles of the development gold by the name of their file."""
    paths = sorted((GOLD / "dev" / "articles").glob("*.txt"))
    return [(path.name, read(path.read_bytes(), name=path.name)) for path in paths]


def gold_values(articles: list[tuple[str, Article]]) -> Values:
    """The gold's values of every paragraph, in order."""
    by_line: dict[tuple[str, str], list[float]] = defaultdict(list)
    lines = {name: (GOLD / "dev" / "articles" / name).read_text(encoding="utf-8").split("\n") for name, _ in articles}
    with (GOLD / "dev-figures.tsv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            by_line[row["file"], lines[row["file"]][int(row["line"]) - 1]].append(float(row["value"]))
    return [
        next((values for (file, line), values in by_line.items() if file == name and paragraph.text in line), [])
        for name, article in articles
        for paragraph in article.paragraphs
    ]


def ours(articles: list[tuple[str, Article]]) -> tuple[Values, float]:
    """Our values of every paragraph and the best time of a pass."""
    seconds = []
    values: Values = []
    for _ in range(ROUNDS):
        before = time.process_time()
        found = [(article, find_figures(article.paragraphs, article.published)) for _, article in articles]
        seconds.append(time.process_time() - before)
        values = [
            [figure.value for figure in figures if figure.paragraph_no == paragraph.paragraph_no]
            for article, figures in found
            for paragraph in article.paragraphs
        ]
    return values, min(seconds)


def marks(name: str, gold: Values, found: Values, seconds: float, words: int) -> Result:
    """Precision and recall of values, each gold value used once."""
    hits = 0
    for wanted, values in zip(gold, found, strict=True):
        left = list(wanted)
        for value in values:
            match = next((other for other in left if abs(other - value) <= 1e-5 * max(abs(other), abs(value))), None)
            if match is not None:
                left.remove(match)
                hits += 1
    return Result(name, hits / max(1, sum(map(len, found))), hits / max(1, sum(map(len, gold))), words / seconds)


def compare() -> list[Result]:
    """All three in one run, ours first."""
    articles = gold_articles()
    texts = [paragraph.text for _, article in articles for paragraph in article.paragraphs]
    words = sum(len(text.split()) for text in texts)
    gold = gold_values(articles)
    own, seconds = ours(articles)
    answer = subprocess.run(
        [PEERS_PYTHON, PEERS], input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=ROOT
    )
    peers = json.loads(answer.stdout)
    return [
        marks("ours", gold, own, seconds, words),
        *(marks(name, gold, peer["values"], peer["seconds"], words) for name, peer in peers.items()),
    ]


def run() -> str:
    """The comparison as a table in Markdown. Needs the environment .venv-bench, which `make bench` sets up."""
    results = compare()
    slowest = {result.name: results[0].pace / result.pace for result in results}
    lines = [
        "| figures | value F1 | precision | recall | words/s, one core | ours is faster by |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {result.name} | {result.f1:.3f} | {result.precision:.3f} | {result.recall:.3f} | {result.pace:,.0f} | "
        + ("" if result.name == "ours" else f"{slowest[result.name]:.0f}x")
        + " |"
        for result in results
    ]
    return "\n".join(lines)
