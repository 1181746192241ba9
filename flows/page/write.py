"""Writing the page beside the snapshot that it shows."""

import os
import secrets
from datetime import datetime
from pathlib import Path

import duckdb

from flows.page.render import page
from warehouse.connection import open_snapshot
from warehouse.errors import WarehouseError
from warehouse.page_rows import PageRows, read_page_rows
from warehouse.workspace import Workspace, explained_disk_errors

NAME = "report.html"


def write_report(workspace: Workspace, now: datetime, output: Path | None = None) -> Path:
    """Make the page from the published snapshot and put it at `output`, by default report.html beside the snapshot.

    A page that is there is replaced as a whole. Returns where it is.

    Raises:
        WarehouseError: nothing is published yet, it was published by an older release, or the page cannot be written;
            DiskFullError if there is no room.
    """
    text = page(_rows(workspace, now), now)
    path = output or workspace.home / NAME
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with explained_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("x", encoding="utf-8", newline="\n") as writing:
                writing.write(text)
                writing.flush()
                os.fsync(writing.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _rows(workspace: Workspace, now: datetime) -> PageRows:
    with open_snapshot(workspace) as connection:
        try:
            return read_page_rows(connection, now)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"{workspace.published}: was published by an older release and lacks what the page shows "
                f"({str(error).splitlines()[0]}); run `commentary ingest`, which publishes it anew"
            ) from error
