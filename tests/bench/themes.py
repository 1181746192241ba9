"""How well paragraphs are coded by theme, and how fast, beside classifiers trained on the same corpus.

Quality is Cohen's kappa over all paragraph x theme decisions, on the articles of the development gold that were kept
aside (nobody read them while cues were written, and no weight was learned from them), on the other development articles
and on the seeds, from both of which cues and weights did learn; the peers saw none of the three. Speed is of one core,
over the same paragraphs.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from extractors.themes import code_themes, read_codebook
from tests.bench.rounds import Speed, speed
from tests.gold.paragraphs import Coded, part_of, read_gold
from tests.themes.coded import corpus

_ROOT = Path(__file__).parents[2]
_PEERS = _ROOT / "tests" / "bench" / "themes_peers.py"
_PEER_PYTHON = _ROOT / ".venv-bench" / "bin" / "python"
_PARTS = ("kept aside", "dev, tuned", "seeds")


class Row(NamedTuple):
    """One line of the table: kappa by part of the gold; speed in paragraphs."""

    name: str
    kappas: list[float]
    framing: float | None
    speed: Speed


def run() -> str:
    """The table as plain text; peers that are not set up are left out and named."""
    gold = read_gold()
    rows, note = [_ours(gold)], ""
    if _PEER_PYTHON.exists():
        rows += _peers(gold)
    else:
        note = f"\nPeers left out: {_PEER_PYTHON.relative_to(_ROOT)} is not set up (make bench does it)."
    lines = [
        f"{len(gold)} paragraphs of {len({it.article for it in gold})} articles, {len(read_codebook().themes)} themes"
    ]
    lines.append("Speed in paragraphs a second of one core, over rounds of all these paragraphs.")
    lines.append(f"{'coder':44}" + "".join(f"{part:>12}" for part in (*_PARTS, "framing", "best round", "median")))
    for row in rows:
        framing = "-" if row.framing is None else f"{row.framing:.3f}"
        lines.append(
            f"{row.name:44}"
            + "".join(f"{it:12.3f}" for it in row.kappas)
            + f"{framing:>12}{row.speed.best:12,.0f}{row.speed.median:12,.0f}"
        )
    return "\n".join(lines) + note


def _ours(gold: list[Coded]) -> Row:
    paragraphs = [it.paragraph for it in gold]
    found = [{m.theme_id: m.framing for m in code_themes([it.paragraph])} for it in gold]
    pairs = [
        (it.codes[theme], framing)
        for it, codes in zip(gold, found, strict=True)
        for theme, framing in codes.items()
        if theme in it.codes and part_of(it.article) == "kept aside"
    ]
    framing = sum(want == got for want, got in pairs) / max(len(pairs), 1)
    pace = speed(lambda: code_themes(paragraphs), len(paragraphs))
    return Row("cues and words (this project)", _kappas(gold, [set(codes) for codes in found]), framing, pace)


def _kappas(gold: list[Coded], found: list[set[str]]) -> list[float]:
    kappas = []
    for part in _PARTS:
        here = [(it.codes, codes) for it, codes in zip(gold, found, strict=True) if part_of(it.article) == part]
        kappas.append(kappa([codes for codes, _ in here], [codes for _, codes in here]))
    return kappas


def kappa(gold: list[dict[str, str]], found: list[set[str]]) -> float:
    """Cohen's kappa over all paragraph x theme decisions."""
    decisions = len(gold) * len(read_codebook().themes)
    hits = sum(len(codes.keys() & themes) for codes, themes in zip(gold, found, strict=True))
    wanted, given = sum(map(len, gold)), sum(map(len, found))
    agreed = (decisions - wanted - given + 2 * hits) / decisions
    yes, no = wanted * given / decisions**2, (1 - wanted / decisions) * (1 - given / decisions)
    return (agreed - yes - no) / (1 - yes - no)


def _peers(gold: list[Coded]) -> list[Row]:
    task = {
        "themes": [theme.theme_id for theme in read_codebook().themes],
        "learn": [[it.paragraph.text, sorted(it.codings[0])] for it in corpus()],
        "paragraphs": [it.paragraph.text for it in gold],
    }
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    answer = subprocess.run(
        [str(_PEER_PYTHON), str(_PEERS)],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **one_core, "PYTHONPATH": str(_ROOT)},
    )
    peers: list[dict[str, Any]] = json.loads(answer.stdout)
    return [
        Row(peer["name"], _kappas(gold, [set(it) for it in peer["found"]]), None, Speed(*peer["speed"]))
        for peer in peers
    ]
