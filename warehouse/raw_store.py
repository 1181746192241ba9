"""The bytes that were fetched, as they came: named by their content, compressed, never changed."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import zstandard

from warehouse.errors import DamagedObjectError
from warehouse.workspace import explained_disk_errors

COMPRESSION_LEVEL = 9  # pages shrink to about a fifth; a higher level costs more time than it saves room
_HASH = re.compile(r"[0-9a-f]{64}")


class RawStore:
    """A folder of compressed objects, each in the file `ab/abcdef....zst` of its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; returns their SHA-256 in hexadecimal. What is there already is not written again.

        The object appears whole or not at all, also when the process or the machine stops in the middle.

        Raises:
            WarehouseError: it cannot be written; DiskFullError if there is no room.
        """
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if not path.exists():
            with explained_disk_errors(path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, zstandard.compress(content, COMPRESSION_LEVEL))
        return name

    def get(self, name: str) -> bytes:
        """The bytes of an object.

        Raises:
            KeyError: there is no such object.
            DamagedObjectError: the file does not hold what its name says.
        """
        path = self._path(name)
        try:
            compressed = path.read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None
        try:
            content = zstandard.ZstdDecompressor().decompressobj().decompress(compressed)
        except zstandard.ZstdError:
            content = b""
        if hashlib.sha256(content).hexdigest() != name:
            raise DamagedObjectError(
                f"{path}: the stored object is damaged; delete this file, and the page is fetched again when it is due"
            )
        return content

    def __contains__(self, name: str) -> bool:
        return self._path(name).exists()

    def __iter__(self) -> Iterator[str]:
        """The names of all objects, in order."""
        return iter(sorted(path.stem for path in self.folder.glob("??/*.zst")))

    def _path(self, name: str) -> Path:
        if not _HASH.fullmatch(name):
            raise KeyError(name)
        return self.folder / name[:2] / f"{name}.zst"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all, and lasts.

    A temporary file beside it is synced, renamed, and the folder synced.

    Raises:
        OSError: it could not be written; the temporary file is removed.
    """
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last over a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
