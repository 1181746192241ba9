"""What a run leaves on its page of the Prefect server: a report, tables, progress; and events for automations."""

from typing import Any, cast
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.events import emit_event

from flows.reporting.report import RunReport, markdown, summary

EVENT_PREFIX = "commentary"
_MAX_ROWS = 500


class ProgressBar:
    """The bar on a run's page. Each update costs the server tens of milliseconds, so it moves in whole steps."""

    def __init__(self, description: str) -> None:
        self.percent = 0.0
        made = create_progress_artifact(progress=0.0, key="progress", description=description)
        self._id = cast("UUID", made)  # a coroutine only where an event loop runs

    def reach(self, percent: float) -> None:
        """Move the bar to `percent`; a move of less than five points is not worth a request."""
        if percent - self.percent >= 5 or percent >= 100 > self.percent:
            self.percent = percent
            update_progress_artifact(self._id, progress=min(percent, 100.0))


def leave_artifacts(report: RunReport) -> None:
    """Put the report, the articles and the failures on the run's page."""
    create_markdown_artifact(markdown(report), key="report", description=summary(report))
    if report.articles:
        create_table_artifact(_articles(report), key="articles", description="What came in or changed")
    if report.put_aside:
        create_table_artifact(_failures(report), key="failures", description="What failed, and the way out")
    page = report.published.with_name("report.html") if report.published else None
    if page is not None and page.exists():
        create_link_artifact(page.absolute().as_uri(), key="page", link_text="The page to look at (report.html)")


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
    emit_event(
        event=f"{EVENT_PREFIX}.{event}",
        resource={
            "prefect.resource.id": f"{EVENT_PREFIX}.{resource}",
            "prefect.resource.name": name[:200],
        },
        payload=payload,
    )


def _articles(report: RunReport) -> list[dict[str, Any]]:
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


def _failures(report: RunReport) -> list[dict[str, Any]]:
    return [
        {"stage": fault.stage, "what": fault.url, "reason": fault.error_type, "message": fault.message}
        for fault in report.put_aside[:_MAX_ROWS]
    ]
