"""Coding and loading material within a run, with its tally."""

from collections.abc import Sequence

from flows.reporting.lines import article_line
from flows.run import Run
from flows.stages.coding import code_all
from flows.stages.loading import load_batch
from flows.stages.material import Material, NotSimilar, PutAside
from warehouse.journal import Journal
from warehouse.records import CodedArticle, Loaded

_COUNT = {"new": "ingested", "updated": "updated", "recoded": "recoded", "unchanged": "unchanged"}


def load_coded(run: Run, batch: Sequence[Material]) -> None:
    """Find the themes and figures of a batch, load it in one transaction, and note what came of each article."""
    coded: list[CodedArticle] = []
    for outcome in code_all(batch, run.store.get, run.codebook, processes=run.settings.processes):
        if isinstance(outcome, CodedArticle):
            coded.append(outcome)
            for remark in outcome.article.notes:
                run.note(f"{outcome.url}: {remark}")
        elif isinstance(outcome, PutAside):
            run.set_aside([outcome])
        elif isinstance(outcome, NotSimilar):
            run.not_similar.append(outcome)
            run.counts["not_similar"] += 1
    loaded = load_batch(run.connection, Journal(run.workspace.raw / "journal.jsonl"), coded)
    run.set_aside(loaded.put_aside)
    for article, result in loaded.articles:
        _tally(run, article, result)


def _tally(run: Run, article: CodedArticle, loaded: Loaded) -> None:
    run.counts[_COUNT[loaded.outcome]] += 1
    if loaded.outcome == "unchanged":
        return
    line = article_line(article, loaded, run.codebook)
    run.articles.append(line)
    run.log.info(
        "%s: %s (%s), %d paragraphs, %d figures, themes: %s",
        loaded.outcome,
        line.title or line.url,
        line.publisher or "publisher not known",
        line.paragraphs,
        len(line.figures),
        ", ".join(line.top_themes) or "none",
    )
