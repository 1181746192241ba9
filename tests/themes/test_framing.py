"""The framing rules of docs/codebook.md, each in sentences of our own, and the weights' fit."""

import numpy as np
import pytest

from extractors.article.model import Paragraph
from extractors.themes import FRAMINGS, code_themes, read_codebook
from tests.themes.fit_framing import Case, fit, tabulate

_SAID = {
    "The waiting list is a scandal, and patients wait longer every year.": ("capacity", "problem"),
    "The waiting list has fallen by a third since the independent hospital opened.": ("capacity", "benefit"),
    "Trusts must publish their contracts with private companies in full.": ("transparency", "proposal"),
    "The government has promised to publish a plan for private hospitals next year.": ("policy", "proposal"),
    "Ministers promised a private hospital plan, but it has failed and nobody believes it.": ("policy", "problem"),
    "The tariff is an average price, set each year by the regulator under the rules.": ("incentives", "context"),
    "Waiting lists in the two sectors": ("capacity", "context"),
}


def framing(text: str, theme_id: str, kind: str = "prose") -> str | None:
    return {
        m.theme_id: str(m.framing)
        for m in code_themes([Paragraph(1, "heading" if kind == "heading" else "prose", text)])
    }.get(theme_id)


@pytest.mark.parametrize("text", _SAID)
def test_framing_follows_the_paragraphs_own_judgement(text: str) -> None:
    theme_id, want = _SAID[text]
    assert framing(text, theme_id, "prose" if text.endswith(".") else "heading") == want


def test_a_negation_turns_an_evaluation_round() -> None:
    praise = "The waiting list scheme was a success."
    denied = "The waiting list scheme was not a success."
    assert framing(praise, "capacity") == "benefit"
    assert framing(denied, "capacity") == "problem"


def test_fitting_learns_from_cases_and_makes_them_likelier() -> None:
    cases = [
        Case("own", "own", Paragraph(1, "prose", text), theme_id, other)
        for text, (theme_id, want) in _SAID.items()
        for other in FRAMINGS
        if other in ("context", want)
    ]
    table = tabulate(read_codebook(), cases)
    weights = fit(table, np.ones(len(cases), dtype=bool))

    def likelihood(numbers: np.ndarray) -> float:
        scores = table.values @ numbers + table.fixed
        wanted = scores[np.arange(len(cases)), table.wanted]
        return float((wanted - np.log(np.exp(scores).sum(axis=1))).sum())

    assert likelihood(weights) > likelihood(table.standing)
