"""What each theme takes in and leaves out, by the limits of docs/codebook.md."""

import tomllib
from pathlib import Path

import pytest

from extractors.article.model import Paragraph, ParagraphKind
from extractors.themes import code_themes

_LIMITS = tomllib.loads(Path(__file__).with_name("limits.toml").read_text(encoding="utf-8"))


def coded(text: str, kind: ParagraphKind = "prose") -> dict[str, str]:
    return {mention.theme_id: mention.framing for mention in code_themes([Paragraph(1, kind, text)])}


def kind_of(text: str) -> ParagraphKind:
    return "prose" if text.endswith((".", "?", "!")) else "heading"


@pytest.mark.parametrize(
    ("theme", "text"), [(theme, text) for theme, limits in _LIMITS.items() for text in limits["must"]]
)
def test_sentence_within_a_themes_limits_is_coded(theme: str, text: str) -> None:
    assert theme in coded(text, kind_of(text))


@pytest.mark.parametrize(
    ("theme", "text"), [(theme, text) for theme, limits in _LIMITS.items() for text in limits["must_not"]]
)
def test_sentence_outside_a_themes_limits_is_not_coded(theme: str, text: str) -> None:
    assert theme not in coded(text, kind_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "What would help?",
        "Where next?",
        "Read the full report",
        "Yours sincerely,",
        "By a staff writer",
        "The NHS Long Term Plan",
        "Patients",
    ],
)
def test_furniture_generic_headings_and_bare_names_carry_no_theme(text: str) -> None:
    assert coded(text, "heading") == {}


def test_heading_that_names_a_subject_is_context_and_one_that_judges_is_not() -> None:
    assert coded("Contracts and tendering", "heading")["procurement"] == "context"
    assert coded("The shame of PFI", "heading")["capital"] == "problem"


@pytest.mark.parametrize(
    ("theme", "framing", "text"),
    [
        (
            "workforce",
            "problem",
            "Private clinics are poaching nurses, and the shortage of staff gets worse each year.",
        ),
        ("transparency", "proposal", "Ministers should publish every contract, and let the public see what was paid."),
        ("capacity", "benefit", "The new hubs have been a great success: waiting times have fallen by half."),
        (
            "procurement",
            "context",
            "The framework was introduced in 2021; the tender notice was published in May 2022.",
        ),
        ("value", "problem", "The deal was a scandalous waste of taxpayers' money."),
        ("governance", "proposal", "A joint board must be set up to oversee the partnership."),
        ("data", "proposal", "Share the data with both sectors, and measure outcomes in the same way."),
        ("quality", "benefit", "Care at these hospitals is excellent, and inspectors rated most of them outstanding."),
    ],
)
def test_framing_follows_evaluation_and_obligation(theme: str, framing: str, text: str) -> None:
    assert coded(text)[theme] == framing


def test_negated_praise_is_criticism() -> None:
    text = "The treatment centres were {} a success: patient safety is what counts."
    assert coded(text.format(""))["quality"] == "benefit"
    assert coded(text.format("never"))["quality"] == "problem"


def test_call_that_opens_the_paragraph_outweighs_the_lack_that_follows() -> None:
    call, lack = "Train more nurses in both sectors.", "The shortage of staff is a problem."
    assert coded(f"{lack} The vacancies grow worse.")["workforce"] == "problem"
    text = f"{call} {lack}"
    assert coded(text)["workforce"] == "proposal"
