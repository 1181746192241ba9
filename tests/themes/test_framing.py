"""The framing rules of docs/codebook.md, each in sentences of our own, and the weights' fit."""

import numpy as np
import pytest

from extractors.article.model import Paragraph
from extractors.themes import FRAMINGS, code_themes, read_codebook
from extractors.themes.framing import traits_of
from extractors.themes.vocabulary import split_words
from tests.themes.coded import Coded
from tests.themes.fit_framing import Weights, fit, scores_of, standing_weights, tabulate

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


def test_a_bare_question_does_not_judge_and_an_article_closes_with_what_is_wanted() -> None:
    words = split_words("Does the waiting list fall? Who pays?")
    assert traits_of(words, "prose", 0, 20) == pytest.approx(
        {"prose": 1, "short": 1 - len(words.words) / 20, "long": len(words.words) / 80}
        | {"only asks": 1, "opens": 1, "closes": 0}
    )
    told = traits_of(split_words("Who pays? We do."), "prose", 19, 20)
    assert (told["asks"], told["closes"]) == (1, 1)
    assert traits_of(words, "heading", 0, 20) == {"heading": 1}


def test_fitting_learns_from_cases_and_makes_them_likelier() -> None:
    paragraphs = [
        Coded("restated", f"{text} {other}", Paragraph(1, "prose", text), ({theme_id: other},))
        for text, (theme_id, want) in _SAID.items()
        for other in FRAMINGS
        if other in ("context", want)
    ]
    book = read_codebook()
    cases, everything = tabulate(book, paragraphs), np.ones(len(paragraphs), dtype=bool)
    standing = standing_weights(book)

    def likelihood(weights: Weights) -> float:
        scores = scores_of(cases, weights, everything)
        wanted = scores[np.arange(len(scores)), cases.wanted]
        return float((wanted - np.log(np.exp(scores).sum(axis=1))).sum())

    weights = fit(cases, standing, everything)
    nothing = Weights(standing, np.zeros_like(weights.priors), np.zeros_like(weights.words))
    assert likelihood(weights) > likelihood(nothing)
