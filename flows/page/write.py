"""Writing the page beside the snapshot that it shows."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from flows.page.render import page
from warehouse.connection import open_snapshot
from warehouse.page_rows import read_page_rows
from warehouse.workspace import Workspace, explained_disk_errors

NAME = "report.html"


def write_report(workspace: Workspace, now: datetime, output: Path | None = None) -> Path:
    """Make the page from the published snapshot and put it at `output`, by default report.html beside the snapshot.

    A page that is there is replaced as a whole. Returns where it is.

    Raises:
        WarehouseError: nothing is published yet, or the page cannot be written; DiskFullError if there is no room.
    """
    with open_snapshot(workspace) as connection:
        text = page(read_page_rows(connection, now), now)
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
