"""The headlines: they say what the numbers bear out, and no more."""

import pytest

from flows.page.rows import PublisherTheme, SourceCount, ThemeRow, ThemeYear, Totals
from flows.page.sections import (
    attention_finding,
    figures_finding,
    framing_finding,
    publisher_finding,
    sources_finding,
    trend_finding,
)


def theme(label: str, attention: float = 0.2, *, problems: int = 0, benefits: int = 0, contexts: int = 0) -> ThemeRow:
    paragraphs = problems + benefits + contexts
    return ThemeRow(label, label, "", paragraphs, paragraphs, problems, benefits, 0, contexts, attention)


def totals(figures: int, conflicts: int) -> Totals:
    return Totals(3, 0, 1, 0, None, None, 0, 9, 9, figures, 0, conflicts, 0, 0, None, None)


def test_themes_that_nobody_speaks_of_lead_nothing() -> None:
    spoken = [theme("Trust", 0.4, contexts=9), theme("NHS tariffs", 0.1, contexts=2), theme("Capacity", 0.0)]
    assert attention_finding(spoken) == (
        "Trust takes most room: 40% of an article’s paragraphs, then NHS tariffs, 10%"  # an abbreviation stays
    )
    assert attention_finding(spoken[2:]) == "No theme has been found yet"


def test_a_trend_rests_on_years_with_enough_articles() -> None:
    themes = [theme("Trust"), theme("Capacity")]
    rows = [(2019, "Trust", 9, 0.10), (2019, "Capacity", 9, 0.30), (2024, "Trust", 5, 0.12), (2024, "Capacity", 5, 0.2)]
    years = [ThemeYear(*row) for row in rows]
    assert trend_finding(themes, years) == "Capacity lost most: 30% in 2019, 20% in 2024."
    few = [ThemeYear(2025, "Trust", 4, 0.9), ThemeYear(2025, "Capacity", 4, 0.0)]
    assert trend_finding(themes, [*years, *few]) == "Capacity lost most: 30% in 2019, 20% in 2024."
    assert trend_finding(themes, years[:2]) is None
    assert trend_finding(themes[:1], [years[0], years[2]]) is None, "two points are no news"


def test_a_publisher_stands_out_only_with_enough_articles_and_by_enough() -> None:
    themes = [theme("Trust", 0.2)]
    assert publisher_finding(themes, [PublisherTheme("A", "Trust", 5, 0.5), PublisherTheme("B", "Trust", 4, 0.9)]) == (
        "A stands out on trust: 50% of its paragraphs, 20% over all"
    )
    assert publisher_finding(themes, [PublisherTheme("B", "Trust", 4, 0.9)]) == "What each publisher gives room to"
    assert "much the same" in publisher_finding(themes, [PublisherTheme("A", "Trust", 5, 0.22)])
    assert publisher_finding(themes, []) == "No publisher is known yet"


def test_framing_is_told_of_themes_with_enough_paragraphs() -> None:
    themes = [
        theme("Trust", problems=4, contexts=1),
        theme("Value", benefits=5, problems=1),
        theme("Access", problems=4),  # too few
    ]
    assert framing_finding(themes) == "Trust is most often put as a problem (80%), value as a benefit (83%)"
    assert framing_finding(themes[2:]) == "Too little is written yet to tell how themes are put"
    assert framing_finding([theme("Data", contexts=7)]) == "Themes are described without judgement so far"


def test_figures_that_contradict_each_other_are_news() -> None:
    assert figures_finding(totals(0, 0)) == "No figure has been stated yet"
    assert figures_finding(totals(1, 0)) == "1 figure in 3 articles"
    assert figures_finding(totals(2400, 1)) == "2,400 figures, which contradict each other on 1 subject"


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({}, "No source is watched: the articles come from the seeds"),
        ({"new": 45}, "45 sources to watch, not checked yet"),
        ({"ok": 1}, "1 of 1 watched source is well"),
        ({"ok": 44, "new": 1}, "44 of 45 watched sources are well, 1 not checked yet"),
        ({"ok": 40, "unreachable": 1, "new": 4}, "1 of 45 watched sources needs a look"),
        ({"forbidden": 1, "nothing_found": 2}, "3 of 3 watched sources need a look"),
    ],
)
def test_sources_are_well_only_once_they_were_checked(states: dict[str, int], said: str) -> None:
    assert sources_finding([SourceCount(*state) for state in states.items()]) == said
