"""Our own coded paragraphs, in two halves: one that cues were widened on, one held back while they were.

The weights of words learned from both; `tests.themes.fit_words` tells how each fares when it is left out of them.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from extractors.article.model import Paragraph
from extractors.themes import FRAMINGS, code_themes, read_codebook

_CASES = Path(__file__).parent / "cases"


def load(half: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = tomllib.loads((_CASES / f"{half}.toml").read_text(encoding="utf-8"))["case"]
    return cases


def kappa_and_framing(cases: list[dict[str, Any]]) -> tuple[float, float]:
    gold = [dict(code.split("/") for code in case["codes"]) for case in cases]
    found = [{m.theme_id: m.framing for m in code_themes([Paragraph(1, c["kind"], c["text"])])} for c in cases]
    hits = [(theme, want, got) for want, got in zip(gold, found, strict=True) for theme in want.keys() & got.keys()]
    decisions = len(cases) * len(read_codebook().themes)
    wanted, given = sum(map(len, gold)), sum(map(len, found))
    agreed = (decisions - wanted - given + 2 * len(hits)) / decisions
    chance = wanted * given / decisions**2 + (1 - wanted / decisions) * (1 - given / decisions)
    right = sum(want[theme] == got[theme] for theme, want, got in hits)
    return (agreed - chance) / (1 - chance), right / len(hits)


@pytest.mark.parametrize("half", ["tuning", "held", "partnership-tuning", "partnership-held"])
def test_cases_name_known_themes_and_framings(half: str) -> None:
    known = {theme.theme_id for theme in read_codebook().themes}
    for case in load(half):
        for code in case["codes"]:
            theme, framing = code.split("/")
            assert theme in known
            assert framing in FRAMINGS


@pytest.mark.parametrize(
    ("half", "least_kappa", "least_framing"),
    [
        ("partnership-tuning", 0.70, 0.48),
        ("partnership-held", 0.60, 0.50),
        ("tuning", 0.68, 0.64),
        ("held", 0.65, 0.68),
    ],
)
def test_agreement_with_our_own_coding_does_not_fall(half: str, least_kappa: float, least_framing: float) -> None:
    kappa, framing = kappa_and_framing(load(half))
    assert kappa >= least_kappa
    assert framing >= least_framing
