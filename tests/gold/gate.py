"""The gate: scores on the gold and the seeds, held at recorded floors that nobody lowers by accident.

    python -m tests.gold.gate                     measure, beside the floors
    python -m tests.gold.gate --raise [PREFIX]    raise the floors so named to what is measured, less the slack
    python -m tests.gold.gate --lower METRIC VALUE --why "..."

floors.toml is a history, appended to only: a metric's floor is its last entry, and an entry below the one before needs
a `why`. The tests measure and compare; they never write.
"""

import argparse
import importlib.util
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors.themes import read_codebook
from flows.steps.coding import extract

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FLOORS = HERE / "floors.toml"
# A raised floor leaves this much room, so that a change which costs one mention in a hundred elsewhere is no alarm.
SLACK = 0.01
SETS = {
    "dev": (HERE / "dev/articles", HERE / "dev-figures.tsv", HERE / "dev-themes.tsv"),
    "seeds": (ROOT / "seeds/articles", HERE / "seeds-figures.tsv", HERE / "seeds-themes.tsv"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a floor's history. `why` is given where the step goes down."""

    metric: str
    floor: float
    why: str = ""


def history(path: Path = FLOORS) -> tuple[Entry, ...]:
    """All steps, oldest first."""
    return tuple(Entry(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("step", []))


def floors(steps: tuple[Entry, ...]) -> dict[str, float]:
    """The floors in force."""
    return {step.metric: step.floor for step in steps}


def unexplained(steps: tuple[Entry, ...]) -> list[Entry]:
    """Steps down that nobody gave a reason for."""
    last: dict[str, float] = {}
    found = []
    for step in steps:
        if step.floor < last.get(step.metric, 0.0) and not step.why.strip():
            found.append(step)
        last[step.metric] = step.floor
    return found


@cache
def measured() -> dict[str, float]:
    """Every metric of both sets, by the scorer that stands beside this file."""
    return {f"{name}.{metric}": value for name, paths in SETS.items() for metric, value in _metrics(*paths).items()}


def _metrics(articles: Path, figures: Path, themes: Path) -> dict[str, float]:
    score = _scorer()
    found = predictions(articles)
    errors: list[str] = []
    figure_report = score.score_figures(score.read_tsv(str(figures)), found, articles, errors)
    gold = score.read_tsv(str(themes))
    theme_report = score.score_themes(gold, found, articles, errors)
    metrics = {"figures.f1": figure_report["f1"]}
    for field, result in figure_report["fields"].items():
        if result["of"]:
            metrics[f"figures.{field}"] = result["accuracy"]
    for field, result in figure_report["given"].items():
        metrics[f"figures.given.{field}"] = result["f1"]
    metrics["figures.measure_tight"] = figure_report["measure_tight"] or 0.0
    metrics["themes.kappa"] = theme_report["kappa"]
    metrics["themes.micro_f1"] = theme_report["f1"]
    metrics["themes.macro_f1"] = theme_report["macro_f1_support5"]
    metrics["themes.framing"] = theme_report["framing_accuracy"]
    metrics["themes.kappa_any_article_left_out"] = min(
        score.score_themes([row for row in gold if row["file"] != left_out], found, articles, errors)["kappa"]
        for left_out in found
    )
    return metrics


@cache
def predictions(articles: Path) -> dict[str, dict[str, Any]]:
    """What the extractors find in a folder of articles, as `commentary extract` prints it."""
    codebook = read_codebook()
    return {
        path.name: json.loads(json.dumps(extract(path.read_bytes(), name=path.name, codebook=codebook)))
        for path in sorted(articles.glob("*.txt"))
    }


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", HERE / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _append(steps: list[Entry]) -> None:
    lines = [
        f'\n[[step]]\nmetric = "{step.metric}"\nfloor = {step.floor}\n'
        + (f"why = {json.dumps(step.why, ensure_ascii=False)}\n" if step.why else "")
        for step in steps
    ]
    with FLOORS.open("a", encoding="utf-8") as file:
        file.write("".join(lines))


def main() -> None:
    """Show the scores beside the floors; with options, raise or lower floors."""
    parser = argparse.ArgumentParser(description="Scores on the gold, beside their floors.")
    parser.add_argument(
        "--raise", dest="up", nargs="*", metavar="PREFIX", help="raise the floors whose names begin so, or every floor"
    )
    parser.add_argument("--lower", nargs=2, metavar=("METRIC", "VALUE"), help="lower one floor")
    parser.add_argument("--why", default="", help="the reason for lowering")
    arguments = parser.parse_args()
    current = floors(history()) if FLOORS.exists() else {}
    if arguments.lower:
        if not arguments.why.strip():
            parser.error("a floor is lowered only with --why")
        _append([Entry(arguments.lower[0], float(arguments.lower[1]), arguments.why)])
        return
    if arguments.up is not None:
        chosen = tuple(arguments.up) or ("",)
        raised = {
            metric: max(round(value - SLACK, 3), 0.0)
            for metric, value in measured().items()
            if metric.startswith(chosen)
        }
        _append([Entry(m, f) for m, f in sorted(raised.items()) if f > current.get(m, -1.0)])
        return
    for metric, value in sorted(measured().items()):
        print(f"{metric:45} {value:.4f}  floor {current.get(metric, float('nan')):.3f}")


if __name__ == "__main__":
    main()
