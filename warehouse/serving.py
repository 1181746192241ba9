"""Readers elsewhere: the published snapshot served over DuckDB's quack extension, reads only, always the newest.

The server is a database in memory that has a view for each table and view of the snapshot, and its macros. A new
publication is attached beside the former one and all views lead to it at once, in one transaction: what runs ends on
the former snapshot, what is asked later sees the new one, and no reader has to connect again.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import duckdb
import psutil

from warehouse.database import READER_SETTINGS, SQL, explained_open_error, transaction
from warehouse.errors import WarehouseError
from warehouse.sql import quoted
from warehouse.target import SETTINGS, add_extension
from warehouse.workspace import Workspace, explained_disk_errors

# The table functions of DuckDB that readers may call: they make rows, take JSON apart or tell what there is.
READING = (
    "duckdb_columns",
    "duckdb_databases",
    "duckdb_functions",
    "duckdb_schemas",
    "duckdb_tables",
    "duckdb_types",
    "duckdb_views",
    "generate_series",
    "json_each",
    "json_tree",
    "pragma_table_info",
    "pragma_version",
    "range",
    "repeat",
    "repeat_row",
    "summary",
    "unnest",
)
# httpfs is what quack speaks HTTP with, on both sides.
EXTENSIONS = ("httpfs", "quack")


class SqlServer:
    """Serves the snapshot of a workspace from its start to the end of the block.

    Readers can select, and nothing else: no other statement, no function that acts, no other file, no network, no
    setting. They share `memory_limit` (DuckDB's notation, such as "2GB").

    Raises:
        WarehouseError: nothing is published yet, or an extension is missing; the message names the way out.
    """

    def __init__(self, workspace: Workspace, memory_limit: str) -> None:
        if workspace.lake is not None:
            raise WarehouseError(f"{workspace.lake}: readers attach a lake themselves (docs/scaling.md says how)")
        self._published = workspace.published
        self._work = workspace.work.absolute()
        self._memory_limit = memory_limit
        self._number = 0
        self._served: tuple[int, int] | None = None
        self._address = ""

    def __enter__(self) -> "SqlServer":
        with explained_disk_errors(self._work):
            self._work.mkdir(parents=True, exist_ok=True)
            self._clear_leftovers()
            self._folder = Path(tempfile.mkdtemp(dir=self._work, prefix=f".serving-{os.getpid()}-"))
        try:
            self._connection = duckdb.connect(config={**SETTINGS, "memory_limit": self._memory_limit})
            for name in EXTENSIONS:
                add_extension(self._connection, name)
            self._guard()
            self.follow()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._address:
            self._connection.execute(SQL("stop_listening"), [self._address])
        self._leave()

    def listen(self, host: str, port: int, token: str) -> str:
        """Begin to answer those who have the token; returns the address that they are given.

        The caller makes sure that the port is free: quack would share it with whoever listens there already.
        """
        address = f"quack:{f'[{host}]' if ':' in host else host}:{port}"
        self._connection.execute(SQL("listen"), [address, token])
        self._address = address
        return address

    def follow(self) -> bool:
        """Take up what was published since; whether there was anything.

        Raises:
            WarehouseError: it cannot be read; readers keep what they had.
        """
        if not self._published.exists():
            raise WarehouseError(f"{self._published}: nothing is published yet; run `commentary ingest` first")
        if self._served == _identity(self._published):
            return False
        former, self._number = self._number, self._number + 1
        self._attach(_alias(self._number))
        self._lead_to(_alias(self._number))
        if former:
            self._connection.execute(SQL("detach_snapshot", alias=_alias(former)))
        return True

    def _clear_leftovers(self) -> None:
        """Remove the folders of servers that were killed."""
        for folder in self._work.glob(".serving-*"):
            if not psutil.pid_exists(int(folder.name.split("-")[1])):
                shutil.rmtree(folder, ignore_errors=True)

    def _guard(self) -> None:
        """Leave readers nothing but reading, and nobody any way to undo it."""
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        self._connection.execute("SET quack_authorization_function = 'only_reads'")
        refused = self._connection.execute(SQL("acting_functions"), {"reading": list(READING)}).fetchall()[0][0]
        self._connection.execute(SQL("create_guard", refused=str(refused)))
        self._connection.execute(f"SET temp_directory = {quoted(self._folder / 'spilled')}")
        self._connection.execute(f"SET allowed_directories = [{quoted(self._folder)}]")
        for name, value in READER_SETTINGS.items():
            self._connection.execute(f"SET {name} = {value}")

    def _attach(self, alias: str) -> None:
        """Attach what is published now, by a name of its own: DuckDB attaches no path twice, and this one changes.

        The name is gone as soon as the file is open. A file system without links gets a copy.
        """
        file = self._folder / f"{alias}.duckdb"
        try:
            os.link(self._published, file)
        except OSError:
            with explained_disk_errors(file):
                shutil.copyfile(self._published, file)
        try:
            self._served = _identity(file)
            self._connection.execute(SQL("attach_snapshot", path=quoted(file), alias=alias))
        except duckdb.Error as error:
            raise explained_open_error(self._published, error) from error
        finally:
            file.unlink()

    def _lead_to(self, alias: str) -> None:
        """Have all views and macros speak of the snapshot attached as `alias`."""
        relations = self._connection.execute(SQL("list_relations"), [alias]).fetchall()
        macros = [_Macro(*row) for row in self._connection.execute(SQL("list_macros"), [alias]).fetchall()]
        with transaction(self._connection):
            for (name,) in relations:
                self._connection.execute(SQL("forward_relation", name=f'"{name}"', alias=alias))
            for macro in _in_order(macros):
                statement = SQL(
                    "forward_macro", name=f'"{macro.name}"', parameters=", ".join(macro.parameters), body=macro.body
                )
                self._connection.execute(statement)

    def _leave(self) -> None:
        if hasattr(self, "_connection"):
            self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Macro(NamedTuple):
    name: str
    kind: str
    parameters: list[str]
    definition: str

    @property
    def body(self) -> str:
        return f"TABLE {self.definition}" if self.kind == "table_macro" else f"({self.definition})"


def _in_order(macros: Sequence[_Macro]) -> list[_Macro]:
    """Those that others use before them, as DuckDB wants to know all that a macro names when it is made."""
    words = {macro.name: set(re.findall(r"\w+", macro.definition)) - {macro.name} for macro in macros}
    order = TopologicalSorter({name: [other for other in words if other in used] for name, used in words.items()})
    by_name = {macro.name: macro for macro in macros}
    return [by_name[name] for name in order.static_order()]


def _alias(number: int) -> str:
    return f"snapshot_{number}"


def _identity(path: Path) -> tuple[int, int]:
    """What tells a published file from the one before: each is a new file."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns
