"""How well paragraphs are coded by theme, and how fast, beside classifiers trained on the same gold.

Quality is Cohen's kappa over all paragraph x theme decisions of tests/gold (19 dev and seed articles), the framing's
accuracy over the pairs found. The trained peers are always tested on an article that they were not trained on; our
coder is the same for all of them, so its figure on articles whose text nobody saw while the cues were written is in
docs/themes-comparison.md. Speed is of one core, over the same paragraphs.
"""

import csv
import json
import os
import re
import subprocess
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from extractors.article.model import Paragraph
from extractors.themes import code_themes, load_codebook

_ROOT = Path(__file__).parents[2]
_GOLD = _ROOT / "tests" / "gold"
_PEERS = _ROOT / "tests" / "bench" / "themes_peers.py"
_PEER_PYTHON = _ROOT / ".venv-bench" / "bin" / "python"
_MARKER = re.compile(r"^\s*(?:[•*\-]|\d+[.)])\s+")
_SECONDS = 3.0
_SHORT_HEADING = 14


class Coded(NamedTuple):
    """One gold paragraph: its article, itself, and its framing by theme."""

    article: str
    paragraph: Paragraph
    codes: dict[str, str]


class Row(NamedTuple):
    """One line of the table; speed in paragraphs a second."""

    name: str
    kappa: float
    framing: float | None
    speed: float


def run() -> str:
    """The table as plain text; peers that are not set up are left out and named."""
    gold = read_gold()
    rows, note = [_ours(gold)], ""
    if _PEER_PYTHON.exists():
        rows += _peers(gold)
    else:
        note = f"\nPeers left out: {_PEER_PYTHON.relative_to(_ROOT)} is not set up (make bench does it)."
    lines = [
        f"{len(gold)} paragraphs of {len({it.article for it in gold})} articles, {len(load_codebook().themes)} themes"
    ]
    lines.append(f"{'coder':44}{'kappa':>8}{'framing':>9}{'paragraphs/s':>14}")
    for row in rows:
        framing = "-" if row.framing is None else f"{row.framing:.3f}"
        lines.append(f"{row.name:44}{row.kappa:8.3f}{framing:>9}{row.speed:14,.0f}")
    return "\n".join(lines) + note


def read_gold() -> list[Coded]:
    """Every coded paragraph of the development and seed articles."""
    coded = []
    for table, folder in (
        ("dev-themes.tsv", _GOLD / "dev" / "articles"),
        ("seeds-themes.tsv", _ROOT / "seeds" / "articles"),
    ):
        codes: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        with (_GOLD / table).open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                place = codes[row["file"], int(row["line"])]
                if row["theme_id"] != "-":
                    place[row["theme_id"]] = row["framing"]
        for (article, line), found in codes.items():
            text = (folder / article).read_text(encoding="utf-8").split("\n")[line - 1]
            coded.append(Coded(article, _paragraph(line, text), found))
    return coded


def _paragraph(number: int, line: str) -> Paragraph:
    text = _MARKER.sub("", line).strip()
    short = len(text.split()) <= _SHORT_HEADING and text[-1] not in ".!?:;,”\"'’"
    return Paragraph(number, "heading" if short else "prose", text)


def _ours(gold: list[Coded]) -> Row:
    paragraphs = [it.paragraph for it in gold]
    code_themes(paragraphs)
    done, start = 0, time.process_time()
    while time.process_time() - start < _SECONDS:
        code_themes(paragraphs)
        done += len(paragraphs)
    speed = done / (time.process_time() - start)
    found = [{m.theme_id: m.framing for m in code_themes([it.paragraph])} for it in gold]
    pairs = [
        (it.codes[theme], framing)
        for it, codes in zip(gold, found, strict=True)
        for theme, framing in codes.items()
        if theme in it.codes
    ]
    framing = sum(want == got for want, got in pairs) / max(len(pairs), 1)
    return Row("cues (this project)", kappa([it.codes for it in gold], [set(codes) for codes in found]), framing, speed)


def kappa(gold: list[dict[str, str]], found: list[set[str]]) -> float:
    """Cohen's kappa over all paragraph x theme decisions."""
    decisions = len(gold) * len(load_codebook().themes)
    hits = sum(len(codes.keys() & themes) for codes, themes in zip(gold, found, strict=True))
    wanted, given = sum(map(len, gold)), sum(map(len, found))
    agreed = (decisions - wanted - given + 2 * hits) / decisions
    yes, no = wanted * given / decisions**2, (1 - wanted / decisions) * (1 - given / decisions)
    return (agreed - yes - no) / (1 - yes - no)


def _peers(gold: list[Coded]) -> list[Row]:
    task = {
        "themes": [theme.theme_id for theme in load_codebook().themes],
        "paragraphs": [[it.article, it.paragraph.text, sorted(it.codes)] for it in gold],
    }
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    answer = subprocess.run(
        [str(_PEER_PYTHON), str(_PEERS)],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **one_core},
    )
    peers: list[dict[str, Any]] = json.loads(answer.stdout)
    codes = [it.codes for it in gold]
    return [Row(peer["name"], kappa(codes, [set(it) for it in peer["found"]]), None, peer["speed"]) for peer in peers]
