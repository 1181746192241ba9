"""The sentence over each part of the page: what its numbers come to, said only where they bear it out."""

from collections.abc import Sequence

from flows.page.charts import FEW_ARTICLES
from flows.page.rows import PublisherTheme, SourceCount, ThemeRow, ThemeYear, Totals
from flows.page.wording import counted, percent, plain

# Fewer paragraphs than this do not tell how a theme is put.
_FEW_PARAGRAPHS = 5
# A difference between mean shares smaller than three points is not worth a headline.
_NOTABLE = 0.03
WELL = frozenset({"ok", "new"})


def attention_finding(themes: Sequence[ThemeRow]) -> str:
    """Which themes take most room."""
    spoken = [theme for theme in themes if theme.paragraphs]
    if not spoken:
        return "No theme has been found yet"
    first = f"{spoken[0].label} takes most room: {percent(spoken[0].attention)} of an article’s paragraphs"
    return first + (f", then {_within(spoken[1].label)}, {percent(spoken[1].attention)}" if len(spoken) > 1 else "")


def trend_finding(themes: Sequence[ThemeRow], years: Sequence[ThemeYear]) -> str | None:
    """The theme that changed most between the first and the last year with enough articles; None if none did."""
    sure = sorted({row.year for row in years if row.articles >= FEW_ARTICLES})
    if len(sure) < 2:
        return None
    share = {(row.theme_id, row.year): row.attention for row in years}
    first, last = sure[0], sure[-1]
    moves = [(share[theme.theme_id, last] - share[theme.theme_id, first], theme) for theme in themes]
    move, theme = max(moves, key=lambda entry: (abs(entry[0]), entry[1].theme_id))
    if abs(move) < _NOTABLE:
        return None
    before, after = (percent(share[theme.theme_id, year]) for year in (first, last))
    return f"{theme.label} {'gained' if move > 0 else 'lost'} most: {before} in {first}, {after} in {last}."


def publisher_finding(themes: Sequence[ThemeRow], cells: Sequence[PublisherTheme]) -> str:
    """Who departs furthest from the rest, and in what."""
    overall = {theme.theme_id: theme for theme in themes}
    if not cells:
        return "No publisher is known yet"
    sure = [cell for cell in cells if cell.articles >= FEW_ARTICLES]
    if not sure:
        return "What each publisher gives room to"
    leads = [(cell.attention - overall[cell.theme_id].attention, cell.publisher, cell.theme_id, cell) for cell in sure]
    lead, *_, ahead = max(leads, key=lambda entry: entry[:3])
    if lead < _NOTABLE:
        return "All publishers give the themes much the same room"
    theme = overall[ahead.theme_id]
    return (
        f"{plain(ahead.publisher, 80)} stands out on {_within(theme.label)}: {percent(ahead.attention)} of its "
        f"paragraphs, {percent(theme.attention)} over all"
    )


def framing_finding(themes: Sequence[ThemeRow]) -> str:
    """Which theme is put most as a problem, and which most as a benefit."""
    enough = [theme for theme in themes if theme.paragraphs >= _FEW_PARAGRAPHS]
    if not enough:
        return "Too little is written yet to tell how themes are put"
    worst = max(enough, key=lambda theme: (theme.problems / theme.paragraphs, theme.theme_id))
    best = max(enough, key=lambda theme: (theme.benefits / theme.paragraphs, theme.theme_id))
    parts = []
    if worst.problems:
        parts.append(f"{worst.label} is most often put as a problem ({percent(worst.problems / worst.paragraphs)})")
    if best.benefits and best is not worst:
        parts.append(f"{_within(best.label)} as a benefit ({percent(best.benefits / best.paragraphs)})")
    return ", ".join(parts) or "Themes are described without judgement so far"


def figures_finding(totals: Totals) -> str:
    """How many figures there are, and on how many subjects they contradict each other."""
    if not totals.figures:
        return "No figure has been stated yet"
    if totals.conflicts:
        figures, subjects = counted(totals.figures, "figure"), counted(totals.conflicts, "subject")
        return f"{figures}, which contradict each other on {subjects}"
    return f"{counted(totals.figures, 'figure')} in {counted(totals.articles, 'article')}"


def sources_finding(states: Sequence[SourceCount]) -> str:
    """How many sources need a look, and how many were never checked."""
    number = {state.status: state.sources for state in states}
    watched, well, unchecked = sum(number.values()), number.get("ok", 0), number.get("new", 0)
    if not watched:
        return "No source is watched: the articles come from the seeds"
    if poor := watched - well - unchecked:
        return f"{poor} of {counted(watched, 'watched source')} {'needs' if poor == 1 else 'need'} a look"
    if not well:
        return f"{counted(watched, 'source')} to watch, not checked yet"
    return f"{well} of {counted(watched, 'watched source')} {'is' if well == 1 else 'are'} well" + (
        f", {unchecked} not checked yet" if unchecked else ""
    )


def _within(label: str) -> str:
    """A theme's name within a sentence: its first letter small, unless it begins with an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
