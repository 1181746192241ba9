"""What a run does about checks that do not hold: what is derived is made anew, broken articles are held back."""

from flows.emerging import terms_of
from flows.run import Run
from flows.stages.material import PutAside
from warehouse.checks import CheckFailure, run_checks
from warehouse.quarantine import mark_for_coding
from warehouse.search import clear_search
from warehouse.terms import replace_emerging_terms


def hold_invariants(run: Run) -> None:
    """Run every check of the warehouse, and see to it that as much as can be is published.

    Emerging terms and the search index are dropped and made anew, with a word in the report. Articles whose rows break
    a check are put aside: readers keep the rows of them that were published last, and the next reextract codes them
    anew. Only what remains (`run.checks`) keeps the snapshot from being published.
    """
    failures = run_checks(run.connection)
    derived = [failure for failure in failures if failure.is_derived]
    for failure in derived:
        run.note(f"made anew, since a check did not hold: {failure}")
        _make_anew(run, failure)
    if derived:
        failures = run_checks(run.connection)
    for failure in failures:
        if failure.is_derived:
            replace_emerging_terms(run.connection, ())
            run.note(f"left out until it is mended, since the check still does not hold: {failure}; please report it")
        elif failure.by_article:
            _hold_back(run, failure)
        else:
            run.checks.append(str(failure))
            run.log.error("check does not hold: %s", failure)


def _make_anew(run: Run, failure: CheckFailure) -> None:
    if failure.name == "search_index":
        clear_search(run.connection)  # publishing makes it anew
    else:
        replace_emerging_terms(run.connection, terms_of(run, run.clock().date(), run.codebook))


def _hold_back(run: Run, failure: CheckFailure) -> None:
    urls = dict(mark_for_coding(run.connection, failure.article_ids))
    run.quarantined |= failure.article_ids
    told = f"{failure}; readers keep what was published of it before, and it is coded anew by `commentary reextract`"
    run.set_aside([PutAside(urls.get(name, name), "check", failure.name, told) for name in sorted(failure.article_ids)])
