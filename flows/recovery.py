"""Making a database good that was lost or damaged: what the snapshot lacks is read again from the stored bytes."""

from contextlib import suppress

from extractors.lexicon import LexiconError
from extractors.web.sources import load_sources
from flows.batches import load_in_batches
from flows.reporting.artifacts import ProgressBar
from flows.run import Run
from warehouse.material import Material
from warehouse.overruling import accept, reject
from warehouse.rebuild import restore_fates, restore_rows, restored, rulings, unloaded_records
from warehouse.sources import save_seed_source, save_sources


def make_good(run: Run) -> None:
    """Bring the database up to what is stored: after a kill in mid-fetch that is one page, after damage much more.

    Nothing is fetched. What the snapshot lacks comes from the stored bytes, in the order in which it was loaded.
    """
    fetches = restore_rows(run.connection, run.workspace)
    if run.salvage is None:
        return
    run.note(str(run.salvage))
    save_seed_source(run.connection)
    with suppress(LexiconError):  # a run that watches tells of it; the journal has what is needed
        save_sources(run.connection, load_sources(run.settings.sources))
    records = unloaded_records(run.connection, run.workspace)
    run.note(f"{fetches} fetches and {len(records)} readings of pages were restored from what is stored")
    bar = ProgressBar("Reading the stored bytes again")
    for step in steps(records):
        load_in_batches(run, step, bar, up_to=100)
    restore_fates(run.connection, run.workspace)
    for ruling in rulings(run.connection, run.workspace):
        if ruling.ruling == "accept":
            accept(run.connection, ruling.url, ruling.fetch_url, run.clock())
        else:
            with suppress(KeyError):  # it is neither an article nor a candidate now
                reject(run.connection, ruling.url, run.clock())
    restored(run.workspace)


def steps(records: tuple[Material, ...]) -> list[list[Material]]:
    """The records in rounds, so that no round has two versions of one article: they are loaded one after the other."""
    rounds: list[list[Material]] = []
    reached: dict[str, int] = {}
    for record in records:
        key = record.article_id or record.url
        number = reached.get(key, 0)
        reached[key] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(record)
    return rounds
