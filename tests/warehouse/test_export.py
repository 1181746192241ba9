"""Export to Parquet, CSV and WARC: what comes out is what was in."""

import csv
import json
from datetime import UTC
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from warcio.archiveiterator import ArchiveIterator

from extractors.web.model import FetchRequest, FetchResult
from extractors.web.outcomes import Aftermath
from tests.warehouse.builders import NOW, coded, rich
from tests.warehouse.test_workspace import mounted
from warehouse.articles import store_articles
from warehouse.errors import DiskFullError, WarehouseError
from warehouse.export import export, export_warc
from warehouse.raw_store import RawStore, journal_of
from warehouse.watched import keep_fetch
from warehouse.workspace import Workspace


def test_parquet_holds_the_same_rows_and_types(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    store_articles(connection, [rich(), coded("two")])
    files = export(connection, tmp_path / "out", ["parquet"])
    assert files == tuple(sorted((tmp_path / "out").iterdir()))
    assert {"articles.parquet", "figures.parquet", "v_evidence.parquet"} <= {file.name for file in files}
    assert not any(file.name.startswith(("search_", "schema_")) for file in files)
    elsewhere = duckdb.connect()
    elsewhere.execute("SET TimeZone = 'UTC'")
    for file in files:
        there = connection.execute(f"SELECT * FROM {file.stem}").to_arrow_table()
        back = elsewhere.execute(f"SELECT * FROM '{file}'").to_arrow_table()
        assert back.num_rows == there.num_rows
        assert back.column_names == there.column_names
        if file.stem in ("articles", "figures", "theme_mentions"):
            assert sorted(map(str, back.to_pylist())) == sorted(map(str, there.to_pylist()))


def test_csv_reads_back_with_lists_as_json(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    store_articles(connection, [rich(), coded("two", 'He said: "no,\tnever", and 😀.')])
    export(connection, tmp_path, ["csv"])
    with (tmp_path / "articles.csv").open(encoding="utf-8", newline="") as file:
        [first, _] = sorted(csv.DictReader(file), key=lambda row: row["url"])
    assert json.loads(first["authors"]) == ["A. Writer"]
    assert first["fetched_at"] == "2026-03-02 06:30:00+00"
    with (tmp_path / "paragraphs.csv").open(encoding="utf-8", newline="") as file:
        assert 'He said: "no,\tnever", and 😀.' in {row["text"] for row in csv.DictReader(file)}


def test_export_replaces_what_was_exported_before(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    export(connection, tmp_path / "out", ["csv"])
    store_articles(connection, [rich()])
    files = export(connection, tmp_path / "out", ["csv"])
    assert sorted((tmp_path / "out").iterdir()) == list(files)
    assert len((tmp_path / "out" / "figures.csv").read_text().splitlines()) == 3


def test_folder_with_a_quote_in_its_name(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    assert export(connection, tmp_path / "analyst's $files", ["parquet", "csv"])


def test_export_onto_a_file_or_a_full_disk_is_explained(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WarehouseError, match="is not a folder"):
        export(connection, tmp_path / "file", ["csv"])
    with mounted(tmp_path / "small", "size=4k") as folder:
        store_articles(connection, [coded("one", "word " * 20_000)])
        with pytest.raises(DiskFullError, match="another folder"):
            export(connection, folder, ["csv"])
        assert list(folder.glob(".*")) == []


def test_warc_can_be_replayed(connection: DuckDBPyConnection, workspace: Workspace, tmp_path: Path) -> None:
    store = RawStore(workspace.raw)
    page, seed = "<p>Café</p>".encode(), b"A seed article."
    request = FetchRequest("https://example.org/a", "https://example.org/a", "think", "article")
    answer = FetchResult(
        request, NOW, "https://www.example.org/a", status=200, reason_phrase="OK", body=page,
        headers=(("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("content-length", "7")),
    )  # fmt: skip
    keep_fetch(connection, journal_of(workspace), answer, store.put(page), Aftermath(None, None, None))
    store_articles(connection, [coded("seed", raw_hash=store.put(seed)), coded("page", raw_hash=store.put(page))])

    path = tmp_path / "raw.warc.gz"
    assert export_warc(connection, store, path) == 2
    with path.open("rb") as file:
        records = {}
        for record in ArchiveIterator(file):
            headers = dict(record.http_headers.headers) if record.http_headers else {}
            uri, when = (record.rec_headers.get_header(name) for name in ("WARC-Target-URI", "WARC-Date"))
            records[uri] = (record.rec_type, when, headers, record.content_stream().read())
    when = NOW.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert records == {
        "https://www.example.org/a": (
            "response", when, {"content-type": "text/html; charset=utf-8", "content-length": str(len(page))}, page,
        ),
        "https://example.org/seed": ("resource", when, {}, seed),
    }  # fmt: skip


def test_warc_with_a_missing_object_leaves_no_file(
    connection: DuckDBPyConnection, workspace: Workspace, tmp_path: Path
) -> None:
    store_articles(connection, [coded(raw_hash="ab" * 32)])
    with pytest.raises(KeyError):
        export_warc(connection, RawStore(workspace.raw), tmp_path / "raw.warc.gz")
    assert list(tmp_path.glob("*.warc.gz*")) + list(tmp_path.glob(".*.tmp")) == []
