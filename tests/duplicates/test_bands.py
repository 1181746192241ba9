"""Bands in a table: copies of what is stored are found by them, whoever stored it, and they go with signatures."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.duplicates import BAND_BITS, BANDS, BUCKET_BITS, KEY_BITS, bucketed, signature, unbucketed
from extractors.duplicates import bands as extracted_bands
from flows.steps.loading import store_batch
from tests.duplicates.test_near_duplicates import ARTICLES, compared_with_all, edited, framed
from tests.warehouse.builders import NOW, coded
from tests.warehouse.test_older_warehouse import as_before_migration
from warehouse import articles
from warehouse.articles import likely_originals, renew_signatures, sort_bands, store_signatures
from warehouse.coded import CodedArticle
from warehouse.database import open_warehouse, transaction
from warehouse.publish import run_checks
from warehouse.raw_store import Material, journal_of
from warehouse.watched import ARTICLE_TABLES, reject
from warehouse.workspace import Workspace

TEXTS = list(ARTICLES.values())[:4]
NOT_SORTED = "SELECT count(*) FROM article_bands_added"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("data"))
    made.prepare()
    return made


@pytest.fixture(scope="module")
def writer(workspace: Workspace) -> Iterator[DuckDBPyConnection]:
    with open_warehouse(workspace) as opened:
        yield opened


@pytest.fixture
def connection(writer: DuckDBPyConnection) -> DuckDBPyConnection:
    return emptied(writer)


def all_bands(connection: DuckDBPyConnection) -> list[tuple[str, int]]:
    """The bands of every article, those in buckets and those that came in since."""
    rows = connection.execute("SELECT bucket, entries FROM article_bands").fetchall()
    bands, keys = unbucketed(rows)
    stored = {*zip(bands.tolist(), keys.tolist(), strict=True)}
    stored.update(connection.execute("SELECT band, article_key FROM article_bands_added").fetchall())
    names = connection.execute("SELECT article_key, article_id FROM article_keys").fetchall()  # of one text, one key
    return sorted((name, band) for band, key in stored for known, name in names if known == key)


def emptied(connection: DuckDBPyConnection) -> DuckDBPyConnection:
    for table in (*ARTICLE_TABLES, "article_bands", "article_bands_added"):
        connection.execute(f"DELETE FROM {table}")
    return connection


def page(name: str, text: str, day: int = 0) -> CodedArticle:
    return coded(name, *text.split("\n\n"), fetched_at=NOW + timedelta(days=day))


def load(connection: DuckDBPyConnection, workspace: Workspace, pages: Iterable[CodedArticle]) -> None:
    pages = list(pages)
    materials = [
        Material(
            url=one.url, open_url=one.url, addresses=one.addresses, source_id="seeds", raw_hash=one.raw_hash,
            name="page.txt", content_type="text/plain", fetched_at=NOW, trusted=True,
        )
        for one in pages
    ]  # fmt: skip
    store_batch(connection, journal_of(workspace), pages, materials)


def copies(connection: DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute("SELECT article_id, duplicate_of FROM articles WHERE duplicate_of IS NOT NULL").fetchall()
    return dict(rows)


def test_a_copy_of_what_another_writer_stored_meanwhile_is_found(
    connection: DuckDBPyConnection, workspace: Workspace
) -> None:
    other_writer = connection.cursor()
    load(connection, workspace, [page("one", TEXTS[0])])
    load(other_writer, workspace, [page("two", TEXTS[1])])
    dice = random.Random(1)
    load(connection, workspace, [page("copy-of-two", framed(TEXTS[1], dice))])
    load(other_writer, workspace, [page("copy-of-one", framed(TEXTS[0], dice)), page("three", TEXTS[2])])
    ids = {name: page(name, "").article_id for name in ("one", "two", "copy-of-one", "copy-of-two")}
    assert copies(connection) == {ids["copy-of-two"]: ids["two"], ids["copy-of-one"]: ids["one"]}


# A name, a text, and how much it was edited: many are copies of each other, some are edits of what came before.
some_pages = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.integers(0, 3)),
    max_size=5,
    unique_by=lambda one: one[0],
)


@pytest.fixture
def often_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands are sorted as soon as five articles came in, a fifth of all at once."""
    monkeypatch.setattr(articles, "_UNSORTED_AT_MOST", 5 * BANDS)
    monkeypatch.setattr(articles, "_SORTED_AT_ONCE", BANDS)


@settings(derandomize=True, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_pages, min_size=1, max_size=4))
def test_batches_are_compared_as_if_with_all_that_is_stored(
    writer: DuckDBPyConnection, workspace: Workspace, often_sorted: None, rounds: list[list[tuple[str, int, int]]]
) -> None:
    emptied(writer)
    stored: dict[tuple[int, str], bytes] = {}  # by when it was first seen, and article_id
    expected: dict[str, str] = {}
    for number, drawn in enumerate(rounds):
        pages = [page(name, edited(TEXTS[text], random.Random(edits)), number) for name, text, edits in drawn]
        known = {name: text for (_, name), text in sorted(stored.items()) if name not in expected}
        new = {one.article_id: signature(one.article.text) for one in pages}
        expected = {name: to for name, to in expected.items() if name not in new} | compared_with_all(new, known)
        first_seen = {name: seen for seen, name in stored}
        stored |= {(first_seen.get(name, number), name): text for name, text in new.items()}
        load(writer, workspace, pages)
        sort_bands(writer)
        assert copies(writer) == expected
    assert all_bands(writer) == bands_of({name: text for (_, name), text in stored.items()})
    assert run_checks(writer) == ()


@given(st.lists(st.tuples(st.integers(0, (1 << BAND_BITS) - 1), st.integers(0, (1 << KEY_BITS) - 1)), max_size=40))
def test_bands_come_back_from_their_buckets_in_order(pairs: list[tuple[int, int]]) -> None:
    bands = np.array([band for band, _ in pairs], np.uint64)
    keys = np.array([key for _, key in pairs], np.uint32)
    buckets, counts, entries = bucketed(bands, keys)
    assert dict(zip(buckets.tolist(), counts.tolist(), strict=True)) == Counter(
        band >> BAND_BITS - BUCKET_BITS for band, _ in pairs
    )
    back = unbucketed(list(zip(buckets.tolist(), entries, strict=True)))
    assert list(zip(*(side.tolist() for side in back), strict=True)) == sorted(pairs)


def test_no_more_signatures_are_read_than_may_be_copies(connection: DuckDBPyConnection, workspace: Workspace) -> None:
    pages = [page(str(number), text) for number, text in enumerate(TEXTS)]
    load(connection, workspace, pages)
    copy = {"copy": signature(framed(TEXTS[2], random.Random(1)))}
    assert list(likely_originals(connection, copy)) == [pages[2].article_id]


def test_a_warehouse_from_before_there_were_bands_gets_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = Workspace(tmp_path / "older")
    older.prepare()
    with open_warehouse(older) as connection:
        load(connection, older, [page(str(number), text) for number, text in enumerate(TEXTS)])
        bands = all_bands(connection)
    assert len(bands) == BANDS * len(TEXTS)
    as_before_migration("0017_bands_and_terms", older.database, monkeypatch)
    with open_warehouse(older) as connection:
        assert all_bands(connection) == []
        assert renew_signatures(connection) == 0
        assert all_bands(connection) == bands


def test_bands_follow_their_signature_and_what_is_missing_is_made_anew(
    connection: DuckDBPyConnection, workspace: Workspace
) -> None:
    pages = [page(str(number), text) for number, text in enumerate(TEXTS)]
    load(connection, workspace, pages)
    bands = all_bands(connection)
    with transaction(connection):
        store_signatures(connection, {pages[0].article_id: signature("quite another text")})
        store_signatures(connection, {pages[0].article_id: signature(pages[0].article.text)})
    assert set(all_bands(connection)) == set(bands)
    connection.execute("DELETE FROM article_keys WHERE article_id = ?", [pages[1].article_id])
    renew_signatures(connection)
    assert set(all_bands(connection)) == set(bands)
    connection.execute("DELETE FROM article_bands_added WHERE band % 2 = 0")
    renew_signatures(connection)
    assert all_bands(connection) == bands


def test_bands_are_sorted_when_enough_came_in_and_what_went_is_dropped(
    connection: DuckDBPyConnection, workspace: Workspace, often_sorted: None
) -> None:
    pages = [page(str(number), text) for number, text in enumerate(TEXTS)]
    load(connection, workspace, pages)
    assert not sort_bands(connection)
    dice = random.Random(1)
    further = [page(f"copy {number}", edited(text, dice)) for number, text in enumerate(TEXTS)]
    load(connection, workspace, further)
    reject(connection, pages[0].url, NOW)
    left = {one.article_id: signature(one.article.text) for one in (*pages[1:], *further)}
    assert sort_bands(connection)
    assert connection.execute(NOT_SORTED).fetchone() == (0,)
    assert all_bands(connection) == bands_of(left)
    there = connection.execute("SELECT bucket, entry_count FROM article_bands ORDER BY rowid").fetchall()
    assert there == sorted(Counter(band >> BAND_BITS - BUCKET_BITS for _, band in bands_of(left)).items())
    assert not sort_bands(connection), "nothing came in since"


def bands_of(signatures: Mapping[str, bytes]) -> list[tuple[str, int]]:
    """What `all_bands` is to give for articles of these signatures."""
    return sorted((name, band) for name, text in signatures.items() for band in map(int, extracted_bands([text])[0]))
