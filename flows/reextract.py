"""The flow that codes stored bytes anew, where other extractors or another codebook coded them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extractors.article.model import DatePrecision, Published
from extractors.version import extractor_version
from flows.batches import load_in_batches
from flows.carrying_out import carried_out, run_name
from flows.reporting.artifacts import ProgressBar
from flows.run import Run
from flows.stages.material import Material, loaded_before
from warehouse.out_of_date import MANIFEST, StoredArticle, out_of_date
from warehouse.sources import load_sources


@flow(name="reextract-commentary", flow_run_name=run_name("reextract"))
def reextract_commentary(since: date | None = None) -> State[Any]:
    """Code the stored bytes anew, where other extractors or another codebook coded them before.

    Each batch replaces its rows in one transaction, so that a run which is killed is taken up where it stopped.

    Args:
        since: Only articles fetched on this day or later; all if left empty.
    """

    def work(run: Run) -> None:
        start = datetime.combine(since, time.min, UTC) if since else None
        stored = out_of_date(
            run.connection,
            extractor_version=extractor_version(),
            codebook_version=run.codebook.version,
            since=start,
        )
        run.log.info("%d articles were coded by other extractors or another codebook", len(stored))
        bar = ProgressBar("Coding the stored bytes anew")
        selectors = {source.source_id: source.selector for source in load_sources(run.connection)}
        materials = [_material(article, selectors.get(article.source_id)) for article in stored]
        load_in_batches(run, materials, bar, up_to=100)
        bar.reach(100)

    return carried_out("reextract-commentary", work)


def _material(article: StoredArticle, selector: str | None) -> Material:
    """An article of the warehouse as material, with what its manifest states."""
    published = None
    if article.published_on is not None:
        precision: DatePrecision = article.published_precision or "day"  # type: ignore[assignment]
        published = Published(article.published_on, precision, MANIFEST)
    return replace(
        loaded_before(article),
        title=article.title,
        publisher=article.publisher,
        authors=article.authors,
        published=published,
        selector=selector,
    )
