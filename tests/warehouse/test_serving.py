"""`commentary serve-sql`: readers elsewhere see what is published, at once, and can do nothing but read."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from flows.cli import main
from flows.settings import settings
from tests.conftest import COMMENTARY, ROOT, free_port
from tests.warehouse.builders import coded, rich
from warehouse.articles import store_articles
from warehouse.database import open_warehouse
from warehouse.errors import WarehouseError
from warehouse.publish import publish
from warehouse.serving import SqlServer
from warehouse.target import add_extension, extension_file, lake_at
from warehouse.workspace import Workspace

pytest.importorskip("duckdb_extension_quack", reason="`make scaling` installs DuckDB's extension quack")

TOKEN = "a word that nobody guesses"
PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")
SECTION = PAGE.partition("## Reading from elsewhere")[2].partition("\n## ")[0]
SERVING = re.compile(r"Serving .* at (quack:127\.0\.0\.1:\d+)\.")


@pytest.fixture(scope="module")
def published(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A warehouse with one article, published."""
    made = Workspace(tmp_path_factory.mktemp("published") / "data")
    made.prepare()
    shutil.copyfile(template, made.database)
    _publish(made, rich())
    return made


@pytest.fixture(scope="module")
def address(published: Workspace) -> Iterator[str]:
    """Where it is served, by a process of its own that takes seconds to start."""
    with served(published) as (_, told):
        yield told


def _publish(workspace: Workspace, article: object) -> None:
    with open_warehouse(workspace) as connection:
        store_articles(connection, [article])  # type: ignore[list-item]
    publish(workspace)


def _environment(workspace: Workspace, token: str | None = TOKEN) -> dict[str, str]:
    ours = {"COMMENTARY_HOME": str(workspace.home), **({"COMMENTARY_SQL_TOKEN": token} if token else {})}
    return {**{name: value for name, value in os.environ.items() if not name.startswith("COMMENTARY_")}, **ours}


@contextmanager
def served(workspace: Workspace) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command as a process, and the address at which it answers."""
    process = subprocess.Popen(
        [COMMENTARY, "serve-sql", "--port", str(free_port())],
        env=_environment(workspace),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = SERVING.match(line)
        assert found, line + process.stdout.read()
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def reader(address: str, token: str = TOKEN) -> DuckDBPyConnection:
    """A reader's own DuckDB, with the served warehouse attached as `commentary`."""
    connection = duckdb.connect()
    for name in ("httpfs", "quack"):
        add_extension(connection, name)
    connection.execute(f"CREATE SECRET (TYPE quack, TOKEN '{token}')")
    connection.execute(f"ATTACH '{address}' AS commentary")
    return connection


def _articles(connection: DuckDBPyConnection) -> int:
    return int(connection.execute("SELECT count(*) FROM commentary.articles").fetchall()[0][0])


def _wait_for(found: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not found():
        assert process.poll() is None, "the server has ended"


def test_the_commands_of_the_docs_for_python(published: Workspace, address: str) -> None:
    [program] = re.findall(r"```python\n(.*?)```", SECTION, re.S)
    ours = program.replace("quack:127.0.0.1:9494", address)
    done = subprocess.run(
        [sys.executable, "-c", ours], env=_environment(published), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "theme_id" in done.stdout and "count_star()" in done.stdout


def test_the_commands_of_the_docs_for_the_shell(published: Workspace, address: str, tmp_path: Path) -> None:
    shell = shutil.which("duckdb", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if shell is None:
        pytest.skip("DuckDB's shell is not installed (`make scaling` installs it)")
    [_, commands] = re.findall(r"```sh\n(.*?)```", SECTION, re.S)
    environment = {**_environment(published), "HOME": str(tmp_path), "PATH": f"{Path(shell).parent}:/usr/bin:/bin"}
    install = "; ".join(f"INSTALL '{extension_file(name)}'" for name in ("httpfs", "quack"))
    subprocess.run([shell, "-c", install], env=environment, check=True, timeout=120)
    ours = commands.replace("quack:127.0.0.1:9494", address).replace("waiting lists", "waiting")
    done = subprocess.run(
        ["bash", "-ec", ours], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "A title" in done.stdout


def test_it_ends_within_seconds_also_while_it_answers(published: Workspace) -> None:
    with served(published) as (process, address), reader(address) as connection:
        endless = connection.sql(
            "FROM commentary.query('SELECT a.range FROM range(1_000_000_000) a, range(1_000) b')"
        ).to_arrow_reader(2048)
        assert endless.read_next_batch().num_rows
        process.terminate()
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "Stopped.\n"
    assert not list(published.work.glob(f".serving-{process.pid}-*"))


def test_a_publication_is_followed_and_what_has_begun_ends_on_the_former(workspace: Workspace) -> None:
    _publish(workspace, rich())
    with served(workspace) as (process, address), reader(address) as early, reader(address) as streaming:
        assert _articles(early) == 1
        stream = streaming.sql("FROM commentary.query('SELECT title FROM articles, range(100_000)')").to_arrow_reader(
            2048
        )
        begun = stream.read_next_batch().num_rows
        _publish(workspace, coded("two"))
        _wait_for(lambda: _articles(early) == 2, process)
        assert begun + sum(batch.num_rows for batch in stream) == 100_000, "a mixture of snapshots"
        assert _articles(streaming) == 2
        with reader(address) as late:
            assert _articles(late) == 2
            found = late.execute("FROM commentary.query('SELECT count(*) FROM search(''waiting'')')").fetchall()
            assert found == [(2,)]
    assert not list(workspace.work.glob(".serving-*/*.duckdb")), "no name of a snapshot is left behind"


REFUSED = (
    "CREATE TABLE mine (i INTEGER)",
    "CREATE TEMP TABLE mine (i INTEGER)",
    "CREATE OR REPLACE MACRO only_reads(session, statement) AS true",
    "DROP VIEW articles",
    "INSERT INTO snapshot_1.main.sources SELECT * FROM sources",
    "DELETE FROM snapshot_1.main.articles",
    "SELECT 1; DROP VIEW articles",
    "COPY articles TO '/tmp/taken.csv'",
    "ATTACH ':memory:' AS other",
    "DETACH snapshot_1",
    "USE snapshot_1",
    "SET threads = 1",
    "PRAGMA memory_limit = '9GB'",
    "LOAD httpfs",
    "CALL quack_stop('quack:127.0.0.1:9494')",
    "FROM system.main.\"QUACK_stop\"('quack:127.0.0.1:9494')",
    "SELECT (SELECT count(*) FROM quack_serve('quack:0.0.0.0:9495', allow_other_hostname := true))",
    "FROM quack_query('quack:127.0.0.1:9494', 'SELECT 1')",
    "FROM quack_active_connections()",
    "FROM query('SELECT 1')",
    "FROM enable_logging()",
    "FROM checkpoint()",
    "FROM duckdb_secrets()",
    "FROM read_text('/etc/hostname')",
    "FROM '/etc/hostname'",
    "FROM read_parquet('http://127.0.0.1:9/x')",
    "FROM glob('/*')",
    "SELECT write_log('a word of a stranger')",
)


def test_readers_only_read(address: str) -> None:
    with reader(address) as connection:
        for statement in REFUSED:
            with pytest.raises(duckdb.Error, match=r"Authorization failed|does not exist"):
                connection.execute("FROM commentary.query(?)", [statement]).fetchall()
        for statement in ("CREATE TABLE commentary.mine (i INTEGER)", "DELETE FROM commentary.articles"):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
        with pytest.raises(duckdb.Error, match=r"not an? table|Can only insert"):
            connection.execute("INSERT INTO commentary.articles FROM commentary.articles LIMIT 0")
        assert _articles(connection) == 1, "and it still answers"
        with pytest.raises(duckdb.Error, match="Authentication failed"):
            reader(address, "another word than the one")


@pytest.mark.parametrize(
    ("said", "token"),
    [("nothing is published yet", TOKEN), ("COMMENTARY_SQL_TOKEN", ""), ("sql_token", "short")],
    ids=["nothing is published", "no terminal to tell a token on", "a short token"],
)
def test_what_keeps_it_from_serving_is_named(said: str, token: str, complain: Callable[..., str]) -> None:
    assert said in complain(token)


def test_a_taken_port_is_an_error(published: Workspace, address: str, complain: Callable[..., str]) -> None:
    """quack alone would share the port with whoever has it."""
    port = address.rpartition(":")[2]
    assert f"port {port} cannot be listened on" in complain(TOKEN, published, "--port", port)


@pytest.fixture
def complain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., str]]:
    """Runs the command in this process, where it fails; what it says."""
    handler = signal.getsignal(signal.SIGTERM)

    def run(token: str, workspace: Workspace | None = None, *options: str) -> str:
        monkeypatch.setenv("COMMENTARY_HOME", str(workspace.home if workspace else tmp_path / "empty"))
        monkeypatch.setenv("COMMENTARY_SQL_TOKEN", token)
        if not token:
            monkeypatch.delenv("COMMENTARY_SQL_TOKEN")
        monkeypatch.setattr(sys, "argv", ["commentary", "serve-sql", *options])
        settings.cache_clear()
        with pytest.raises(SystemExit, match="1"):
            main()
        said = capsys.readouterr()
        assert not said.out
        return said.err

    yield run
    settings.cache_clear()
    signal.signal(signal.SIGTERM, handler)


def test_a_token_that_is_made_is_told_on_the_terminal_and_nowhere_else(published: Workspace) -> None:
    ours, theirs = pty.openpty()
    command = [str(COMMENTARY), "serve-sql", "--port", str(free_port())]
    process = subprocess.Popen(
        command, env=_environment(published, token=None), stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL
    )
    os.close(theirs)
    try:
        said = ""
        while not (found := SERVING.search(said)):
            said += os.read(ours, 4096).decode()
        [token] = re.findall(r"told this once: (\S+)", said)
        with reader(found[1], token) as connection:
            assert _articles(connection) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert token not in os.read(ours, 4096).decode()
        left = [path for path in published.home.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]
        assert not left
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_an_extension_that_is_missing_is_named() -> None:
    with duckdb.connect() as connection, pytest.raises(WarehouseError, match=r"duckdb-extension-of-old .*make scaling"):
        add_extension(connection, "of_old")


def test_a_lake_is_not_served(tmp_path: Path) -> None:
    lake = lake_at("ducklake:postgres:dbname=commentary", str(tmp_path))
    with pytest.raises(WarehouseError, match="readers attach a lake themselves"):
        SqlServer(Workspace(tmp_path, lake), "1GB")
