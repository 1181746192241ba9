"""Backing a warehouse up into one file, also while a run goes on, and restoring it into an empty folder.

A backup holds what cannot be made again: the published snapshot, the journal and the objects of the raw store, and what
people wrote themselves (the analyst's notes, the operator's sources). The next run makes the pipeline's database from
them by itself (`warehouse.rebuild`), and asks for no page again that is stored. None of the three is ever written to in
place: the snapshot is replaced as a whole, the journal only grows, and an object is there before the journal tells of
it. So a copy of the snapshot, then of the journal as long as it is at that moment, then of the objects is consistent
whatever a run does meanwhile.
"""

import hashlib
import io
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import zstandard

from warehouse.errors import DamagedError, WarehouseError
from warehouse.notes import NotesError, kept_notes
from warehouse.publish import READ_ONLY
from warehouse.raw_store import journal_of
from warehouse.workspace import Workspace, explained_disk_errors, whole_file, write_atomically

_FORMAT = 2
"""1 had no files of people."""
_CONTENTS = "contents.json"
_SNAPSHOT = "commentary.duckdb"
_JOURNAL = "raw/journal.jsonl"
_OBJECT = re.compile(r"raw/([0-9a-f]{2})/(\1[0-9a-f]{62})\.zst")
_LEVEL = 3  # objects are compressed already


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds. `snapshot` and `journal` are SHA-256 in hexadecimal, empty where there was none; `made_at`
    is ISO 8601 in UTC; `own` has the SHA-256 of each file that people wrote themselves."""

    format: int
    made_at: str
    snapshot: str
    journal: str
    objects: int
    own: dict[str, str] = field(default_factory=dict)


def back_up(workspace: Workspace, path: Path, now: datetime) -> Contents:
    """Write a backup of a warehouse to `path`, which appears whole or not at all. A file there is replaced.

    Raises:
        WarehouseError: there is nothing to back up, or it cannot be written; DiskFullError if there is no room.
    """
    _refuse_lake(workspace)
    journal = journal_of(workspace)
    if not workspace.published.exists() and not journal.end():
        raise WarehouseError(f"{workspace.home}: there is nothing to back up; run `commentary ingest` first")
    # No name that `clear_leftovers` takes for its own: a run may start meanwhile.
    with explained_disk_errors(path), whole_file(path, ending="part") as temporary, temporary.open("xb") as file:
        return _write(workspace, file, now)


def _refuse_lake(workspace: Workspace) -> None:
    if workspace.lake is not None:
        raise WarehouseError(
            f"{workspace.lake}: a lake is backed up and restored by pg_dump and a copy of its data, together with the "
            "raw store (docs/scaling.md)"
        )


def _write(workspace: Workspace, file: BinaryIO, now: datetime) -> Contents:
    with _compressed(file) as stream, tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        snapshot = _add_file(tar, _SNAPSHOT, workspace.published, None)
        journal = journal_of(workspace)
        told = _add_file(tar, _JOURNAL, journal.path, journal.end())
        objects = sorted(workspace.raw.glob("??/*.zst"))
        for path in objects:
            tar.add(path, f"raw/{path.parent.name}/{path.name}", recursive=False)
        own = {path.name: _add_file(tar, path.name, path, None) for path in workspace.own_files if path.is_file()}
        contents = Contents(_FORMAT, now.astimezone(UTC).isoformat(), snapshot, told, len(objects), own)
        text = json.dumps(asdict(contents)).encode()
        info = tarfile.TarInfo(_CONTENTS)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    return contents


@contextmanager
def _compressed(file: BinaryIO) -> Iterator[BinaryIO]:
    with zstandard.ZstdCompressor(_LEVEL).stream_writer(file, closefd=False) as stream:
        yield stream


def _add_file(tar: tarfile.TarFile, name: str, path: Path, size: int | None) -> str:
    """Add a file as it is now, or its first bytes; its SHA-256, empty if there is no such file."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return ""
    with file:
        info = tar.gettarinfo(arcname=name, fileobj=file)
        info.size = info.size if size is None else size
        digest = _Hashed(file)
        tar.addfile(info, digest)
    return digest.hexdigest()


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """The SHA-256 of what was read."""
        return self._hash.hexdigest()


def restore(workspace: Workspace, path: Path) -> Contents:
    """Put a backup into a workspace that is empty; the next run makes the pipeline's database from it.

    All is unpacked and verified beside the places first, and the published file is moved last.

    Raises:
        WarehouseError: the workspace is not empty, the backup cannot be read, or there is no room (DiskFullError).
        DamagedError: the backup is not what was written; nothing was restored.
    """
    _refuse_lake(workspace)
    for taken in (workspace.published, workspace.database, journal_of(workspace).path, *workspace.own_files):
        if taken.exists():
            raise WarehouseError(
                f"{taken}: is there already, and nothing is restored over it; move {workspace.home} away, or set "
                "COMMENTARY_HOME to another folder"
            )
    workspace.prepare()
    unpacked = workspace.work / f".restoring-{secrets.token_hex(4)}"
    with explained_disk_errors(workspace.home):
        try:
            contents = _unpack(path, unpacked, workspace)
            for own in workspace.own_files:
                if own.name in contents.own:
                    write_atomically(own, (unpacked / own.name).read_bytes())
            with suppress(NotesError):  # it comes back as it was, and who reads it is told what is wrong in it
                kept_notes(workspace.notes)
            if (unpacked / "raw").exists():
                shutil.copytree(unpacked / "raw", workspace.raw, dirs_exist_ok=True)
            if contents.snapshot:
                with whole_file(workspace.published) as temporary:
                    (unpacked / _SNAPSHOT).chmod(READ_ONLY)
                    (unpacked / _SNAPSHOT).replace(temporary)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
    return contents


def _unpack(path: Path, folder: Path, workspace: Workspace) -> Contents:
    """Unpack a backup, and make sure that it is whole."""
    single = {_CONTENTS, _SNAPSHOT, _JOURNAL, *(own.name for own in workspace.own_files)}
    try:
        with (
            path.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            for member in tar:
                _unpack_one(tar, member, folder, single)
        contents = Contents(**json.loads((folder / _CONTENTS).read_bytes()))
    except FileNotFoundError as error:
        if not path.exists():
            raise WarehouseError(f"{path}: there is no such file; name the backup") from error
        raise _damaged(path, "it ends too early") from error
    except (zstandard.ZstdError, tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    if contents.format > _FORMAT:
        raise WarehouseError(f"{path}: is a backup of format {contents.format}, made by a newer release; upgrade first")
    for name, known in ((_SNAPSHOT, contents.snapshot), (_JOURNAL, contents.journal), *contents.own.items()):
        if known and hashlib.sha256((folder / name).read_bytes()).hexdigest() != known:
            raise _damaged(path, f"{name} is not what was backed up")
    if sum(1 for _ in folder.glob("raw/??/*.zst")) != contents.objects:
        raise _damaged(path, "objects of the raw store are missing")
    return contents


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, single: Collection[str]) -> None:
    """Only files under the names that we give: a backup cannot write elsewhere."""
    known = member.name in single or _OBJECT.fullmatch(member.name)
    content = tar.extractfile(member) if known and member.isfile() else None
    if content is None:
        raise ValueError(f"it holds {member.name!r}, which is no part of a backup")
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as writing:
        shutil.copyfileobj(content, writing, 1 << 20)
        writing.flush()
        os.fsync(writing.fileno())


def _damaged(path: Path, why: str) -> DamagedError:
    return DamagedError(f"{path}: the backup is damaged or none ({why}); nothing was restored, use another one")
