"""Export to Parquet, CSV and WARC: what comes out is what was in."""

import csv
import json
import os
import shutil
import subprocess
from datetime import UTC
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml
from duckdb import DuckDBPyConnection
from warcio.archiveiterator import ArchiveIterator

from extractors.web.model import FetchRequest, FetchResult
from extractors.web.outcomes import Aftermath
from tests.warehouse.builders import NOW, article_of, coded, rich
from tests.warehouse.test_workspace import mounted
from warehouse.articles import store_articles
from warehouse.database import open_snapshot, open_warehouse
from warehouse.dictionary import ANALYST
from warehouse.errors import DiskFullError, WarehouseError
from warehouse.export import FORMATS, export, export_warc
from warehouse.publish import publish
from warehouse.raw_store import RawStore, journal_of
from warehouse.watched import note_fetch, store_fetches
from warehouse.workspace import Workspace


def test_parquet_holds_the_same_rows_and_types(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    store_articles(connection, [rich(), coded("two")])
    written = export(connection, tmp_path / "out", ["parquet"])
    assert written == tuple(sorted((tmp_path / "out").iterdir()))
    files = [file for file in written if file.suffix == ".parquet"]
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
    with (tmp_path / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        [first, _] = sorted(csv.DictReader(file), key=lambda row: row["url"])
    assert json.loads(first["authors"]) == ["A. Writer"]
    assert first["fetched_at"] == "2026-03-02 06:30:00+00"
    with (tmp_path / "paragraphs.csv").open(encoding="utf-8-sig", newline="") as file:
        assert 'He said: "no,\tnever", and 😀.' in {row["text"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "−5% or more", "-5%"])
def test_no_text_is_a_formula_in_a_spreadsheet(connection: DuckDBPyConnection, tmp_path: Path, title: str) -> None:
    store_articles(connection, [coded("one", article=article_of("A text.", title=title))])
    export(connection, tmp_path, ["csv", "xlsx", "json"], ["articles"])
    with (tmp_path / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["title"] == (title if title in ("−5% or more", "-5%") else f"'{title}")
    sheet = openpyxl.load_workbook(tmp_path / "commentary.xlsx")["articles"]
    [cell] = [cell for cell in sheet[2] if cell.value == title]
    assert cell.data_type == "s"
    assert json.loads((tmp_path / "articles.json").read_text("utf-8"))[0]["title"] == title


def test_csv_begins_with_the_mark_that_excel_expects(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    export(connection, tmp_path, ["csv"], ["themes"])
    assert (tmp_path / "themes.csv").read_bytes().startswith(b"\xef\xbb\xbftheme_id,")


def test_r_reads_what_was_exported(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    store_articles(connection, [rich(), coded("two", 'She said: "no,\nnever", and it\'s £5m.')])
    export(connection, tmp_path, ["csv"], ["v_figures", "paragraphs"])
    program = """
    read <- function(name) read.csv(name, fileEncoding = "UTF-8-BOM", na.strings = "")
    figures <- read("v_figures.csv"); texts <- read("paragraphs.csv")
    cat(nrow(figures), class(figures$value), sum(figures$value), class(as.Date(figures$period_start)), "\\n")
    cat(nrow(texts), any(grepl("it's £5m", texts$text, fixed = TRUE)), "\\n")
    """
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    [(count, total)] = connection.execute("SELECT count(*), sum(value) FROM v_figures").fetchall()
    texts = connection.execute("SELECT count(*) FROM paragraphs").fetchone() or (0,)
    assert done.stdout.split() == [str(count), "numeric", f"{total:.0f}", "Date", str(texts[0]), "TRUE"]


def test_json_is_one_list_of_objects(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    store_articles(connection, [rich()])
    export(connection, tmp_path, ["json"], ["articles", "v_figures"])
    [article] = json.loads((tmp_path / "articles.json").read_text("utf-8"))
    assert (article["authors"], article["published_on"]) == (["A. Writer"], "2026-02-01")
    assert len(json.loads((tmp_path / "v_figures.json").read_text("utf-8"))) == 2
    assert not (tmp_path / "figures.json").exists()


def test_a_workbook_opens_with_its_types(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    text = "=1+1 is no formula, http://a.example no link, and 😀 stays."
    store_articles(connection, [rich(), coded("two", text, "word " * 10_000)])
    export(connection, tmp_path, ["xlsx"])
    book = openpyxl.load_workbook(tmp_path / "commentary.xlsx", read_only=True)
    assert book.sheetnames == ["about", *ANALYST]
    about = dict(book["about"].iter_rows(values_only=True))
    assert about["articles"] == "2"
    assert {"codebook_version", "extractor_version", "snapshot"} <= set(about)
    names, *rows = book["articles"].iter_rows(values_only=True)
    first = dict(zip(names, rows[0], strict=True))
    assert first["fetched_at"] == NOW.astimezone(UTC).replace(tzinfo=None)
    assert first["published_on"].date().isoformat() == "2026-02-01"
    assert first["authors"] == "A. Writer"
    names, *rows = book["paragraphs"].iter_rows(values_only=True)
    texts = [dict(zip(names, row, strict=True))["text"] for row in rows]
    assert text in texts
    assert max(map(len, texts)) == 32_767
    assert any(text.endswith(" …") for text in texts)


def test_a_longer_table_than_a_sheet_goes_on_in_another(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.export.SHEET_ROWS", 3)
    store_articles(connection, [coded(texts) for texts in "abcde"])
    export(connection, tmp_path, ["xlsx"], ["articles"])
    book = openpyxl.load_workbook(tmp_path / "commentary.xlsx", read_only=True)
    assert book.sheetnames == ["about", "articles", "articles 2", "articles 3"]
    assert [len(list(book[name].iter_rows())) for name in book.sheetnames[1:]] == [3, 3, 2]


def test_every_export_says_what_it_is_made_of(workspace: Workspace, tmp_path: Path) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [rich(), coded("two", codebook_version="0")])
    publish(workspace, NOW)
    with open_snapshot(workspace, files=True) as connection:
        export(connection, tmp_path)
    citation = yaml.safe_load((tmp_path / "CITATION.cff").read_text("utf-8"))
    assert (citation["date-released"], citation["version"]) == (NOW.date(), "1")
    assert "codebook 0, 1" in citation["abstract"]
    made_of = json.loads((tmp_path / "provenance.json").read_text("utf-8"))
    assert (made_of["codebook_version"], made_of["extractor_version"], made_of["snapshot"]) == ("0, 1", "1", "1")
    kept = duckdb.execute(f"SELECT key, value FROM parquet_kv_metadata('{tmp_path / 'v_figures.parquet'}')").fetchall()
    assert (b"codebook_version", b"0, 1") in kept
    assert (b"published_at", b"2026-03-02T06:30:00+00:00") in kept
    with (tmp_path / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        meanings = {(row["relation"], row["column"]): row["meaning"] for row in csv.DictReader(file)}
    assert meanings["v_figures", "value"] == "The value in whole units."
    assert "### v_figures" in (tmp_path / "dictionary.md").read_text("utf-8")


def test_what_is_no_table_is_not_exported(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="v_figure: is no table"):
        export(connection, tmp_path / "out", only=["v_figure"])
    assert not (tmp_path / "out").exists()


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
        for kind in FORMATS:
            with pytest.raises(DiskFullError, match="another folder"):
                export(connection, folder, [kind])
        assert list(folder.glob(".*")) == []


def test_warc_can_be_replayed(connection: DuckDBPyConnection, workspace: Workspace, tmp_path: Path) -> None:
    store = RawStore(workspace.raw)
    page, seed = "<p>Café</p>".encode(), b"A seed article."
    request = FetchRequest("https://example.org/a", "https://example.org/a", "think", "article")
    answer = FetchResult(
        request, NOW, "https://www.example.org/a", status=200, reason_phrase="OK", body=page,
        headers=(("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("content-length", "7")),
    )  # fmt: skip
    noted = note_fetch(connection, journal_of(workspace), answer, store.put(page), Aftermath(None, None, None))
    store_fetches(connection, [noted])
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
