"""The parts of the page as plain values, ready for the template: made from rows, with all wording done."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from flows.page import charts, wording
from flows.page.charts import FEW_ARTICLES, draw
from flows.page.rows import (
    FigureRow,
    PageRows,
    PassageRow,
    PublisherTheme,
    SeriesPoint,
    SourceCount,
    SourceRow,
    ThemeRow,
    ThemeYear,
    Totals,
)
from flows.page.wording import Excerpt, counted, excerpt, percent, plain, published, web_address

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


# Charts go back this far; the views have everything.
MOST_YEARS = 24
# Upper bounds of the shades of a table's cells, as shares.
_SHADES = (0.0, 0.05, 0.10, 0.20, 0.35)
_FIGURES_AT_FIRST = 9
_PASSAGES_AT_FIRST = 2
_LONGEST_MEASURE = 90
_FEW_SOURCES = 12
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article to name and, where its address is one of the web, to link to; `lang` only where it is not English."""

    title: str
    url: str | None
    byline: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The numbers of a chart."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A theme's small chart."""

    label: str
    definition: str
    share: str
    articles: str
    chart: Markup | None


@dataclass(frozen=True, slots=True)
class Years:
    """Themes over time."""

    tiles: tuple[Tile, ...]
    table: ChartTable | None
    pale: bool
    left_out: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A shaded cell; `shade` from 0, nothing, to 5."""

    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class Publishers:
    """Themes by publisher: a shaded table."""

    names: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    left_out: str | None


@dataclass(frozen=True, slots=True)
class Framing:
    """How themes are put."""

    wide: Markup
    narrow: Markup
    table: ChartTable


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure with its evidence."""

    headline: str
    measure: str | None
    facts: tuple[str, ...]
    passage: Excerpt
    article: ArticleLink


@dataclass(frozen=True, slots=True)
class Series:
    """One subject at several times."""

    subject: str
    chart: Markup
    points: tuple[tuple[str, str, ArticleLink], ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two statements that cannot both be right."""

    subject: str
    period: str
    one: tuple[str, ArticleLink]
    other: tuple[str, ArticleLink]


@dataclass(frozen=True, slots=True)
class ThemeQuote:
    """A passage on a theme."""

    framing: str
    passage: Excerpt
    article: ArticleLink


@dataclass(frozen=True, slots=True)
class SpokenQuote:
    """Somebody's words; `speaker` with the organisation that the role names."""

    speaker: str
    passage: Excerpt
    article: ArticleLink


@dataclass(frozen=True, slots=True)
class ThemePassages:
    """A theme's best passages: those shown at once, and the rest."""

    label: str
    definition: str
    counts: str
    quotes: tuple[ThemeQuote, ...]
    more: tuple[ThemeQuote, ...]


def article_link(
    title: str | None,
    url: str,
    publisher: str | None,
    on: date | None,
    precision: str | None,
    language: str | None = None,
) -> ArticleLink:
    """The article as the page names it."""
    byline = f"{plain(publisher, 80) or 'unknown publisher'}, {wording.published(on, precision)}"
    foreign = language if language and language != "en" and _LANGUAGE.fullmatch(language) else None
    return ArticleLink(plain(title, 200) or plain(url, 120), web_address(url), byline, foreign)


def years(rows: PageRows) -> Years:
    """Themes over time, a small chart each; the table has the same numbers."""
    known = sorted({row.year for row in rows.theme_years})
    shown = [year for year in known if year > (known[-1] - MOST_YEARS)] if known else []
    spoken = [theme for theme in rows.themes if theme.paragraphs]
    bars: dict[str, list[charts.YearBar]] = defaultdict(list)
    for row in rows.theme_years:
        if row.year in shown:
            bars[row.theme_id].append(charts.YearBar(row.year, row.attention, row.articles))
    tiles = tuple(_tile(theme, bars[theme.theme_id], shown) for theme in spoken)
    pale = any(bar.articles < charts.FEW_ARTICLES for found in bars.values() for bar in found)
    return Years(
        tiles, _years_table(spoken, bars, shown) if shown else None, pale, _undated(rows, len(known) - len(shown))
    )


def publishers(rows: PageRows) -> Publishers:
    """Themes by publisher as shaded shares."""
    share = {(cell.publisher, cell.theme_id): cell.attention for cell in rows.publisher_themes}
    articles = {cell.publisher: cell.articles for cell in rows.publisher_themes}
    lines = tuple(
        (theme.label, tuple(_cell(share[name, theme.theme_id]) for name in articles))
        for theme in rows.themes
        if theme.paragraphs
    )
    names = tuple((plain(name, 60), f"{number:,}") for name, number in articles.items())
    others = rows.totals.publishers - len(articles)
    left_out = f"{wording.counted(others, 'publisher')} with fewer articles left out." if others > 0 else None
    return Publishers(names, lines, left_out)


def framing(rows: PageRows) -> Framing | None:
    """How each theme is put, those put most as a problem first; None where no theme is spoken of."""
    spoken = sorted(
        (theme for theme in rows.themes if theme.paragraphs),
        key=lambda theme: (-theme.problems / theme.paragraphs, theme.benefits / theme.paragraphs, theme.label),
    )
    if not spoken:
        return None
    bars = [charts.FramingBar(t.label, (t.problems, t.proposals, t.contexts, t.benefits)) for t in spoken]
    title = "How each theme is put"
    described = "; ".join(f"{bar.label}: {_in_words(bar)}" for bar in bars)
    wide, narrow = (
        draw(charts.framing_chart(bars, narrow=form == "narrow"), f"framing-{form}", title, described)
        for form in ("wide", "narrow")
    )
    table = ChartTable(
        "Paragraphs on each theme by how they put it",
        ("Theme", *(name.capitalize() for name in charts.FRAMINGS), "All"),
        tuple((bar.label, *(f"{count:,}" for count in bar.counts), f"{bar.total:,}") for bar in bars),
    )
    return Framing(wide, narrow, table)


def figure_cards(rows: PageRows) -> tuple[tuple[FigureCard, ...], tuple[FigureCard, ...]]:
    """The most telling figures with their evidence: those shown at once, and the rest."""
    cards = tuple(_card(row) for row in rows.figures)
    return cards[:_FIGURES_AT_FIRST], cards[_FIGURES_AT_FIRST:]


def series(rows: PageRows) -> tuple[Series, ...]:
    """Subjects that are stated for several times."""
    grouped = groupby(rows.series, key=lambda point: (point.subject, point.kind, point.unit))
    return tuple(_series(number, list(points)) for number, (_, points) in enumerate(grouped))


def disagreements(rows: PageRows) -> tuple[Disagreement, ...]:
    """Statements that cannot both be right."""
    return tuple(
        Disagreement(
            plain(row.subject, 120),
            wording.period(row.period_start, row.period_end),
            (wording.quantity(row.value_a, row.unit, "exact"), _stated_by(row.publisher_a, row.url_a)),
            (wording.quantity(row.value_b, row.unit, "exact"), _stated_by(row.publisher_b, row.url_b)),
        )
        for row in rows.conflicts
    )


def passages(rows: PageRows) -> tuple[ThemePassages, ...]:
    """The best passages of each theme, in the order of the themes."""
    found: dict[str, list[ThemeQuote]] = defaultdict(list)
    for row in rows.passages:
        found[row.theme_id].append(_quote(row))
    return tuple(
        ThemePassages(
            theme.label,
            theme.definition,
            f"{wording.counted(theme.paragraphs, 'paragraph')} in {wording.counted(theme.articles, 'article')}",
            tuple(found[theme.theme_id][:_PASSAGES_AT_FIRST]),
            tuple(found[theme.theme_id][_PASSAGES_AT_FIRST:]),
        )
        for theme in rows.themes
        if found[theme.theme_id]
    )


def said(rows: PageRows) -> tuple[SpokenQuote, ...]:
    """The latest words of people and organisations that are named."""
    return tuple(
        SpokenQuote(
            f"{row.speaker}, {row.speaks_for}" if row.speaks_for and row.speaks_for != row.speaker else row.speaker,
            excerpt(row.paragraph, row.char_start, row.char_end),
            article_link(row.title, row.url, row.publisher, row.published_on, row.published_precision, row.language),
        )
        for row in rows.said
    )


def sources(rows: PageRows) -> tuple[tuple[SourceRow, ...], tuple[SourceRow, ...]]:
    """The sources to show at once, and the rest: all at once if they are few, else those that need a look."""
    if len(rows.sources) <= _FEW_SOURCES:
        return rows.sources, ()
    poor = tuple(row for row in rows.sources if row.enabled and row.status not in WELL)
    return poor, tuple(row for row in rows.sources if row not in poor)


def _tile(theme: ThemeRow, bars: Sequence[charts.YearBar], shown: Sequence[int]) -> Tile:
    chart = None
    if shown:
        described = ", ".join(f"{bar.year} {wording.percent(bar.attention)}" for bar in bars)
        spec = charts.years_chart(bars, shown[0], shown[-1])
        chart = draw(spec, f"years-{_ident(theme.theme_id)}", f"{theme.label} by year", described)
    articles = wording.counted(theme.articles, "article")
    return Tile(theme.label, theme.definition, wording.percent(theme.attention), articles, chart)


def _years_table(themes: Iterable[ThemeRow], bars: dict[str, list[charts.YearBar]], shown: Sequence[int]) -> ChartTable:
    shares = {(key, bar.year): wording.percent(bar.attention) for key, found in bars.items() for bar in found}
    articles = {bar.year: f"{bar.articles:,}" for found in bars.values() for bar in found}
    lines = [(theme.label, *(shares[theme.theme_id, year] for year in shown)) for theme in themes]
    lines.append(("Articles", *(articles[year] for year in shown)))
    caption = "Mean share of an article’s paragraphs that speak of the theme, by year of publication"
    return ChartTable(caption, ("Theme", *map(str, shown)), tuple(lines))


def _undated(rows: PageRows, earlier: int) -> str | None:
    parts = []
    if rows.totals.undated:
        parts.append(f"{wording.counted(rows.totals.undated, 'article')} without a date left out.")
    if earlier:
        parts.append(f"{wording.counted(earlier, 'earlier year')} left out.")
    return " ".join(parts) or None


def _cell(share: float) -> Cell:
    return Cell(wording.percent(share).removesuffix("%") if share else "–", sum(share > bound for bound in _SHADES))


def _in_words(bar: charts.FramingBar) -> str:
    return ", ".join(f"{name} {count}" for name, count in zip(charts.FRAMINGS, bar.counts, strict=True) if count)


def _card(row: FigureRow) -> FigureCard:
    facts = []
    if when := wording.period(row.period_start, row.period_end):
        facts.append(when)
    if row.changed_from:
        facts.append(f"from {plain(row.changed_from, 60)}")
    elif row.change:
        facts.append(row.change)
    if row.attribution:
        facts.append(f"according to “{plain(row.attribution, 90)}”")
    article = article_link(row.title, row.url, row.publisher, row.published_on, row.published_precision, row.language)
    passage = excerpt(row.sentence, row.mark_start, row.mark_end)
    return FigureCard(plain(passage.mark, 60), _measure(row), tuple(facts), passage, article)


def _measure(row: FigureRow) -> str | None:
    """What the figure measures, unless that is most of the sentence, which is shown anyway."""
    measure = plain(row.measure)
    return measure if measure and len(measure) <= _LONGEST_MEASURE and len(measure) < len(row.sentence) * 0.6 else None


def _series(number: int, points: Sequence[SeriesPoint]) -> Series:
    subject = plain(points[0].subject, 120)
    labels = [wording.period(point.period_start, point.period_end) for point in points]
    values = [wording.quantity(point.value, point.unit, point.qualifier) for point in points]
    bars = [charts.ValueBar(*bar) for bar in zip(labels, (point.value for point in points), values, strict=True)]
    described = ", ".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    links = [article_link(p.title, p.url, p.publisher, p.published_on, None) for p in points]
    chart = draw(charts.values_chart(bars), f"series-{number}", subject, described)
    return Series(subject, chart, tuple(zip(labels, values, links, strict=True)))


def _stated_by(publisher: str | None, url: str) -> ArticleLink:
    return ArticleLink(plain(publisher, 80) or plain(url, 80), web_address(url), "")


def _quote(row: PassageRow) -> ThemeQuote:
    article = article_link(row.title, row.url, row.publisher, row.published_on, row.published_precision, row.language)
    return ThemeQuote(row.framing, excerpt(row.sentence, row.mark_start, row.mark_end), article)


def _ident(theme_id: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", theme_id.lower())


_LIMIT = 320


def search_index(rows: PageRows) -> Markup:
    """JSON for a script element that is data: `articles` as [title, publisher, date, address, themes], `figures` as
    [article, before, mark, after] and `passages` as [article, theme, framing, before, mark, after], where `article` is
    the place in `articles`. Nothing in it can end the element.
    """
    place = {article.article_id: number for number, article in enumerate(rows.search_articles)}
    index = {
        "articles": [
            [
                plain(article.title, 200),
                plain(article.publisher, 80),
                published(article.published_on, article.published_precision),
                web_address(article.url) or "",
                ", ".join(article.top_themes),
            ]
            for article in rows.search_articles
        ],
        "figures": [
            [place[row.article_id], *_parts(row.sentence, row.mark_start, row.mark_end)] for row in rows.search_figures
        ],
        "passages": [
            [place[row.article_id], row.theme, row.framing, *_parts(row.sentence, row.mark_start, row.mark_end)]
            for row in rows.search_passages
        ],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  no "<" is left, so it cannot leave its element


def _parts(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    parts = excerpt(sentence, start, end, _LIMIT)
    return parts.before, parts.mark, parts.after
