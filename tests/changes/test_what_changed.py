"""An edit's record names what changed in figures and themes, and nothing that only moved."""

from dataclasses import replace
from datetime import date

from extractors.article.model import Paragraph
from extractors.changes import Changes, Version, describe, what_changed
from extractors.figures.model import Figure, FigureKind, Period
from extractors.themes.model import Framing, ThemeMention

SPENDING = "Commissioners spent £2.1bn on independent providers last year, a little more than they had planned."
WAITING = "By March 310,000 people had waited for more than a year, and few of them had been offered a choice."
CHARGES = "Trusts pay a unitary charge of £31m a year on a building that cost £90m to put up."


def version(*texts: str, figures: tuple[Figure, ...] = (), themes: tuple[ThemeMention, ...] = ()) -> Version:
    return Version(
        tuple(Paragraph(number, "prose", text) for number, text in enumerate(texts, start=1)), figures, themes
    )


def figure(
    paragraph_no: int,
    text: str,
    surface: str,
    value: float,
    *,
    kind: FigureKind = "money",
    unit: str = "GBP",
    measure: str | None = None,
) -> Figure:
    start = text.index(surface)
    return Figure(
        paragraph_no=paragraph_no,
        char_start=start,
        char_end=start + len(surface),
        surface=surface,
        kind=kind,
        value=value,
        value_low=value,
        value_high=value,
        unit=unit,
        qualifier="exact",
        period=None,
        measure=measure,
        base=None,
        change=None,
        change_from=None,
        attribution=None,
    )


def theme(paragraph_no: int, theme_id: str, framing: Framing = "context") -> ThemeMention:
    return ThemeMention(paragraph_no, theme_id, framing, 1.0, "x", 0, 1, ("x",))


def test_the_same_version_has_no_changes() -> None:
    same = version(SPENDING, figures=(figure(1, SPENDING, "£2.1bn", 2.1e9),), themes=(theme(1, "incentives"),))
    changes = what_changed(same, same)
    assert not changes
    assert describe(changes) == ()


def test_a_corrected_value_is_a_change_of_that_figure() -> None:
    corrected = SPENDING.replace("£2.1bn", "£2.4bn")
    before, after = figure(1, SPENDING, "£2.1bn", 2.1e9), figure(1, corrected, "£2.4bn", 2.4e9)
    changes = what_changed(version(SPENDING, figures=(before,)), version(corrected, figures=(after,)))
    assert [(c.old, c.new, c.fields) for c in changes.figures_changed] == [
        (before, after, ("value", "value_low", "value_high"))
    ]
    assert not changes.figures_added
    assert not changes.figures_removed
    assert describe(changes) == ("figure in paragraph 1: '£2.1bn' became '£2.4bn' (value, value_low, value_high)",)


def test_a_period_that_is_put_right_is_a_change_though_the_value_stays() -> None:
    before = replace(
        figure(1, SPENDING, "£2.1bn", 2.1e9), period=Period(date(2022, 4, 1), date(2023, 3, 31), "last year")
    )
    after = replace(before, period=Period(date(2021, 4, 1), date(2022, 3, 31), "last year"))
    changes = what_changed(version(SPENDING, figures=(before,)), version(SPENDING, figures=(after,)))
    assert [c.fields for c in changes.figures_changed] == [("period",)]


def test_a_paragraph_put_in_front_moves_everything_and_changes_nothing() -> None:
    before = version(
        SPENDING, WAITING, figures=(figure(1, SPENDING, "£2.1bn", 2.1e9),), themes=(theme(2, "capacity", "problem"),)
    )
    after = version(
        "This article was first published elsewhere.",
        SPENDING,
        WAITING,
        figures=(figure(2, SPENDING, "£2.1bn", 2.1e9),),
        themes=(theme(3, "capacity", "problem"),),
    )
    assert not what_changed(before, after)


def test_paragraphs_that_swap_places_change_nothing() -> None:
    before = version(
        SPENDING,
        CHARGES,
        figures=(figure(1, SPENDING, "£2.1bn", 2.1e9), figure(2, CHARGES, "£31m", 31e6)),
        themes=(theme(1, "incentives"), theme(2, "capital", "problem")),
    )
    after = version(
        CHARGES,
        SPENDING,
        figures=(figure(1, CHARGES, "£31m", 31e6), figure(2, SPENDING, "£2.1bn", 2.1e9)),
        themes=(theme(1, "capital", "problem"), theme(2, "incentives")),
    )
    assert not what_changed(before, after)


def test_a_sentence_moved_into_another_paragraph_takes_its_figure_along() -> None:
    joined = f"{WAITING} {SPENDING}"
    before = version(SPENDING, WAITING, figures=(figure(1, SPENDING, "£2.1bn", 2.1e9),))
    after = version(joined, figures=(figure(1, joined, "£2.1bn", 2.1e9),))
    changes = what_changed(before, after)
    assert not changes.figures_added
    assert not changes.figures_removed


def test_two_figures_of_one_paragraph_are_not_mixed_up() -> None:
    edited = CHARGES.replace("£31m", "£38m")
    before = version(CHARGES, figures=(figure(1, CHARGES, "£31m", 31e6), figure(1, CHARGES, "£90m", 90e6)))
    after = version(edited, figures=(figure(1, edited, "£38m", 38e6), figure(1, edited, "£90m", 90e6)))
    changes = what_changed(before, after)
    assert [(c.old.surface, c.new.surface) for c in changes.figures_changed] == [("£31m", "£38m")]


def test_a_new_figure_and_a_dropped_one_are_not_one_that_changed() -> None:
    before = version(SPENDING, figures=(figure(1, SPENDING, "£2.1bn", 2.1e9),))
    after = version(WAITING, figures=(figure(1, WAITING, "310,000", 310_000, kind="count", unit="person"),))
    changes = what_changed(before, after)
    assert [f.surface for f in changes.figures_added] == ["310,000"]
    assert [f.surface for f in changes.figures_removed] == ["£2.1bn"]
    assert changes.figures_changed == ()


def test_a_like_figure_about_something_else_elsewhere_is_another_figure() -> None:
    before = version(SPENDING, WAITING, figures=(figure(1, SPENDING, "£2.1bn", 2.1e9),))
    after = version(WAITING, CHARGES, figures=(figure(2, CHARGES, "£31m", 31e6),))
    changes = what_changed(before, after)
    assert [f.surface for f in changes.figures_removed] == ["£2.1bn"]
    assert [f.surface for f in changes.figures_added] == ["£31m"]


def test_themes_added_removed_and_framed_otherwise() -> None:
    edited = WAITING.replace("few of them", "almost none of them")
    before = version(SPENDING, WAITING, themes=(theme(1, "incentives"), theme(2, "capacity")))
    after = version(SPENDING, edited, themes=(theme(2, "capacity", "problem"), theme(2, "patient_access", "problem")))
    changes = what_changed(before, after)
    assert [t.theme_id for t in changes.themes_removed] == ["incentives"]
    assert [t.theme_id for t in changes.themes_added] == ["patient_access"]
    assert [(c.old.framing, c.new.framing) for c in changes.framings_changed] == [("context", "problem")]
    assert describe(changes) == (
        "theme added in paragraph 2: patient_access (problem)",
        "theme removed from paragraph 1: incentives",
        "theme capacity in paragraph 2: framed as context, now as problem",
    )


def test_a_rewritten_paragraph_loses_its_themes_and_brings_its_own() -> None:
    before = version(SPENDING, themes=(theme(1, "incentives"),))
    after = version(CHARGES, themes=(theme(1, "incentives"),))
    changes = what_changed(before, after)
    assert [t.theme_id for t in changes.themes_removed] == ["incentives"]
    assert [t.theme_id for t in changes.themes_added] == ["incentives"]


def test_typography_alone_changes_no_measure() -> None:
    before = figure(1, SPENDING, "£2.1bn", 2.1e9, measure="spending on providers' care")
    after = replace(before, measure="Spending on providers’ care")
    assert not what_changed(version(SPENDING, figures=(before,)), version(SPENDING, figures=(after,)))


def test_empty_versions_have_no_changes() -> None:
    assert what_changed(version(), version()) == Changes((), (), (), (), (), ())
