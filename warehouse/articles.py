"""Articles with all that was found in them: loaded as a whole or not at all, and read back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.article.model import Paragraph
from extractors.changes import Changes, FigureChange, Version
from extractors.duplicates import (
    BAND_BITS,
    BANDS,
    BUCKET_BITS,
    FORMAT,
    KEY_BITS,
    SIGNATURE_BYTES,
    bands,
    bucketed,
    signature,
    unbucketed,
)
from extractors.figures.model import Figure, from_flat
from extractors.themes.model import ThemeMention
from extractors.web.address import BadAddressError, site_of
from warehouse.article_rows import ADDRESS_KIND_ALIAS, article_tables, faults
from warehouse.coded import HASH_VERSION, CodedArticle, Loaded, LoadOutcome, findings_hash
from warehouse.database import refuse_another, transaction, whole_transaction
from warehouse.errors import InvalidArticleError
from warehouse.raw_store import MANIFEST, Material, stored_materials
from warehouse.rows import SQL as ROWS_SQL
from warehouse.rows import (
    Row,
    add_missing_rows,
    insert_rows,
    select_as,
    staged,
    staged_table,
    staged_values,
    upsert_rows,
)
from warehouse.sql import statements
from warehouse.who_says_what import SAID_TABLES, store_actors

SQL = statements(__file__)

KEPT_LATEST = 10


def superseded_texts(current: int, kept_latest: int = KEPT_LATEST) -> range:
    """The versions whose texts are dropped once `current` is there: all but the first and the latest `kept_latest`.

    A page that changes at every fetch would otherwise grow without end. Hashes, times and what changed stay for every
    version, and the bytes are in the raw store.
    """
    return range(2, max(2, current - kept_latest + 1))


def store_signatures(connection: DuckDBPyConnection, signatures: Mapping[str, bytes]) -> None:
    """Keep signatures by article_id with their bands, within the caller's transaction.

    Articles that are not stored are passed over, signatures as before not written.
    """
    known = stored_signatures_of(connection, signatures)
    news = {name: signature for name, signature in signatures.items() if known.get(name) != signature}
    with staged_values(connection, news):
        hashes = dict(connection.execute(SQL("content_hashes")).fetchall())
        if not known.keys().isdisjoint(news):
            for table in ("article_signatures", "article_keys"):
                connection.execute(SQL("forget_signed", table=table))
    rows = [
        {"article_id": name, "content_hash": hashes[name], "signature": signature}
        for name, signature in news.items()
        if name in hashes
    ]
    insert_rows(connection, "article_signatures", rows)
    _insert_bands(connection, {name: signature for name, signature in news.items() if name in hashes})


def _insert_bands(connection: DuckDBPyConnection, signatures: Mapping[str, bytes]) -> None:
    if not signatures:
        return
    # Of the signature, not of the article: bands of what a text was before lead to nothing, and need not be looked for.
    keys = np.array([crc32(signature) % _KEYS for signature in signatures.values()], np.uint32)
    hashes = bands(list(signatures.values())).ravel()
    added = pa.table({"band": hashes, "article_key": np.repeat(keys, BANDS)})
    with staged_table(connection, "staged_bands", added):
        connection.execute(SQL("insert_bands"))
    with staged_table(connection, "staged_keys", pa.table({"article_id": list(signatures), "article_key": keys})):
        connection.execute(SQL("insert_keys"))


_KEYS = 1 << KEY_BITS
"""How many numbers stand for articles in the bands. The fewer, the less a look-up reads. Of a million articles two
share one: one more signature is then compared for each that has a band in common."""

_UNSORTED_AT_MOST, _UNSORTED_SHARE = 500_000, 10
_SORTED_AT_ONCE = 1_000_000  # bands: some 100 MB while they are sorted


def sort_bands(connection: DuckDBPyConnection) -> bool:
    """Put what came in into the buckets where it is a tenth of what they hold; whether it was.

    Till then a look-up reads it as it stands. What is sorted as it grows by a tenth is sorted some ten times in all.
    Each step is a transaction of its own, so that no more than a step is in memory; after a kill a later call goes on.
    """
    held, added, _ = connection.execute(SQL("count_bands")).fetchone() or (0, 0, 0)
    if added <= max(_UNSORTED_AT_MOST, held // _UNSORTED_SHARE):
        return False
    known = np.zeros(_KEYS, bool)
    known[connection.execute(SQL("all_keys")).fetchnumpy()["article_key"]] = True
    parts = min(1 << BUCKET_BITS, 1 + (held + added) // _SORTED_AT_ONCE)
    limits = [part * (1 << BUCKET_BITS) // parts for part in range(parts + 1)]
    for first, end in pairwise(limits):
        with transaction(connection):
            _sort_buckets(connection, first, end, known)
    return True


def _sort_buckets(connection: DuckDBPyConnection, first: int, end: int, known: npt.NDArray[np.bool_]) -> None:
    """Make some buckets anew, without what changed or went: what is of no key that is known."""
    share = 1 << BAND_BITS - BUCKET_BITS
    stored = connection.execute(SQL("buckets_between"), {"first": first, "end": end}).fetchall()
    between = {"first": first * share, "end": end * share}
    news = connection.execute(SQL("added_between"), between).fetchnumpy()
    connection.execute(SQL("forget_added_between"), between)
    hashes, keys = unbucketed(stored)
    hashes, keys = np.concatenate((hashes, news["band"])), np.concatenate((keys, news["article_key"]))
    buckets, counts, entries = bucketed(hashes[known[keys]], keys[known[keys]])
    connection.execute(SQL("forget_buckets_between"), {"first": first, "end": end})
    made = pa.table({"bucket": buckets, "entry_count": counts, "entries": pa.array(entries, pa.binary())})
    with staged_table(connection, "staged_buckets", made):
        connection.execute(SQL("insert_buckets"))


def stored_signatures_of(connection: DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, bytes]:
    """The signatures of these articles, by article_id; those without one are left out."""
    with staged_values(connection, article_ids):
        rows = connection.execute(SQL("signatures_of")).fetchall()
    return {str(name): bytes(signature) for name, signature in rows}


def likely_originals(connection: DuckDBPyConnection, signatures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The stored originals that texts of these signatures may repeat, first seen earliest first, with their signatures.

    They are those that have a band in common with one of them, and those of these articles that are stored as
    originals. No other signature is read, whatever number is stored.
    """
    keys = _keys_of_bands(connection, np.unique(bands(list(signatures.values()))))
    with staged_table(connection, "staged_keys", pa.table({"article_key": keys})):
        found = {str(name) for (name,) in connection.execute(SQL("articles_of_keys")).fetchall()}
    with staged_values(connection, found | signatures.keys()):
        rows = connection.execute(SQL("signatures_of_originals")).fetchall()
    return {str(name): bytes(signature) for name, signature in rows}


def _keys_of_bands(connection: DuckDBPyConnection, wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """The keys of articles that have one of these bands; wanted are they in order and once each."""
    buckets = np.unique(wanted >> np.uint64(BAND_BITS - BUCKET_BITS))
    with staged_table(connection, "staged_bands", pa.table({"bucket": buckets.astype(np.uint32)})):
        rows = sorted(connection.execute(SQL("buckets_of_bands")).fetchall())
    hashes, keys = unbucketed(rows)
    # In order, as each bucket is: a band is looked for by halving, not by going through all.
    first, end = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
    found = [keys[first[at] : end[at]] for at in np.flatnonzero(first < end)]
    with staged_table(connection, "staged_bands", pa.table({"band": wanted})):
        added = connection.execute(SQL("keys_of_added_bands")).fetchnumpy()["article_key"]
    return np.unique(np.concatenate((*found, added)))


_RENEWED_AT_ONCE = 500  # texts of as many articles are in memory at once: some megabytes


def renew_signatures(connection: DuckDBPyConnection) -> int:
    """Compute anew, from the stored texts, signatures that are missing or of another format; how many those were.

    Signatures of different formats cannot be compared. Bands that are missing, as in a warehouse from before there
    were any, are made of the signatures. After a kill in between the next call does the rest.
    """
    present = {"format": FORMAT, "next_format": bytes([FORMAT[0] + 1]), "length": SIGNATURE_BYTES}
    due = [str(name) for (name,) in connection.execute(SQL("signatures_due"), present).fetchall()]
    for some in _in_steps(due):
        with staged_values(connection, some):
            texts = connection.execute(SQL("present_texts")).fetchall()
        with transaction(connection):
            store_signatures(connection, {str(name): signature(text) for name, text in texts})
    _renew_bands(connection)
    return len(due)


def _renew_bands(connection: DuckDBPyConnection) -> None:
    """Make the bands that are missing, or all where there are fewer than of so many articles."""
    held, added, keys = connection.execute(SQL("count_bands")).fetchone() or (0, 0, 0)
    if held + added < BANDS * keys:  # there may be more, of what changed or went
        with transaction(connection):
            for table in ("article_bands", "article_bands_added", "article_keys"):
                connection.execute(ROWS_SQL("delete_all", table=table))
    for some in _in_steps([str(name) for (name,) in connection.execute(SQL("bands_due")).fetchall()]):
        with transaction(connection):
            _insert_bands(connection, stored_signatures_of(connection, some))
    sort_bands(connection)


def _in_steps(article_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(article_ids), _RENEWED_AT_ONCE):
        yield article_ids[start : start + _RENEWED_AT_ONCE]


ChangedKind = Literal["figure", "theme"]
ChangeType = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One finding that an edit added, removed or changed.

    `subject` is the measure or words of a figure, or the theme_id; `before` and `after` say for a person how it was and
    is, None where there was or is nothing.
    """

    kind: ChangedKind
    change: ChangeType
    subject: str
    before: str | None
    after: str | None


def store_changes(
    connection: DuckDBPyConnection, article_id: str, version: int, changes: Iterable[VersionChange]
) -> None:
    """Record what made `version` of an article differ from the one before, in place of what was recorded of it."""
    rows = [
        {"article_id": article_id, "version": version, "change_no": number, **asdict(change)}
        for number, change in enumerate(changes, start=1)
    ]
    connection.execute(SQL("forget_changes"), [article_id, version])
    insert_rows(connection, "version_changes", rows)


# Tables that hold the present state of an article, replaced as a whole when it changed.
REPLACED_TABLES = ("articles", "paragraphs", "figures", "theme_mentions", *SAID_TABLES)


@dataclass(frozen=True, slots=True)
class StoredState:
    """What the warehouse knows of an article before loading it again."""

    article_id: str
    url: str
    version: int
    content_hash: str
    findings_hash: str
    raw_hash: str


@dataclass(frozen=True, slots=True)
class _Change:
    coded: CodedArticle
    loaded: Loaded


def store_articles(
    connection: DuckDBPyConnection,
    articles: Sequence[CodedArticle],
    *,
    signatures: Mapping[str, bytes] | None = None,
    changes: Mapping[str, Sequence[VersionChange]] | None = None,
) -> tuple[Loaded, ...]:
    """Load a batch in one transaction, again where another writer of a lake was first; answers are in the order given.

    `signatures` of the texts and `changes` that edits made, both by article_id, are kept in the same transaction.

    An article that is as before is not touched: its row keeps the `fetched_at` and `raw_hash` of the fetch that
    brought the present text, so that a second run leaves the same rows. Only addresses not yet known are added. An
    edited text makes a new version and replaces all rows of the article; other findings in the same text, or
    another reading of the same bytes, replace its rows within the version.

    Raises:
        InvalidArticleError: an article contradicts itself, or comes twice in the batch; nothing is loaded.
        DiskFullError: there is no room; nothing is loaded.
        duckdb.Error: anything else that DuckDB refuses; nothing is loaded.
    """
    _refuse_faulty(articles)
    if not articles:
        return ()

    def work() -> tuple[Loaded, ...]:
        stored = stored_states(connection, [coded.article_id for coded in articles])
        planned = [_Change(coded, _planned(stored.get(coded.article_id), coded)) for coded in articles]
        _replace(connection, [change for change in planned if change.loaded.outcome != "unchanged"])
        _learn_addresses(connection, articles)
        store_signatures(connection, signatures or {})
        for change in planned:
            if change.loaded.outcome == "updated":
                found = (changes or {}).get(change.loaded.article_id, ())
                store_changes(connection, change.loaded.article_id, change.loaded.version, found)
        return tuple(change.loaded for change in planned)

    return whole_transaction(connection, work)


def outcome(stored: StoredState | None, coded: CodedArticle) -> LoadOutcome:
    """What loading does with an article, by what is stored of it.

    A text that changed while its bytes did not was read differently, not edited: that is "recoded". So is a hash
    that was made by another recipe.
    """
    if stored is None:
        return "new"
    same_recipe = stored.content_hash[:1] == HASH_VERSION == coded.content_hash[:1]
    if stored.content_hash != coded.content_hash:
        return "updated" if same_recipe and stored.raw_hash != coded.raw_hash else "recoded"
    return "unchanged" if stored.findings_hash == findings_hash(coded) else "recoded"


def known_articles(connection: DuckDBPyConnection, addresses: Iterable[str]) -> dict[str, str]:
    """Which articles are known under which of these addresses: address to article_id, unknown ones left out."""
    with staged_values(connection, addresses):
        found = connection.execute(SQL("articles_at_addresses")).fetchall()
    return {str(url): str(article_id) for url, article_id in found}


def stored_hashes(connection: DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The raw_hashes of all versions of these articles that were ever stored, by article_id."""
    with staged_values(connection, article_ids):
        rows = connection.execute(SQL("stored_hashes")).fetchall()
    return {str(article_id): frozenset(hashes) for article_id, hashes in rows}


def all_stored_hashes(connection: DuckDBPyConnection) -> set[str]:
    """The raw_hashes of all that was ever stored as an article."""
    return {str(row[0]) for row in connection.execute(SQL("all_stored_hashes")).fetchall()}


def learn_addresses(connection: DuckDBPyConnection, article_id: str, addresses: Iterable[str]) -> None:
    """Record further addresses of an article; those that are known already stay as they are."""
    rows = [{"url": url, "article_id": article_id, "kind": ADDRESS_KIND_ALIAS} for url in addresses]
    with transaction(connection):
        add_missing_rows(connection, "article_addresses", rows)


def _refuse_faulty(articles: Sequence[CodedArticle]) -> None:
    found = {coded.article_id: wrong for coded in articles if (wrong := faults(coded))}
    seen: set[str] = set()
    for coded in articles:
        if coded.article_id in seen:
            found[coded.article_id] = (*found.get(coded.article_id, ()), "comes twice in the batch")
        seen.add(coded.article_id)
    if found:
        raise InvalidArticleError(found)


def stored_states(connection: DuckDBPyConnection, article_ids: Iterable[str]) -> dict[str, StoredState]:
    """What is stored of these articles, by article_id; unknown ones are left out."""
    with staged_values(connection, article_ids):
        rows = select_as(connection, StoredState, SQL("stored_states"))
    return {row.article_id: row for row in rows}


def _planned(stored: StoredState | None, coded: CodedArticle) -> Loaded:
    what = outcome(stored, coded)
    version = 1 if stored is None else stored.version + (what == "updated")
    return Loaded(coded.article_id, what, version)


def _replace(connection: DuckDBPyConnection, changes: Sequence[_Change]) -> None:
    if not changes:
        return
    refuse_another(connection)
    rows = article_tables([(change.coded, change.loaded.version) for change in changes])
    with staged(connection, "articles", rows["articles"]):
        _keep_first_seen(connection, rows["articles"])
        for table in (*REPLACED_TABLES, "emerging_terms"):  # terms whose example may be gone are found anew
            connection.execute(SQL("delete_staged_articles", table=table))
    for table in REPLACED_TABLES:
        insert_rows(connection, table, rows[table])
    store_actors(connection, [change.coded for change in changes])
    upsert_rows(connection, "article_versions", _with_seen_at(connection, rows["article_versions"]))
    _forget_superseded_texts(connection, [change.loaded for change in changes])


def _keep_first_seen(connection: DuckDBPyConnection, rows: list[dict[str, object]]) -> None:
    found = connection.execute(SQL("first_seen")).to_arrow_table().to_pydict()
    first_seen = dict(zip(found["article_id"], found["first_seen_at"], strict=True))
    for row in rows:
        row["first_seen_at"] = first_seen.get(row["article_id"], row["first_seen_at"])


def _with_seen_at(connection: DuckDBPyConnection, rows: Sequence[Row]) -> list[Row]:
    """Version rows, with the time kept at which a version that is read anew was first seen."""
    with staged(connection, "article_versions", rows):
        found = connection.execute(SQL("version_seen_at")).to_arrow_table().to_pydict()
    known = dict(zip(zip(found["article_id"], found["version"], strict=True), found["seen_at"], strict=True))
    return [{**row, "seen_at": known.get((row["article_id"], row["version"]), row["seen_at"])} for row in rows]


def _forget_superseded_texts(connection: DuckDBPyConnection, loaded: Sequence[Loaded]) -> None:
    for one in loaded:
        if dropped := superseded_texts(one.version):
            connection.execute(SQL("forget_version_texts"), [one.article_id, dropped.start, dropped.stop])


def _learn_addresses(connection: DuckDBPyConnection, articles: Sequence[CodedArticle]) -> None:
    main: dict[str, Mapping[str, object]] = {}
    aliases: list[Row] = []
    for coded in articles:
        main[coded.url] = {"url": coded.url, "article_id": coded.article_id, "kind": "main"}
        aliases += [{"url": url, "article_id": coded.article_id, "kind": ADDRESS_KIND_ALIAS} for url in coded.addresses]
    known = known_main_addresses(connection, main)
    _refuse_second_articles(known, articles)
    news = [row for url, row in main.items() if known.get(url) != row["article_id"]]
    if news:
        with staged(connection, "article_addresses", news):
            connection.execute(SQL("demote_main_addresses"))
        upsert_rows(connection, "article_addresses", news)
    aliases = [row for row in aliases if row["url"] not in main]
    upsert_rows(connection, "article_addresses", _taken_back(connection, articles, aliases))
    add_missing_rows(connection, "article_addresses", aliases)


def _taken_back(connection: DuckDBPyConnection, articles: Sequence[CodedArticle], aliases: list[Row]) -> list[Row]:
    """Addresses of an article's own site that were learned as another site's: they led there until now."""
    urls = {coded.article_id: coded.url for coded in articles}
    holders = known_articles(connection, [str(row["url"]) for row in aliases])
    others = stored_states(connection, set(holders.values()) - set(urls))
    return [
        row
        for row in aliases
        if (holder := others.get(holders.get(str(row["url"]), ""))) is not None
        and _one_site(str(row["url"]), urls[str(row["article_id"])])
        and not _one_site(str(row["url"]), holder.url)
    ]


def _one_site(one: str, other: str) -> bool:
    try:
        return site_of(one) == site_of(other)
    except BadAddressError:
        return False


def _refuse_second_articles(known: Mapping[str, str], articles: Sequence[CodedArticle]) -> None:
    """No page becomes a second article: its main address may not be that of another one."""
    owners = dict(known)
    wrong: dict[str, tuple[str, ...]] = {}
    for coded in articles:
        owner = owners.setdefault(coded.url, coded.article_id)
        if owner != coded.article_id:
            wrong[coded.article_id] = (f"{coded.url} is the address of article {owner}; load it as that article",)
    if wrong:
        raise InvalidArticleError(wrong)


def known_main_addresses(connection: DuckDBPyConnection, urls: Iterable[str]) -> dict[str, str]:
    """Which of these addresses are the main address of an article, and of which."""
    with staged_values(connection, urls):
        found = connection.execute(SQL("main_addresses")).fetchall()
    return {str(url): str(article_id) for url, article_id in found}


def stored_version(connection: DuckDBPyConnection, article_id: str) -> Version:
    """The current version of an article as it was coded; empty for an article that is not stored."""
    rows = connection.execute(SQL("stored_figures"), [article_id]).to_arrow_table().to_pylist()
    places = {row["figure_id"]: index for index, row in enumerate(rows)}
    return Version(
        paragraphs=select_as(connection, Paragraph, SQL("stored_paragraphs"), [article_id]),
        figures=tuple(from_flat(row, places.get(row["change_from"])) for row in rows),
        themes=select_as(connection, ThemeMention, SQL("stored_themes"), [article_id]),
    )


def change_rows(changes: Changes) -> tuple[VersionChange, ...]:
    """What an edit changed, as it is recorded: figures first, each with how it was and is."""
    return (
        *(
            VersionChange("figure", "changed", change.new.measure or change.new.surface, *_before_and_after(change))
            for change in changes.figures_changed
        ),
        *(VersionChange("figure", "added", f.measure or f.surface, None, f.surface) for f in changes.figures_added),
        *(VersionChange("figure", "removed", f.measure or f.surface, f.surface, None) for f in changes.figures_removed),
        *(
            VersionChange("theme", "changed", change.new.theme_id, change.old.framing, change.new.framing)
            for change in changes.framings_changed
        ),
        *(VersionChange("theme", "added", t.theme_id, None, t.surface) for t in changes.themes_added),
        *(VersionChange("theme", "removed", t.theme_id, t.surface, None) for t in changes.themes_removed),
    )


def _before_and_after(change: FigureChange) -> tuple[str, str]:
    """Its words; where these stand as they were, with the field that differs: "26% (period 2023-04-01 to ...)"."""
    if change.old.surface != change.new.surface:
        return change.old.surface, change.new.surface
    field = change.fields[0]
    return _with_field(change.old, field), _with_field(change.new, field)


def _with_field(figure: Figure, field: str) -> str:
    value = getattr(figure, field)
    if field == "period" and value is not None:
        value = f"{value.start or '…'} to {value.end or '…'}"
    return f"{figure.surface} ({field} {'none' if value is None else value})"


def out_of_date(
    connection: DuckDBPyConnection, *, extractor_version: str, codebook_version: str, since: datetime | None = None
) -> tuple[Material, ...]:
    """The articles to code anew, in order of article_id; with `since` only those fetched at that time or later.

    Besides those of other extractors or another codebook that is every article of a watched source whose publisher is
    not the source's name, so that a publisher that was lost, or named otherwise since, is put right.
    """
    parameters = {
        "stated": MANIFEST,
        "extractor_version": extractor_version,
        "codebook_version": codebook_version,
        "since": since,
    }
    return stored_materials(connection, "out_of_date", parameters)
