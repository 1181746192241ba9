"""What a run tells of itself: its report in words, artifacts and events of the server, and progress at the terminal.

Prefect reads the environment when it is imported, and commands import this module before they have set that up
(`flows.server.prepare_environment`). So it is imported where it is used.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from duckdb import DuckDBPyConnection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from extractors.themes import Codebook
from flows.steps.troubles import TroubledSource
from warehouse.coded import CodedArticle, Loaded, NotSimilar, PutAside
from warehouse.sql import statements


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
    skipped: tuple[tuple[str, str], ...] = ()  # (what, why)
    notes: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    reached_nothing: bool = False
    published: Path | None = None
    readers: str = ""  # where readers find what is published
    republished: bool = False
    sources: tuple[tuple[str, str, str], ...] = ()  # (source_id, status, detail)
    troubled: tuple[TroubledSource, ...] = ()

    @property
    def where(self) -> str:
        """Where readers find what is published, for people."""
        return self.readers or str(self.published)

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
    if report.skipped:
        blocks += ["## Skipped", _bullets(skipped_lines(report.skipped))]
    if report.sources:
        rows = [f"| {cell(source)} | {cell(status)} | {cell(detail)} |" for source, status, detail in report.sources]
        blocks += ["## Sources", "\n".join(["| source | state | detail |", "| --- | --- | --- |", *rows])]
    if report.notes:
        blocks += ["## Remarks", _bullets(report.notes)]
    return "\n\n".join(blocks) + "\n"


_MOST_SKIPPED = 10


def skipped_lines(skipped: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What was skipped, a line a reason: how many, why, and the first of them by name."""
    by_reason: dict[str, list[str]] = {}
    for what, why in skipped:
        by_reason.setdefault(why, []).append(what)
    return tuple(
        f"{len(names)} skipped: {why}: {', '.join(names[:_MOST_SKIPPED])}{' ...' if names[_MOST_SKIPPED:] else ''}"
        for why, names in sorted(by_reason.items(), key=lambda one: (-len(one[1]), one[0]))
    )


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
        return f"Readers have the new snapshot: `{report.where}`."
    return f"Nothing changed for readers: `{report.where}` stays as it is."


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


EVENT_PREFIX = "commentary"
_MAX_ROWS = 500


class ProgressBar:
    """The bar on a run's page. Each update costs the server tens of milliseconds, so it moves in whole steps."""

    def __init__(self, description: str) -> None:
        from prefect.artifacts import create_progress_artifact  # noqa: PLC0415  see above

        self.percent = 0.0
        made = create_progress_artifact(progress=0.0, key="progress", description=description)
        self._id = cast("UUID", made)  # a coroutine only where an event loop runs

    def reach(self, percent: float) -> None:
        """Move the bar to `percent`; a move of less than five points is not worth a request."""
        from prefect.artifacts import update_progress_artifact  # noqa: PLC0415  see above

        if percent - self.percent >= 5 or percent >= 100 > self.percent:
            self.percent = percent
            update_progress_artifact(self._id, progress=min(percent, 100.0))


def leave_artifacts(report: RunReport, report_url: str = "", charts: str | None = None) -> None:
    """Put the report, the key charts, the articles and the failures on the run's page.

    The page report.html is a file of the machine that ran, which a browser does not open from another page: it is
    linked where `report_url` says that a web server serves it, else its path is told.
    """
    from prefect import artifacts  # noqa: PLC0415  see above

    artifacts.create_markdown_artifact(markdown(report), key="report", description=summary(report))
    page = report.published.with_name("report.html") if report.published else None
    if charts is not None:
        told = report_url or (f"`{page.absolute()}`" if page is not None and page.exists() else "`commentary report`")
        artifacts.create_markdown_artifact(
            f"{charts}\nThe whole page: {told}\n", key="charts", description="What there is now"
        )
    if report.articles:
        artifacts.create_table_artifact(_article_rows(report), key="articles", description="What came in or changed")
    if report.put_aside:
        artifacts.create_table_artifact(
            _failure_rows(report), key="failures", description="What failed, and the way out"
        )
    if report_url:
        artifacts.create_link_artifact(report_url, key="page", link_text="The page to look at (report.html)")


def emit_events(report: RunReport) -> None:
    """Tell automations of new articles, quiet or broken sources, and checks that do not hold (docs/operations.md)."""
    for line in report.articles:
        if line.outcome == "new":
            payload = {
                "title": line.title,
                "publisher": line.publisher,
                "url": line.url,
                "themes": list(line.top_themes),
            }
            _emit("article.new", f"article.{line.article_id}", line.title or line.url, payload)
    for source_id, trouble, detail in report.troubled:
        _emit(f"source.{trouble}", f"source.{source_id}", source_id, {"detail": detail})
    for check in report.checks:
        _emit("check.failed", "warehouse", "warehouse", {"check": check})


def _emit(event: str, resource: str, name: str, payload: dict[str, Any]) -> None:
    from prefect.events import emit_event  # noqa: PLC0415  see above

    emit_event(
        event=f"{EVENT_PREFIX}.{event}",
        resource={
            "prefect.resource.id": f"{EVENT_PREFIX}.{resource}",
            "prefect.resource.name": name[:200],
        },
        payload=payload,
    )


def _article_rows(report: RunReport) -> list[dict[str, Any]]:
    return [
        {
            "outcome": line.outcome,
            "article": line.title or line.url,
            "publisher": line.publisher,
            "published": line.published_on.isoformat() if line.published_on else None,
            "top themes": ", ".join(line.top_themes),
            "figures": ", ".join(line.figures),
            "address": line.url,
        }
        for line in report.articles[:_MAX_ROWS]
    ]


def _failure_rows(report: RunReport) -> list[dict[str, Any]]:
    return [
        {"stage": fault.stage, "what": fault.url, "reason": fault.error_type, "message": fault.message}
        for fault in report.put_aside[:_MAX_ROWS]
    ]


class Listener(Protocol):
    """Told of each step of a run. `done` of `total` counts the step's items; a total of 0 is not known."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of the progress of one step."""


def silent(step: str, done: int, total: int) -> None:
    """A listener that says nothing."""


@contextmanager
def terminal() -> Iterator[Listener]:
    """Bars on standard error where a person is watching, else one plain line when a step starts and ends."""
    if sys.stderr.isatty():
        with _bars() as listener:
            yield listener
    else:
        yield _lines()


def _lines() -> Listener:
    begun: set[str] = set()

    def listen(step: str, done: int, total: int) -> None:
        if step not in begun or (total and done >= total):
            counted = f": {done} of {total}" if total else ""
            print(f"{step}{counted}", file=sys.stderr, flush=True)
        begun.add(step)

    return listen


@contextmanager
def _bars() -> Iterator[Listener]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        tasks: dict[str, object] = {}

        def listen(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total or None)
            progress.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        yield listen


SQL = statements(__file__)

_WIDEST = 30


def key_charts(connection: DuckDBPyConnection) -> str:
    """Articles by year, what they speak of most, and who publishes them, each as bars."""
    charts = (("Articles by year", "years"), ("Themes, by articles", "themes"), ("Publishers", "publishers"))
    return "\n".join(_chart(title, connection.execute(SQL(name)).fetchall()) for title, name in charts)


def _chart(title: str, rows: Sequence[tuple[object, ...]]) -> str:
    most = max((_count(row) for row in rows), default=1)
    lines = [f"## {title}", "", "| | articles | |", "| --- | ---: | --- |"]
    lines += [
        f"| {cell(row[0])} | {_count(row)} | {'█' * max(1, round(_WIDEST * _count(row) / most))} |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def _count(row: tuple[object, ...]) -> int:
    return int(str(row[1]))
