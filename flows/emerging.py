"""Language that rises in recent articles and belongs to no theme's cues yet, so that the codebook can grow."""

from datetime import date, timedelta

from prefect import task
from prefect.cache_policies import NO_CACHE

from extractors.themes import Codebook
from extractors.themes.emerging import emerging_terms
from flows.run import Run
from warehouse.terms import EmergingTerm, passages, replace_emerging_terms

RECENT = timedelta(days=365)
EARLIER = timedelta(days=5 * 365)
# Bounds the time: the terms of more articles than these would be the same.
MOST_ARTICLES = 3_000


@task(name="emerging-terms", cache_policy=NO_CACHE, persist_result=False)
def note_emerging_terms(run: Run) -> None:
    """Compare the articles of the last year with those of the five before it, if any article changed."""
    if run.report().changed_nothing:
        return
    today = run.clock().date()
    terms = terms_of(run, today, run.codebook)
    if replace_emerging_terms(run.connection, terms):
        run.log.info("%d emerging terms: %s", len(terms), ", ".join(term.term for term in terms[:10]) or "none")


def terms_of(run: Run, today: date, codebook: Codebook) -> tuple[EmergingTerm, ...]:
    """The emerging terms as of a day, each with its first example."""
    start = today - RECENT
    recent = passages(run.connection, start, today + timedelta(days=1), MOST_ARTICLES)
    earlier = passages(run.connection, start - EARLIER, start, MOST_ARTICLES)
    return tuple(
        EmergingTerm(
            term=found.term,
            recent_count=found.recent_articles,
            earlier_count=found.earlier_articles,
            score=found.z,
            article_id=found.examples[0].article_id,
            paragraph_no=found.examples[0].paragraph_no,
            char_start=found.examples[0].char_start,
            char_end=found.examples[0].char_end,
        )
        for found in emerging_terms(recent, earlier, codebook)
    )
