"""Coding and loading in batches, one Prefect task and one transaction each, with what came of every article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import assert_never

from duckdb import DuckDBPyConnection
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

from extractors.changes import Version, what_changed
from extractors.duplicates import find_near_duplicates, signature
from flows.reporting import ProgressBar, article_line
from flows.run import Run
from flows.steps.coding import MOST_REFUSED, UNREAD, Postponed
from flows.steps.naming import alike, named, one_site
from warehouse.articles import (
    VersionChange,
    change_rows,
    learn_addresses,
    likely_originals,
    sort_bands,
    store_articles,
    stored_states,
    stored_version,
)
from warehouse.coded import CodedArticle, Loaded, LoadOutcome, NotSimilar, Outcome, PutAside
from warehouse.errors import InvalidArticleError
from warehouse.raw_store import Journal, Material, told_by_source
from warehouse.sources import stored_sources
from warehouse.watched import (
    CandidateOutcome,
    name_original,
    settle_candidates,
    store_outcomes,
    store_readings,
    syndicated_copies,
)


@dataclass(frozen=True, slots=True)
class BatchLoaded:
    """What loading a batch did.

    `articles` are those loaded with their outcomes; `aliases` pages that are another address of an article already
    loaded, with its article_id; `put_aside` those that could not be loaded.
    """

    articles: tuple[tuple[CodedArticle, Loaded], ...]
    aliases: tuple[tuple[CodedArticle, str], ...]
    put_aside: tuple[PutAside, ...]


def store_batch(
    connection: DuckDBPyConnection,
    journal: Journal,
    coded: Sequence[CodedArticle],
    materials: Sequence[Material],
) -> BatchLoaded:
    """Load articles in one transaction, each under the id by which it is known already, copies marked as such.

    New bytes are noted in the journal first, so that a warehouse can be rebuilt from the raw store alone.

    Args:
        connection: to the pipeline's database.
        journal: of the raw store.
        coded: the articles.
        materials: what the articles were read from, in any order; local files do not replace what the web has had
            since, and articles that are recoded stay the articles that they are.

    Raises:
        DiskFullError: no room; nothing of the batch is loaded.
    """
    found = named(connection, coded, materials)
    earlier = _earlier_copies(connection, found.articles)
    signatures = {article_id: signature(one.article.text) for article_id, one in found.articles.items()}
    originals = likely_originals(connection, signatures)
    for copy in chain.from_iterable(earlier.values()):
        originals.pop(copy, None)
    copies = find_near_duplicates(signatures, originals)
    articles = {name: replace(one, duplicate_of=copies.get(name)) for name, one in found.articles.items()}
    _note_bytes(connection, journal, list(articles.values()), materials)
    loaded, put_aside = _loaded(connection, articles, signatures)
    for original, earlier_copies in earlier.items():
        if original in articles:
            name_original(connection, earlier_copies, copies.get(original, original))
    for one, article_id in found.aliases:
        learn_addresses(connection, article_id, (one.url, *one.addresses))
    return BatchLoaded(tuple(zip(articles.values(), loaded, strict=True)), tuple(found.aliases), tuple(put_aside))


def _earlier_copies(connection: DuckDBPyConnection, named: Mapping[str, CodedArticle]) -> dict[str, list[str]]:
    """Stored articles whose own pages say that they come from articles of this batch, by the id of the original.

    What a site takes from another one may come in first; it is the copy all the same.
    """
    at = {url: name for name, one in named.items() for url in (one.url, *one.addresses) if one_site(one.url, url)}
    found: dict[str, list[str]] = {}
    for copy in syndicated_copies(connection, at):
        original = at[copy.syndicated_from]
        if copy.article_id != original and not one_site(copy.url, copy.syndicated_from):
            found.setdefault(original, []).append(copy.article_id)
    return {
        original: same
        for original, copies in found.items()
        if (same := alike(connection, signature(named[original].article.text), copies))
    }


def _loaded(
    connection: DuckDBPyConnection, named: dict[str, CodedArticle], signatures: Mapping[str, bytes]
) -> tuple[tuple[Loaded, ...], list[PutAside]]:
    """Load all; a faulty article is taken out of `named` and put aside, and the rest of the batch is loaded."""
    put_aside: list[PutAside] = []
    edits = _edits(connection, named.values())
    while True:
        try:
            signed = {article_id: signatures[article_id] for article_id in named}
            return store_articles(connection, list(named.values()), signatures=signed, changes=edits), put_aside
        except InvalidArticleError as error:
            put_aside += [_fault(named.pop(article_id), faults) for article_id, faults in error.faults.items()]


def _edits(connection: DuckDBPyConnection, coded: Iterable[CodedArticle]) -> dict[str, tuple[VersionChange, ...]]:
    """What changed in the figures and themes of the articles whose text is another than the one stored."""
    by_id = {one.article_id: one for one in coded}
    edited = [
        by_id[article_id]
        for article_id, state in stored_states(connection, by_id).items()
        if state.content_hash != by_id[article_id].content_hash
    ]
    return {
        one.article_id: change_rows(
            what_changed(
                stored_version(connection, one.article_id), Version(one.article.paragraphs, one.figures, one.themes)
            )
        )
        for one in edited
    }


def _note_bytes(
    connection: DuckDBPyConnection, journal: Journal, coded: Sequence[CodedArticle], materials: Sequence[Material]
) -> None:
    stored = stored_states(connection, [one.article_id for one in coded])
    read_from = {(material.url, material.raw_hash): material for material in materials}
    news = [one for one in coded if one.article_id not in stored or stored[one.article_id].raw_hash != one.raw_hash]
    journal.append(
        [
            replace(
                read_from[one.addresses[0], one.raw_hash],
                open_url=one.url,
                addresses=one.addresses,
                article_id=one.article_id,
                trusted=True,
            )
            for one in news
        ]
    )


def _fault(article: CodedArticle, faults: Sequence[str]) -> PutAside:
    return PutAside(
        article.addresses[0],  # as the page is booked, so that its next reading settles it
        "load",
        "invalid_article",
        f"{article.url}: the extractors contradict themselves ({'; '.join(faults)}); please report it with the page",
    )


@task(name="code-and-load", cache_policy=NO_CACHE, persist_result=False)
def code_and_load(run: Run, batch: Sequence[Material]) -> None:
    """Find the themes and figures of a batch, load it in one transaction, and note what came of each article."""
    run.keep_alive()
    coded: dict[tuple[str, str], CodedArticle] = {}  # a rebuild has several bytes that came from one address
    outcomes: list[CandidateOutcome] = []
    results = _decided_now(run, zip(batch, run.coders.code_all(batch), strict=True))
    batch = [material for material, _ in results]
    for material, outcome in results:
        run.handled.add(material.url)
        if isinstance(outcome, CodedArticle):
            coded[material.url, material.raw_hash] = outcome
        else:
            outcomes.append(_left_out(run, material, outcome))
    loaded = store_batch(run.connection, run.journal, list(coded.values()), batch)
    sort_bands(run.connection)
    _tally(run, loaded)
    _settle(run, loaded, materials=batch)
    outcomes += _decided(run, coded, loaded)
    # What became of a page was decided when it came in: coding its article anew decides nothing of that again.
    recoded = {material.url for material in batch if material.recoded}
    store_outcomes(run.connection, [outcome for outcome in outcomes if outcome.url not in recoded])
    web = [(material.url, material.raw_hash) for material in batch if not (material.local or material.recoded)]
    store_readings(run.connection, web, run.clock())


def _settle(run: Run, loaded: BatchLoaded, materials: Sequence[Material]) -> None:
    """An article that came in is no failure any more, under any address of its site; one that is coded anew came in
    long ago."""
    passed_over = {material.raw_hash for material in materials if material.local or material.recoded}
    articles = [article for article, _ in loaded.articles if article.raw_hash not in passed_over]
    urls = [url for one in articles for url in (one.url, *one.addresses) if one_site(url, one.url)]
    run.handled.update(urls)
    settle_candidates(run.connection, urls, run.clock())


def _decided_now(run: Run, results: Iterable[tuple[Material, Outcome | Postponed]]) -> list[tuple[Material, Outcome]]:
    """The material that was read, with what it came to. What waits for the next run is counted; where the bytes were
    not there to be read that is told, and what is loaded of it stays."""
    decided: list[tuple[Material, Outcome]] = []
    for material, outcome in results:
        if isinstance(outcome, Postponed):
            run.postponed[outcome.source_id] += 1
        elif isinstance(outcome, PutAside) and outcome.error_type in UNREAD:
            run.set_aside([outcome])
        else:
            decided.append((material, outcome))
    return decided


def _left_out(run: Run, material: Material, outcome: NotSimilar | PutAside) -> CandidateOutcome:
    now = run.clock()
    if isinstance(outcome, NotSimilar):
        run.not_similar.append(outcome)
        run.counts["not_similar"] += 1
        reason = "; ".join(outcome.reasons)
        return CandidateOutcome(material.url, "not_similar", now, reason, outcome.relevance)
    run.set_aside([outcome])
    return CandidateOutcome(material.url, "failed", now, f"{outcome.error_type}: {outcome.message}")


def _decided(run: Run, coded: dict[tuple[str, str], CodedArticle], loaded: BatchLoaded) -> list[CandidateOutcome]:
    """What became of the candidates behind the coded articles: addresses that are no candidates are passed over."""
    now = run.clock()
    article_ids = {id_of(article): result.article_id for article, result in loaded.articles}
    same = {id_of(article): article_id for article, article_id in loaded.aliases}
    decided: list[CandidateOutcome] = []
    for (url, _), article in coded.items():
        key = id_of(article)
        if key in same:
            reason = f"another address of article {same[key]}"
            decided.append(CandidateOutcome(url, "duplicate", now, reason, article.relevance, same[key]))
        elif key in article_ids:
            reason = "; ".join(article.relevance_reasons)
            decided.append(CandidateOutcome(url, "ingested", now, reason, article.relevance, article_ids[key]))
    return decided


def id_of(article: CodedArticle) -> tuple[str, str]:
    """What tells a reading from others in one batch, whatever id it is loaded under."""
    return article.url, article.raw_hash


def _tally(run: Run, loaded: BatchLoaded) -> None:
    run.set_aside(loaded.put_aside)
    run.counts["duplicates"] += len(loaded.aliases)
    for article, result in loaded.articles:
        run.counts[_count_of(result.outcome)] += 1
        if result.outcome != "unchanged":
            _note(run, article, result)


def _count_of(outcome: LoadOutcome) -> str:
    """The count of a run (`Counts`) that an article is one of."""
    match outcome:
        case "new":
            return "ingested"
        case "updated" | "recoded" | "unchanged":
            return outcome
        case _:
            assert_never(outcome)


def _note(run: Run, article: CodedArticle, loaded: Loaded) -> None:
    for remark in article.article.notes:
        run.note(f"{article.url}: {remark}")
    line = article_line(article, loaded, run.codebook)
    run.articles.append(line)
    run.log.info(
        "%s: %s (%s), %d paragraphs, %d figures, themes: %s",
        line.outcome,
        line.title or line.url,
        line.publisher or "publisher not known",
        line.paragraphs,
        len(line.figures),
        ", ".join(line.top_themes) or "none",
    )


# Prefect's overhead of a task is tens of milliseconds on the server: one task a batch, and at most this many.
_MAX_BATCHES = 80


def store_in_batches(run: Run, materials: Sequence[Material], bar: ProgressBar, *, up_to: float) -> None:
    """Code and load material, a task and a transaction a batch; the bar of the run moves on to `up_to` per cent.

    All material comes this way, whatever it comes from, and is told here what is known of its source.
    """
    if not materials:
        return
    sources = {source.source_id: source for source in stored_sources(run.connection)}
    materials = [told_by_source(material, sources) for material in materials]
    done, start = 0, bar.percent
    run.listener("coding and loading", 0, len(materials))
    for number, batch in enumerate(batches(materials, run.settings.batch_size), 1):
        # Quoted, so that Prefect does not look through each page for results of other tasks.
        code_and_load.with_options(task_run_name=f"code-and-load-{number}")(run, quote(batch))
        done += len(batch)
        run.listener("coding and loading", done, len(materials))
        bar.reach(start + (up_to - start) * done / len(materials))
    for source_id, waiting in sorted(run.postponed.items()):
        run.note(f"source {source_id}: {MOST_REFUSED} of its pages took too much, {waiting} more wait for the next run")
    run.postponed.clear()


def batches(materials: Sequence[Material], size: int) -> Iterator[Sequence[Material]]:
    """The material in batches of `size`, or larger ones where that would make too many tasks."""
    step = max(size, -(-len(materials) // _MAX_BATCHES))
    for start in range(0, len(materials), step):
        yield materials[start : start + step]
