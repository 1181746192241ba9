"""Names of bodies and programmes are no themes; what is said of such bodies still is."""

import pytest

from extractors.article.model import Paragraph
from extractors.themes import code_themes


def themes(text: str) -> set[str]:
    return {mention.theme_id for mention in code_themes([Paragraph(1, "prose", text)])}


@pytest.mark.parametrize(
    "text",
    [
        "She chaired the Harland and Wick Clinical Commissioning Group until the spring.",
        "He then moved to the Brackley Community Partnership as a clerk.",
        "Ms Orme is a trustee of the Mapleford Integration Trust.",
        "The talk was given at the Selby Institute for Data and Innovation.",
    ],
)
def test_a_name_carries_no_theme(text: str) -> None:
    assert themes(text) == set()


def test_a_word_beside_a_name_keeps_its_theme() -> None:
    assert "procurement" in themes("The Royal Arden Hospitals Trust put the contract out to tender again.")


def test_a_heading_with_capitals_throughout_is_no_name() -> None:
    heading = [Paragraph(1, "heading", "Building Trust Between The Sectors")]
    assert "trust" in {mention.theme_id for mention in code_themes(heading)}
