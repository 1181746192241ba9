"""Coding and loading material within a run, with its tally."""

from collections.abc import Sequence

from flows.reporting.lines import article_line
from flows.run import Run
from flows.stages.identity import one_site
from flows.stages.loading import BatchLoaded, load_batch
from flows.stages.material import NotSimilar, PutAside
from warehouse.candidates import CandidateOutcome, save_outcomes, settle_candidates
from warehouse.errors import DamagedObjectError
from warehouse.fetched import save_readings
from warehouse.material import Material
from warehouse.records import CodedArticle, Loaded

_COUNT = {"new": "ingested", "updated": "updated", "recoded": "recoded", "unchanged": "unchanged"}


def load_coded(run: Run, batch: Sequence[Material]) -> None:
    """Find the themes and figures of a batch, load it in one transaction, and note what came of each article."""
    coded: dict[tuple[str, str], CodedArticle] = {}  # a rebuild has several bytes that came from one address
    outcomes: list[CandidateOutcome] = []
    batch, stored = _with_bytes(run, batch)
    results = run.coders.code_all(batch, stored.__getitem__)
    for material, outcome in zip(batch, results, strict=True):
        run.handled.add(material.url)
        if isinstance(outcome, CodedArticle):
            coded[material.url, material.raw_hash] = outcome
        else:
            outcomes.append(_left_out(run, material, outcome))
    loaded = load_batch(run.connection, run.journal, list(coded.values()), run.signatures, batch)
    _tally(run, loaded)
    _settle(run, loaded, materials=batch)
    outcomes += _decided(run, coded, loaded)
    # What became of a page was decided when it came in: coding its article anew decides nothing of that again.
    recoded = {material.url for material in batch if material.recoded}
    save_outcomes(run.connection, [outcome for outcome in outcomes if outcome.url not in recoded])
    web = [(material.url, material.raw_hash) for material in batch if not (material.local or material.recoded)]
    save_readings(run.connection, web, run.clock())


def _settle(run: Run, loaded: BatchLoaded, materials: Sequence[Material]) -> None:
    """An article that came in is no failure any more, under any address of its site; one that is coded anew came in
    long ago."""
    passed_over = {material.raw_hash for material in materials if material.local or material.recoded}
    articles = [article for article, _ in loaded.articles if article.raw_hash not in passed_over]
    urls = [url for one in articles for url in (one.url, *one.addresses) if one_site(url, one.url)]
    run.handled.update(urls)
    settle_candidates(run.connection, urls, run.clock())


def _with_bytes(run: Run, batch: Sequence[Material]) -> tuple[list[Material], dict[str, bytes]]:
    """The material whose bytes are whole, with the bytes; the rest is put aside, and what is loaded of it stays."""
    found: list[Material] = []
    stored: dict[str, bytes] = {}
    for material in batch:
        try:
            stored[material.raw_hash] = run.store.get(material.raw_hash)
        except (KeyError, DamagedObjectError) as error:
            what = "are no longer in the raw store" if isinstance(error, KeyError) else f"are damaged ({error})"
            told = f"{material.url}: its stored bytes {what}; what is loaded of it stays as it is"
            run.set_aside([PutAside(material.url, "read", "bytes_lost", told)])
        else:
            found.append(material)
    return found, stored


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
        run.counts[_COUNT[result.outcome]] += 1
        if result.outcome != "unchanged":
            _note(run, article, result)


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
