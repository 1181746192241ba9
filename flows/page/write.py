"""The page as HTML, made from rows and data by one pure function, and written beside the snapshot that it shows."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.page.data import (
    WELL,
    Block,
    Data,
    PageRows,
    counted,
    day,
    moment,
    plain,
    prepared,
    read_page_rows,
    sources_finding,
)
from warehouse.database import open_snapshot
from warehouse.errors import WarehouseError
from warehouse.workspace import Workspace, explained_disk_errors, write_atomically

NAME = "report.html"
_CONTENTS = "contents.json"
"""The file of a state that says of each block of articles what it was made of; the last one written."""
_SCRIPTS = ("text", "findings", "address", "data", "parts", "article", "search", "sections", "main")


def page(rows: PageRows, blocks: Sequence[Block], now: datetime, *, has_files: bool = False) -> str:
    """The page with these blocks of data inside; the same arguments give the same text.

    Its Content-Security-Policy lets only the style and script run that have our hashes, and what that script asks for
    where the page `has_files` beside it.
    """
    style, script = _asset("page.css"), _script()
    return (
        _environment()
        .get_template("page.html")
        .render(
            policy=_policy(style, script, has_files=has_files),
            style=Markup(style),  # noqa: S704  our own file
            script=Markup(script),  # noqa: S704  our own files
            blocks=[(block.name, Markup(block.json)) for block in blocks],  # noqa: S704  no "<" is in them
            rows=rows,
            now=now,
            sources_finding=sources_finding(rows.source_states),
        )
    )


def write_report(
    workspace: Workspace, now: datetime, output: Path | None = None, *, most_in_one_file: int = 3_000
) -> Path:
    """Make the page from the published snapshot and put it at `output`, by default report.html beside the snapshot.

    Up to `most_in_one_file` articles it is one file. With more, the articles are in a folder beside it, named after it
    (`report-files`), which goes where the page goes. A page that is there is replaced as a whole, and its folder after
    it. Returns where the page is.

    Raises:
        WarehouseError: nothing is published yet, it was published by an older release, or the page cannot be written;
            DiskFullError if there is no room.
    """
    path = output or workspace.home / NAME
    with open_snapshot(workspace) as connection, _explained(workspace), explained_disk_errors(path):
        rows, data = read_page_rows(connection, now), prepared(connection, now)
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = _folder_of(path)
        if data.articles <= most_in_one_file:
            write_atomically(path, page(rows, [data.index(None), *data.blocks()], now).encode())
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _write_with_files(path, folder, rows, data)
    return path


def renew_report(workspace: Workspace, now: datetime, *, most_in_one_file: int) -> str | None:
    """Make the page of the warehouse anew after a publication; why it could not be made, or None.

    The data is out by then, so that this is no failure of what published it. The old page, which shows what is no
    longer published, goes with its folder.
    """
    try:
        write_report(workspace, now, most_in_one_file=most_in_one_file)
    except Exception as error:  # whatever it is, the data are there
        path = workspace.home / NAME
        with suppress(OSError):
            path.unlink(missing_ok=True)
        shutil.rmtree(_folder_of(path), ignore_errors=True)
        return f"the page could not be made: {str(error) or type(error).__name__}"
    return None


def _folder_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}-files")


def _write_with_files(path: Path, folder: Path, rows: PageRows, data: Data) -> None:
    """The data goes into a folder of its own for each state, so that a page that is open keeps fitting files until the
    new page is there. Blocks of articles that are as they were in the state before are the same files."""
    state = f"{rows.totals.content_version or 0}-{data.now:%Y%m%dT%H%M%S}"
    new = folder / state
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        contents = data.contents()
        _write_blocks(new, data.blocks(kept=_kept(folder, new, contents)))
        (new / _CONTENTS).write_text(json.dumps(contents), encoding="utf-8")
        text = page(rows, [data.index(f"{folder.name}/{state}/")], data.now, has_files=True)
        write_atomically(path, text.encode())
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        with suppress(OSError):  # an earlier page has its files in it
            folder.rmdir()
        raise
    for old in folder.iterdir():
        if old != new:
            shutil.rmtree(old, ignore_errors=True)


def _write_blocks(folder: Path, blocks: Iterable[Block]) -> None:
    # A script and not JSON: browsers let a page from a disk load the one beside it, but not the other.
    for block in blocks:
        (folder / f"{block.name}.js").write_text(f'commentaryBlock("{block.name}",{block.json});\n', encoding="utf-8")


def _kept(folder: Path, new: Path, contents: Mapping[str, str]) -> frozenset[str]:
    """The blocks of these contents that a state before has, which are put into the new one."""
    kept: set[str] = set()
    for noted in folder.glob(f"*/{_CONTENTS}"):
        with suppress(OSError, ValueError):  # what cannot be read or linked is made anew
            before = json.loads(noted.read_text("utf-8"))
            for name in sorted(contents.keys() - kept):
                if before.get(name) == contents[name]:
                    (new / f"{name}.js").hardlink_to(noted.with_name(f"{name}.js"))
                    kept.add(name)
    return frozenset(kept)


@contextmanager
def _explained(workspace: Workspace) -> Iterator[None]:
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise WarehouseError(
            f"{workspace.published}: was published by an older release and lacks what the page shows "
            f"({str(error).splitlines()[0]}); run `commentary ingest`, which publishes it anew"
        ) from error


def _policy(style: str, script: str, *, has_files: bool) -> str:
    """Nothing but our style and script; no text becomes markup or code, but for the addresses of our own files."""
    files = " 'strict-dynamic'" if has_files else ""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}{files}; base-uri 'none'; "
        f"form-action 'none'; require-trusted-types-for 'script'; trusted-types blocks"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _script() -> str:
    parts = "\n".join(_asset(f"{name}.js") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _asset(name: str) -> str:
    return resources.files("flows.page").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "counted": counted,
        "day": day,
        "moment": moment,
        "plain": plain,
    }
    environment.globals["well"] = WELL
    return environment
