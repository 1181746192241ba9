"""The commands that read: extract, explain, sql, search, export, failures, sources, on the warehouse of the seeds."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner, Result

from flows.cli import COMMANDS, group, main
from flows.settings import UserError, settings
from tests.conftest import ROOT
from tests.warehouse.cookbook import seed_warehouse
from warehouse.dictionary import ANALYST
from warehouse.workspace import Workspace

SEED = ROOT / "seeds/articles/004_ba3d99f5c7f2feb4.txt"
Invoke = Callable[..., Result]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed_warehouse(tmp_path_factory.mktemp("cli")).home


@pytest.fixture
def invoke(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    monkeypatch.setenv("COMMENTARY_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "400")
    settings.cache_clear()

    def run(*arguments: str | Path, text: str | None = None) -> Result:
        return CliRunner().invoke(group, [str(argument) for argument in arguments], input=text)

    yield run
    settings.cache_clear()


def test_every_command_says_what_it_does(invoke: Invoke) -> None:
    for name in COMMANDS:
        told = invoke(name, "--help")
        assert told.exit_code == 0
        assert len(told.output.splitlines()) >= 4, f"{name} has no help"


def test_commands_are_loaded_before_prefect_so_that_it_finds_their_environment() -> None:
    # Prefect reads its variables once, when it is imported: what a command sets for its temporary server came too late.
    loads = (
        "import sys; from flows.cli import running, asking; assert 'prefect' not in sys.modules; import flows.ingest"
    )
    subprocess.run([sys.executable, "-c", f"{loads}; assert 'prefect' in sys.modules"], check=True, cwd=ROOT)


def test_ctrl_c_within_a_query_ends_the_command_without_a_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMENTARY_HOME", str(home))
    endless = "SELECT sum(a.range * b.range) FROM range(10_000_000) AS a, range(10_000_000) AS b"
    monkeypatch.setattr(sys, "argv", ["commentary", "sql", endless])
    settings.cache_clear()
    threading.Thread(target=_interrupt_within, args=("_rows",)).start()
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "Aborted!" in capsys.readouterr().err
    settings.cache_clear()


def _interrupt_within(function: str) -> None:
    """Ctrl-C once some thread of this process is within this function."""
    while not any(_names(frame, function) for frame in sys._current_frames().values()):
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


def _names(frame: FrameType | None, function: str) -> bool:
    while frame is not None and frame.f_code.co_name != function:
        frame = frame.f_back
    return frame is not None


def test_extract_prints_one_object_a_file_with_evidence(invoke: Invoke, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><h1>A title of some length</h1><article>" + "<p>The NHS paid £5m for 12 beds.</p>" * 9)
    done = invoke("extract", SEED, page)
    assert done.exit_code == 0
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["path"] for one in objects] == [str(SEED), str(page)]
    for one in objects:
        texts = {paragraph["paragraph_no"]: paragraph["text"] for paragraph in one["paragraphs"]}
        assert one["figures"]
        for found in (*one["figures"], *one["themes"]):
            assert texts[found["paragraph_no"]][found["char_start"] : found["char_end"]] == found["surface"]
    assert objects[0]["published_on"] == "2016-07-20"
    assert objects[0]["similar"] is True


def test_extract_takes_a_date_and_names_what_it_cannot_read(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title: A\n\nLast year the NHS paid £5m.\n")
    (tmp_path / "empty.txt").write_text("")
    done = invoke(
        "extract", "--published", "2020-05-01", tmp_path / "a.txt", tmp_path / "empty.txt", tmp_path / "none.txt"
    )
    assert done.exit_code == 0
    (figure,) = json.loads(done.stdout)["figures"]
    assert (figure["period_start"], figure["period_end"]) == ("2019-01-01", "2019-12-31")
    assert "empty.txt" in done.stderr
    assert "none.txt" in done.stderr
    assert invoke("extract", tmp_path / "none.txt").exit_code == 1
    assert invoke("extract", "--published", "soon", SEED).exit_code == 2


def test_explain_shows_what_was_found_and_passed_over(invoke: Invoke) -> None:
    done = invoke(
        "explain", "Since Covid-19 the trust has outsourced 4,000 operations, up from 1,500, to cut waiting lists."
    )
    assert done.exit_code == 0
    assert "figure 4,000 operations  count 4,000 operation" in done.output
    assert "from 1,500" in done.output
    assert "passed over" in done.output
    assert "Covid-19" in done.output
    assert "theme capacity" in done.output


@pytest.mark.parametrize("source", ["-", str(SEED)])
def test_explain_reads_files_and_standard_input(invoke: Invoke, source: str) -> None:
    done = invoke("explain", source, text=SEED.read_text("utf-8"))
    assert "£6.91 billion" in done.output
    assert "2014-04-01 to 2015-03-31" in done.output


def test_sql_prints_tables_csv_and_json(invoke: Invoke) -> None:
    query = "SELECT article_id, authors, published_on FROM articles ORDER BY published_on NULLS LAST LIMIT 2"
    assert "2 rows" in invoke("sql", query).output
    rows = list(csv.DictReader(io.StringIO(invoke("sql", query, "--format", "csv").output)))
    assert [row["published_on"] for row in rows] == ["2016-07-20", "2019-01-25"]
    objects = json.loads(invoke("sql", query, "--format", "json").output)
    assert objects[1]["authors"] == ["Carl Stevenson"]


@pytest.mark.parametrize("query", ["", "  ", "/* nothing */", ";"])
def test_a_query_of_nothing_is_told_so(invoke: Invoke, query: str) -> None:
    assert "the query is empty" in str(invoke("sql", query).exception)


def test_json_is_json_and_loses_no_column(invoke: Invoke) -> None:
    query = "SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS b, 'inf'::DOUBLE AS c, 3 AS a"
    printed = invoke("sql", query, "--format", "json").output
    assert "NaN" not in printed and "Infinity" not in printed
    assert json.loads(printed) == [{"a": 1, "a_2": 2, "b": None, "c": None, "a_3": 3}]


def test_no_text_of_csv_is_a_formula(invoke: Invoke) -> None:
    printed = invoke("sql", "SELECT '=1+1' AS a, '-5%' AS b, -5 AS c, ['@x'] AS d, NULL AS e", "--format", "csv").output
    assert printed.splitlines() == ["a,b,c,d,e", "'=1+1,-5%,-5,'@x,"]


def test_sql_cannot_change_anything_and_says_what_is_wrong(invoke: Invoke) -> None:
    for query in ("DELETE FROM articles", "SELECT nothing FROM nowhere"):
        failed = invoke("sql", query)
        assert isinstance(failed.exception, UserError)
        assert "the query does not run" in failed.exception.message
    assert json.loads(invoke("sql", "SELECT count(*) AS n FROM articles", "--format", "json").output) == [{"n": 5}]


OUT_OF_BOUNDS = {
    "export database": "EXPORT DATABASE '{folder}/out'",
    "copy": "COPY articles TO '{folder}/out.csv'",
    "attach": "ATTACH '{folder}/other.duckdb' AS other",
    "read a file": "SELECT * FROM read_text('/etc/hostname')",
    "list files": "SELECT * FROM glob('/*')",
    "memory": "SET memory_limit = '900GB'",
    "threads": "SET threads = 64",
    "unlock": "SET lock_configuration = false",
    "open up": "SET enable_external_access = true",
    "extension": "INSTALL httpfs",
    "profile": "PRAGMA profiling_output = '{folder}/profile'",
}


@pytest.mark.parametrize("query", OUT_OF_BOUNDS.values(), ids=OUT_OF_BOUNDS.keys())
def test_sql_reaches_nothing_but_the_published_database(invoke: Invoke, tmp_path: Path, query: str) -> None:
    failed = invoke("sql", query.format(folder=tmp_path))
    assert isinstance(failed.exception, UserError)
    assert list(tmp_path.iterdir()) == []


def test_sql_uses_files_where_it_is_told_to(invoke: Invoke, tmp_path: Path) -> None:
    assert "--allow-files" in str(invoke("sql", f"COPY articles TO '{tmp_path}/out.csv'").exception)
    assert invoke("sql", "--allow-files", f"COPY articles TO '{tmp_path}/out.csv'").exit_code == 0
    query = f"SELECT count(*) AS n FROM '{tmp_path}/out.csv'"
    assert json.loads(invoke("sql", "--allow-files", query, "--format", "json").output) == [{"n": 5}]


def test_sql_gives_a_query_up_that_takes_for_ever(invoke: Invoke) -> None:
    endless = "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range % 7 = 3"
    failed = invoke("sql", "--timeout", "0.2", endless)
    assert isinstance(failed.exception, UserError)
    assert "given up after 0.2 s" in failed.exception.message


def test_a_table_cuts_nothing_off(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    address = "https://publisher.example/" + "a-long-way-down/" * 12
    printed = invoke("sql", f"SELECT '{address}' AS url, 'beside it' AS other").output
    assert "…" not in printed
    assert address in "".join(line[1:].partition("│")[0].strip() for line in printed.splitlines() if "│" in line)


@pytest.mark.parametrize("relation", ANALYST)
def test_the_first_rows_of_everything_can_be_read_at_100_columns(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, relation: str
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    query = f"SELECT * FROM {relation} LIMIT 5"
    *table, counted, rest = invoke("sql", query).output.splitlines()
    assert all(len(line) <= 100 for line in table)
    assert " row" in counted if "--all shows" in rest else " row" in rest
    rows = json.loads(invoke("sql", query, "--format", "json").output)
    whole = invoke("sql", query, "--all").output
    assert all(name in whole for row in rows for name in row)
    assert all(len(line) <= 100 for line in whole.splitlines())


def test_what_is_not_shown_is_named_and_shown_with_all(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    query = "SELECT range AS no, repeat('long ', 100) || 'end' AS text FROM range(50)"
    printed = invoke("sql", query).output
    assert "the first 40 of 50 rows" in printed
    assert "--all shows the other rows and the whole of long texts" in printed
    assert "end" not in printed
    whole = invoke("sql", query, "--all").output
    assert whole.count("end") == 50 and "50 rows" in whole and "--all" not in whole
    assert "--all shows 1 more column (d)" in invoke(
        "sql", f"SELECT {', '.join(f'repeat($$x$$, 40) AS {name}' for name in 'abcd')}"
    ).output  # fmt: skip


def test_notes_are_made_listed_applied_and_removed(home: Path, invoke: Invoke) -> None:
    [figure] = json.loads(
        invoke("sql", "SELECT figure_id, publisher FROM v_figures WHERE surface = '£2bn'", "--format", "json").output
    )
    try:
        assert "No notes" in invoke("notes").output
        made = invoke("notes", "correct", figure["figure_id"], "value=2,100,000,000", "--why", "the contract says so")
        assert "value was 2000000000.0, is 2100000000.0" in made.output
        assert "£2bn agreement" in made.output
        assert invoke("notes", "publisher", figure["publisher"], "HD").exit_code == 0
        assert invoke("notes", "tag", figure["figure_id"], "cite").exit_code == 0
        assert invoke("notes", "comment", figure["figure_id"].partition("-")[0], "Read it again.").exit_code == 0
        query = "SELECT value, publisher, tags FROM v_figures_corrected WHERE surface = '£2bn'"
        [row] = json.loads(invoke("sql", query, "--format", "json").output)
        assert row == {"value": 2.1e9, "publisher": "HD", "tags": ["cite"]}
        listed = invoke("notes").output
        assert listed.count("applied") == 4 and "the contract says so" in listed
        assert invoke("notes", "remove", "1").exit_code == 0
        assert invoke("notes", "drop", figure["figure_id"]).exit_code == 0
        assert json.loads(invoke("sql", query, "--format", "json").output) == []
        assert "only 4" in str(invoke("notes", "remove", "9").exception)
        assert invoke("notes", "correct", figure["figure_id"], "value").exit_code == 2
    finally:
        for name in ("notes.toml", "notes.sql"):
            (home / name).unlink(missing_ok=True)


def test_tables_tell_what_there_is_to_ask(invoke: Invoke) -> None:
    listed = invoke("tables").output
    assert "v_theme_trend" in listed and "search(query)" in listed
    assert "robots" not in listed and "robots" in invoke("tables", "--all").output
    assert "articles_in_all" in invoke("tables", "v_theme_trend").output
    assert "v_mentions" in str(invoke("tables", "v_mention").exception)
    assert invoke("tables", "--format", "markdown").output.startswith("# Tables")


def test_search_finds_words_in_any_form(invoke: Invoke) -> None:
    found = invoke("search", "outcome based contract")
    assert "outcomes-based models of contracting" in found.output
    assert "No paragraph" in invoke("search", "zeppelin").output


def test_export_writes_files_that_others_read(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke("export", tmp_path / "out", "--warc")
    assert done.exit_code == 0
    assert {"articles.parquet", "articles.csv", "v_figures.csv", "fetched.warc.gz"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def test_sources_and_failures_are_listed(invoke: Invoke) -> None:
    listed = invoke("sources").output
    assert "kings-fund" in listed
    assert "not asked yet" in listed
    assert "Nothing failed" in invoke("failures").output


def test_reading_before_the_first_run_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTARY_HOME", str(tmp_path / "nothing"))
    settings.cache_clear()
    failed = CliRunner().invoke(group, ["sql", "SELECT 1"])
    settings.cache_clear()
    assert "commentary ingest" in str(failed.exception)


def test_what_was_restored_is_not_written_to_before_a_run_has_made_its_database(
    home: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("backup", tmp_path / "backup").exit_code == 0
    monkeypatch.setenv("COMMENTARY_HOME", str(tmp_path / "elsewhere"))
    settings.cache_clear()
    assert invoke("restore", tmp_path / "backup").exit_code == 0
    for command in (
        ("accept", "https://a.example/b"),
        ("reject", "https://a.example/b"),
        ("prune", "--older-than", "9"),
    ):
        refused = invoke(*command).exception
        assert isinstance(refused, UserError) and "ingest --no-sources" in refused.way_out
    assert not Workspace(tmp_path / "elsewhere").database.exists()
    settings.cache_clear()


def test_the_page_is_written(invoke: Invoke, tmp_path: Path) -> None:
    done = invoke("report", "--output", tmp_path / "page.html")
    assert done.exit_code == 0
    assert "Reform" in (tmp_path / "page.html").read_text("utf-8")
