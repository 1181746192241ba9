"""Where a warehouse is kept: in a file of its own, or as a lake, which several machines write to and read.

A lake is DuckLake: its catalog in PostgreSQL, its data as Parquet files in a folder or an S3 bucket. Everything else of
the project is the same for both. A connection to a lake is had by `warehouse.database`, from a `Workspace` that has a
`lake`:

* `open_warehouse(workspace)` to write. `transaction(connection)` holds the catalog's lock, so that one writer's
  transactions follow the other's; `whole_transaction(connection, work)` also runs `work` again, with fresh reads, where
  another writer was first all the same.
* `open_snapshot(workspace)` to read what is published, `open_for_a_look(workspace)` to read what is there.

Both have the lake as their database `commentary`, and the tables of its catalog in PostgreSQL, without versions, as
`commentary_catalog.public`. What several machines must agree on stands there (`catalog_lock`, leases, heartbeats): such
tables are made by `CALL postgres_execute('commentary_catalog', 'CREATE TABLE IF NOT EXISTS ...')` and then read and
written like any other, in transactions that write to no table of the lake. A cursor has transactions of its own.
"""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import metadata, resources
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import LockedError, WarehouseError
from warehouse.sql import quoted

PREFIX = "ducklake:postgres:"
DATABASE = "commentary"
CATALOG = "commentary_catalog"

_PASSWORD = re.compile(r"\s*\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)")
_ESCAPED = re.compile(r"\\(.)")

# No extension is ever fetched from the network behind the user's back; what needs one loads it from its package.
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@dataclass(frozen=True, slots=True)
class Lake:
    """A warehouse that is a lake.

    `catalog` names its PostgreSQL database in libpq's words, as in "dbname=commentary host=db"; a password is apart,
    and neither it nor the credentials of S3 are ever shown. `data_path` is a folder or an s3:// address.
    """

    catalog: str
    data_path: str
    password: str | None = field(default=None, repr=False)
    s3: Mapping[str, str] | None = field(default=None, repr=False, hash=False)

    def __str__(self) -> str:
        return f"{PREFIX}{self.catalog}"


def lake_at(warehouse: str, data_path: str, environment: Mapping[str, str] = os.environ) -> Lake | None:
    """The lake that the settings of these names describe; None for a file, where `warehouse` is empty.

    The password is the one in `warehouse`, else libpq finds its own (PGPASSWORD, a password file). Credentials of S3
    are those of the environment by their usual names: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
    AWS_REGION (or AWS_DEFAULT_REGION), and AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) for a server that is not Amazon's.

    Raises:
        ValueError: it is none that we know; the message shows no password.
    """
    if not warehouse:
        return None
    words = warehouse.removeprefix(PREFIX)
    if words == warehouse or "://" in words or "=" not in words:
        raise ValueError(f'a warehouse is "" (the file) or a lake, "{PREFIX}dbname=... host=..."')
    found = _PASSWORD.search(words)
    password = _ESCAPED.sub(r"\1", found[1].removeprefix("'").removesuffix("'")) if found else None
    s3 = _s3_options(environment) if data_path.startswith("s3://") else None
    place = data_path if "://" in data_path else str(Path(data_path).absolute())
    return Lake(_PASSWORD.sub("", words).strip(), place.rstrip("/") + "/", password, s3)


def _s3_options(environment: Mapping[str, str]) -> dict[str, str]:
    names = {
        "KEY_ID": ("AWS_ACCESS_KEY_ID",),
        "SECRET": ("AWS_SECRET_ACCESS_KEY",),
        "SESSION_TOKEN": ("AWS_SESSION_TOKEN",),
        "REGION": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    }
    said = {key: next((environment[one] for one in known if environment.get(one)), "") for key, known in names.items()}
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""
    if endpoint:
        parts = urlsplit(endpoint)
        said |= {"ENDPOINT": parts.netloc, "URL_STYLE": "path", "USE_SSL": str(parts.scheme == "https").lower()}
    return {name: value for name, value in said.items() if value}


@dataclass(slots=True)
class _Held:
    """How many blocks of one connection hold the catalog's lock: only the outermost takes it and gives it up."""

    depth: int = 0


# The connections that are to a lake.
_lakes: WeakKeyDictionary[DuckDBPyConnection, _Held] = WeakKeyDictionary()


def is_lake(connection: DuckDBPyConnection) -> bool:
    """Whether an open connection is to a lake."""
    return connection in _lakes


def connect_lake(
    lake: Lake,
    *,
    version: int | None = None,
    read_only: bool = False,
    catalog_only: bool = False,
    options: Mapping[str, str | int] | None = None,
) -> DuckDBPyConnection:
    """Connect to a lake, which is made if it is not there and the connection may write.

    Args:
        lake: the lake.
        version: the snapshot of it to read, and no other; its present state if None.
        read_only: whether nothing may be written, as with a `version`.
        catalog_only: whether only the tables in PostgreSQL are wanted: the lake itself is not attached.
        options: of DuckDB, such as memory_limit.

    Raises:
        WarehouseError: a package is missing or for another DuckDB, or the lake cannot be reached.
    """
    connection = duckdb.connect(config={**SETTINGS, **(options or {})})
    try:
        add_extension(connection, "postgres_scanner")
        if catalog_only:
            _attach_catalog(connection, lake, read_only=read_only)
            return connection
        for name in ("ducklake", *(("httpfs",) if lake.s3 is not None else ())):
            add_extension(connection, name)
        _attach(connection, lake, version, read_only=read_only or version is not None)
        connection.execute(f"USE {DATABASE}")
        connection.execute("SET TimeZone = 'UTC'")
    except BaseException:
        connection.close()
        raise
    _lakes[connection] = _Held()
    return connection


def pin_lake(connection: DuckDBPyConnection, lake: Lake, version: int) -> None:
    """Have a connection that has only the catalog (`catalog_only`) read one state of the lake, and nothing else.

    Raises:
        WarehouseError: as `connect_lake`.
    """
    try:
        connection.execute(f"DETACH {CATALOG}")
        for name in ("ducklake", *(("httpfs",) if lake.s3 is not None else ())):
            add_extension(connection, name)
        _attach(connection, lake, version, read_only=True)
        connection.execute(f"USE {DATABASE}")
    except BaseException:
        connection.close()
        raise
    _lakes[connection] = _Held()


@contextmanager
def beside(connection: DuckDBPyConnection, lake: Lake, version: int) -> Iterator[DuckDBPyConnection]:
    """Another connection, which reads one state of the lake that `connection` is to, for as long as the block lasts.

    Raises:
        WarehouseError: as `connect_lake`.
    """
    name = f"state_{version}"
    _attach(connection, lake, version, read_only=True, name=name)
    reader = connection.cursor()
    try:
        reader.execute(f"USE {name}")
        reader.execute("SET TimeZone = 'UTC'")
        yield reader
    finally:
        reader.close()
        connection.execute(f"DETACH {name}")


def connect_bucket(environment: Mapping[str, str] = os.environ) -> DuckDBPyConnection:
    """Connect to S3, for objects that are in no lake, with the credentials of the environment (`lake_at`).

    Raises:
        WarehouseError: a package is missing or for another DuckDB.
    """
    connection = duckdb.connect(config={**SETTINGS})
    try:
        add_extension(connection, "httpfs")
        _make_secret(connection, "commentary_s3", "s3", _s3_options(environment))
    except BaseException:
        connection.close()
        raise
    return connection


def _attach(
    connection: DuckDBPyConnection, lake: Lake, version: int | None, *, read_only: bool, name: str = DATABASE
) -> None:
    catalog = CATALOG if name == DATABASE else f"{name}_catalog"
    said = {"DATA_PATH": lake.data_path, "METADATA_CATALOG": catalog, "META_SECRET": _password(connection, lake)}
    if lake.s3 is not None:
        _make_secret(connection, "commentary_s3", "s3", lake.s3)
    options = [f"{name} {quoted(value)}" for name, value in said.items() if value]
    # Rows kept in the catalog would have to be flushed, and that kills readers and writers beside it.
    options += ["DATA_INLINING_ROW_LIMIT 0", *(["READ_ONLY"] if read_only else [])]
    if version is not None:
        options.append(f"SNAPSHOT_VERSION {version}")
    _execute_attach(connection, lake, f"ATTACH {quoted(str(lake))} AS {name} ({', '.join(options)})")


def _attach_catalog(connection: DuckDBPyConnection, lake: Lake, *, read_only: bool) -> None:
    secret = _password(connection, lake)
    # Else its transactions are "repeatable read", and of two that change the same row at once one fails.
    options = [
        "TYPE postgres",
        "ISOLATION_LEVEL 'read committed'",
        *([f"SECRET {secret}"] if secret else []),
        *(["READ_ONLY"] if read_only else []),
    ]
    _execute_attach(connection, lake, f"ATTACH {quoted(lake.catalog)} AS {CATALOG} ({', '.join(options)})")


def _execute_attach(connection: DuckDBPyConnection, lake: Lake, statement: str) -> None:
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        raise WarehouseError(
            f"{lake}: cannot be opened ({_told(error)}); check the settings warehouse and data_path, and that "
            "PostgreSQL answers there"
        ) from None


def _password(connection: DuckDBPyConnection, lake: Lake) -> str:
    """The name of the secret that has the password; empty where libpq finds its own."""
    if lake.password is None:
        return ""
    _make_secret(connection, "commentary_password", "postgres", {"PASSWORD": lake.password})
    return "commentary_password"


def _make_secret(connection: DuckDBPyConnection, name: str, kind: str, options: Mapping[str, str]) -> None:
    said = "".join(f", {key} {quoted(value)}" for key, value in options.items())
    try:
        connection.execute(f"CREATE OR REPLACE TEMPORARY SECRET {name} (TYPE {kind}{said})")
    except duckdb.Error as error:
        kind_of = type(error).__name__  # its words would quote what is secret
        raise WarehouseError(f"the credentials of {kind} cannot be used ({kind_of}); check them") from None


def _told(error: duckdb.Error) -> str:
    """An error in one line; whatever looks like a password is not in it."""
    return _PASSWORD.sub(" password=***", " ".join(str(error).split()))


def add_extension(connection: DuckDBPyConnection, name: str) -> None:
    """Load one of DuckDB's extensions from its Python package, never from the network.

    Raises:
        WarehouseError: the package is missing, or is for another version of DuckDB than the one installed.
    """
    package = "duckdb-extension-" + name.replace("_", "-")
    path = extension_file(name)
    if path is None or not path.exists():
        try:
            found = metadata.version(package)
        except metadata.PackageNotFoundError:
            raise WarehouseError(
                f"the package {package} is needed, and is not installed; `make scaling` installs it"
            ) from None
        raise WarehouseError(
            f"{package} {found} is for DuckDB {found}, but DuckDB {duckdb.__version__} is installed; `make scaling` "
            "installs versions that fit each other"
        )
    connection.load_extension(str(path))


def extension_file(name: str) -> Path | None:
    """Where an extension's file would be for the DuckDB installed; None where its package is not installed."""
    try:
        package = resources.files(f"duckdb_extension_{name}")
    except ModuleNotFoundError:
        return None
    return Path(str(package)) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


WRITERS = 0x636F6D6D
"""The key of the lock that a lake's writers hold for each transaction."""
WAIT_SECONDS = 600.0
QUEUE_SECONDS = 10.0


@contextmanager
def catalog_lock(
    connection: DuckDBPyConnection, key: int, wait_seconds: float = WAIT_SECONDS
) -> Iterator[Callable[[], None]]:
    """Hold a lock in a lake's catalog: PostgreSQL's advisory lock of that key. It goes with the connection to
    PostgreSQL, so that a killed holder blocks nobody. Yields what makes sure that it is held still.

    Raises:
        LockedError: another one held it for all of `wait_seconds`, or it was lost while it should have been held.
    """
    guard = connection.cursor()  # it has a transaction of its own, for as long as the lock is held
    try:
        _wait_for(guard, key, wait_seconds)

        def still_held() -> None:
            try:
                _ask(guard, "SELECT 1")
            except duckdb.Error as error:
                raise LockedError(f"the lock in the lake's catalog was lost ({_told(error)}); run again") from None

        yield still_held
    finally:
        with suppress(duckdb.Error):
            guard.execute("ROLLBACK")
        guard.close()


def _wait_for(guard: DuckDBPyConnection, key: int, wait_seconds: float) -> None:
    """Wait in PostgreSQL's queue, for some seconds at a time, so that Ctrl-C is heard in between."""
    deadline = time.monotonic() + wait_seconds
    while True:
        left = min(QUEUE_SECONDS, max(deadline - time.monotonic(), 0.001))
        guard.execute("BEGIN TRANSACTION")
        try:
            _ask(guard, f"SELECT set_config('lock_timeout', '{1000 * left:.0f}ms', true)")
            _ask(guard, f"SELECT pg_advisory_xact_lock({key})")
        except duckdb.Error as error:
            guard.execute("ROLLBACK")
            if "lock timeout" not in str(error):
                raise
        else:
            return
        if time.monotonic() >= deadline:
            raise LockedError(
                "another writer holds the lock in the lake's catalog; wait until it has ended, or end that process"
            )


def _ask(guard: DuckDBPyConnection, question: str) -> object:
    found = catalog_rows(guard, question)
    return found[0][0] if found else None


def catalog_rows(connection: DuckDBPyConnection, question: str) -> list[tuple[object, ...]]:
    """What PostgreSQL answers to a question, which has no values of others in it."""
    return connection.execute("SELECT * FROM postgres_query(?, ?)", [CATALOG, question.removesuffix(";")]).fetchall()


@contextmanager
def writing(connection: DuckDBPyConnection) -> Iterator[Callable[[], None]]:
    """Be the one who writes, where the warehouse is a lake; yields what makes sure of it before a commit.

    Of blocks within each other the outermost holds the lock. A file has one writer anyhow.

    Raises:
        LockedError: another one is writing for too long.
    """
    held = _lakes.get(connection)
    if held is None or held.depth:
        yield lambda: None
        return
    with catalog_lock(connection, WRITERS) as still_held:
        held.depth += 1
        try:
            yield still_held
        finally:
            held.depth -= 1
