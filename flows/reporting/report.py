"""The report of a run as a value, and how it reads as a sentence and as markdown."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from extractors.themes import Codebook
from flows.steps.coding import NotSimilar, PutAside
from flows.steps.troubles import TroubledSource
from warehouse.coded import CodedArticle, Loaded


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One article that a run brought or changed, for people: what it is and what was found in it."""

    article_id: str
    outcome: str
    title: str | None
    publisher: str | None
    published_on: date | None
    url: str
    paragraphs: int
    top_themes: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run did, counted in articles, pages or addresses."""

    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    ingested: int = 0
    updated: int = 0
    recoded: int = 0
    duplicates: int = 0
    not_similar: int = 0
    gone: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything a run has to say. `published` is the snapshot that readers have now; None where there is none yet.

    `checks` are invariants of the warehouse that do not hold; `notes` are remarks that are no failures; `unusable` is
    what an operator gave that cannot be used, a file of sources with a fault in it. `reached_nothing` says that sources
    or pages were asked and nobody answered: no network, or a proxy in between.
    """

    flow: str
    started_at: datetime
    finished_at: datetime
    counts: Counts
    articles: tuple[ArticleLine, ...] = ()
    put_aside: tuple[PutAside, ...] = ()
    not_similar: tuple[NotSimilar, ...] = ()
    notes: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    reached_nothing: bool = False
    published: Path | None = None
    republished: bool = False
    sources: tuple[tuple[str, str, str], ...] = ()  # (source_id, status, detail)
    troubled: tuple[TroubledSource, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether the warehouse holds the same articles and findings as before."""
        counts = self.counts
        return not (counts.ingested or counts.updated or counts.recoded or counts.gone or counts.duplicates)

    @property
    def could_do_nothing(self) -> bool:
        """Whether the run had work, and all of it failed."""
        counts = self.counts
        worked = counts.unchanged or counts.fetched or counts.not_similar or not self.changed_nothing
        return counts.failed > 0 and not worked


def summary(report: RunReport) -> str:
    """One line, such as "3 new, 1 updated, 212 unchanged, 2 failed"; zero counts are left out but for the first."""
    counts = report.counts
    parts = [
        f"{counts.ingested} new",
        *(
            f"{number} {word}"
            for number, word in (
                (counts.updated, "updated"),
                (counts.recoded, "recoded"),
                (counts.duplicates, "near-duplicates"),
                (counts.unchanged, "unchanged"),
                (counts.not_similar, "not similar"),
                (counts.gone, "gone"),
                (counts.failed, "failed"),
            )
            if number
        ),
    ]
    return ", ".join(parts)


def markdown(report: RunReport) -> str:
    """The report on the run's page: what came in, what changed, what failed and what to do about it."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    blocks = [f"# {report.flow}: {summary(report)}", f"Took {seconds:.1f} s. {_published(report)}"]
    if report.checks:
        blocks += ["## Checks that do not hold", _bullets(report.checks)]
    if report.articles:
        blocks += ["## What came in or changed", _articles(report)]
    if report.put_aside:
        blocks += ["## What failed, and the way out", _failures(report)]
    if report.not_similar:
        blocks += ["## Read and left out", _left_out(report)]
    if report.sources:
        rows = [f"| {cell(source)} | {cell(status)} | {cell(detail)} |" for source, status, detail in report.sources]
        blocks += ["## Sources", "\n".join(["| source | state | detail |", "| --- | --- | --- |", *rows])]
    if report.notes:
        blocks += ["## Remarks", _bullets(report.notes)]
    return "\n\n".join(blocks) + "\n"


def cell(text: object) -> str:
    """A text that is safe inside a cell of a markdown table, whatever a page put into it."""
    plain = " ".join(str(text).split())
    for character in "\\|`*_[]<>#":
        plain = plain.replace(character, "\\" + character)
    return plain


def _published(report: RunReport) -> str:
    if report.published is None:
        return "No database is published yet."
    if report.republished:
        return f"Readers have the new snapshot: `{report.published}`."
    return f"Nothing changed for readers: `{report.published}` stays as it is."


def _articles(report: RunReport) -> str:
    rows = ["| | article | publisher | date | themes | figures |", "| --- | --- | --- | --- | --- | --- |"]
    for line in report.articles:
        rows.append(
            f"| {line.outcome} | {cell(line.title or line.url)} | {cell(line.publisher or '')} | "
            f"{line.published_on or ''} | {cell(', '.join(line.top_themes))} | {cell(', '.join(line.figures))} |"
        )
    return "\n".join(rows)


def _failures(report: RunReport) -> str:
    rows = ["| stage | what | reason | message |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {fault.stage} | {cell(fault.url)} | {cell(fault.error_type)} | {cell(fault.message)} |"
        for fault in report.put_aside
    ]
    return "\n".join(rows)


def _left_out(report: RunReport) -> str:
    rows = ["| page | relevance | why |", "| --- | --- | --- |"]
    rows += [
        f"| {cell(page.url)} | {page.relevance:.2f} | {cell('; '.join(page.reasons))} |" for page in report.not_similar
    ]
    return "\n".join(rows)


def _bullets(texts: tuple[str, ...]) -> str:
    return "\n".join(f"- {cell(text)}" for text in texts)


TOP_THEMES = 3


def article_line(coded: CodedArticle, loaded: Loaded, codebook: Codebook) -> ArticleLine:
    """What a report says of an article: what it is, its most frequent themes, its figures as the text has them."""
    labels = {theme.theme_id: theme.label for theme in codebook.themes}
    ranked = Counter(mention.theme_id for mention in coded.themes).most_common(TOP_THEMES)
    article = coded.article
    return ArticleLine(
        article_id=coded.article_id,
        outcome=loaded.outcome if coded.duplicate_of is None else f"{loaded.outcome}, near-duplicate",
        title=article.title.value if article.title else None,
        publisher=article.publisher.value if article.publisher else None,
        published_on=article.published.on if article.published else None,
        url=coded.url,
        paragraphs=len(article.paragraphs),
        top_themes=tuple(labels.get(theme_id, theme_id) for theme_id, _ in ranked),
        figures=tuple(figure.surface for figure in coded.figures),
    )
