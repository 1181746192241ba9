"""The seed articles: a folder of files and a manifest of what is known about each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator

from extractors.article import FILE_FORMS, MAX_BYTES, Published, parse_published
from extractors.lexicon import FileError, Filled, Table, checked, read_tables
from extractors.web.address import canonical
from flows.settings import UserError
from warehouse.coded import PutAside
from warehouse.raw_store import Material
from warehouse.sources import SEEDS_SOURCE

MANIFEST = "manifest.toml"


class ManifestError(FileError):
    """The manifest of the seeds, or one of its entries, cannot be used."""


def _published(stated: object) -> Published:
    published = parse_published(stated, "manifest") if isinstance(stated, str) else None
    if published is None:
        raise ValueError(f"is {stated!r}, should be YYYY-MM-DD, YYYY-MM or YYYY")
    return published


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"is {url!r}, should be an address with http:// or https://")
    return url


class SeedEntry(Table):
    """What the manifest states of one file; what is not known is None or empty. A note is for its readers."""

    file: Filled
    title: str | None = None
    publisher: str | None = None
    authors: list[str] = Field([])
    published: Annotated[Published, PlainValidator(_published)] | None = None
    source: str | None = None
    url: Annotated[str, AfterValidator(_web_address)] | None = None
    note: str | None = None


class _Manifest(Table):
    article: list[Any] = Field([])


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a folder of seeds gave: material, what was put aside, and remarks ("a file is gone")."""

    material: tuple[Material, ...]
    put_aside: tuple[PutAside, ...]
    missing: tuple[SeedEntry, ...]


def find_seeds(folder: Path, keep: Callable[[bytes], str], now: datetime) -> Seeds:
    """Read the manifest and the files of a folder of seeds (its `articles` folder, where it has one).

    Args:
        folder: the folder; a manifest is optional.
        keep: stores bytes and gives their hash (the raw store).
        now: the time that the files are taken to be fetched at.

    Raises:
        UserError: the folder or its manifest as a whole cannot be read. A manifest that is ignored would load the
            same articles again under other ids, so the seeds wait until it is mended.
    """
    files = _files(folder)
    entries, put_aside = _manifest(folder / MANIFEST)
    described = {entry.file: entry for entry in entries}
    refused = {fault.url for fault in put_aside}
    material: list[Material] = []
    for path in files:
        if str(path) in refused:
            continue
        found = _material(path, described.get(path.name, SeedEntry(file=path.name)), keep, now)
        if isinstance(found, PutAside):
            put_aside.append(found)
        else:
            material.append(found)
    names = {path.name for path in files}
    missing = tuple(entry for entry in entries if entry.file not in names)
    return Seeds(tuple(material), tuple(put_aside), missing)


def seed_url(entry: SeedEntry) -> str:
    """The identity of a seed article: its canonical address, or `seed:` and its file's name where none is known."""
    return canonical(entry.url) if entry.url else f"seed:{entry.file}"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UserError(
            f"the folder of seeds {folder} does not exist",
            "name another with --seeds DIR, or restore it with `git checkout seeds`",
        )
    articles = folder / "articles" if (folder / "articles").is_dir() else folder
    try:
        return sorted(path for path in articles.iterdir() if path.suffix.lower() in FILE_FORMS and path.is_file())
    except OSError as error:
        raise UserError(f"the folder {articles} cannot be read ({error.strerror})", "check its permissions") from error


def _material(path: Path, entry: SeedEntry, keep: Callable[[bytes], str], now: datetime) -> Material | PutAside:
    try:
        size, most = path.stat().st_size, MAX_BYTES[FILE_FORMS[path.suffix.lower()][0]]
        if size > most:
            told = f"{path.name} has {size / 1e6:.0f} MB, an article at most {most / 1e6:.0f} MB; split it or remove it"
            return PutAside(str(path), "seed", "too_large", told)
        data = path.read_bytes()
    except OSError as error:
        return PutAside(
            str(path), "seed", "unreadable", f"{path.name} cannot be read ({error.strerror}); check its permissions"
        )
    if not data.strip():
        return PutAside(str(path), "seed", "empty", f"{path.name} is empty; remove it or put the article's text in")
    url = seed_url(entry)
    return Material(
        url=url,
        open_url=entry.url or url,
        addresses=(url,),
        source_id=entry.source or SEEDS_SOURCE,
        raw_hash=keep(data),
        name=path.name,
        content_type=FILE_FORMS[path.suffix.lower()][1],
        fetched_at=now,
        trusted=True,
        local=True,
        title=entry.title,
        publisher=entry.publisher,
        authors=tuple(entry.authors),
        published=entry.published,
    )


def _manifest(path: Path) -> tuple[list[SeedEntry], list[PutAside]]:
    if not path.exists():
        return [], []
    try:
        tables = read_tables(path, _Manifest, ManifestError).article
    except ManifestError as error:
        raise UserError(str(error), "mend the manifest; no seed was read, and what is loaded stays") from error
    entries: list[SeedEntry] = []
    put_aside: list[PutAside] = []
    for number, table in enumerate(tables, 1):
        name = table.get("file", "") if isinstance(table, dict) else ""
        where = f"article {number} ({name})" if name else f"article {number}"
        try:
            entry = checked(path, where, table, SeedEntry, ManifestError)
            _check_unique(path, where, entry, entries)
        except ManifestError as error:
            put_aside.append(PutAside(_refused_path(path, name), "seed", "manifest", f"{error}; mend the entry"))
        else:
            entries.append(entry)
    return entries, put_aside


def _refused_path(manifest: Path, name: object) -> str:
    """The file that a broken entry is about, so that it is not loaded under another id; else the manifest itself."""
    for folder in (manifest.parent / "articles", manifest.parent):
        if isinstance(name, str) and name and (folder / name).is_file():
            return str(folder / name)
    return str(manifest)


def _check_unique(path: Path, where: str, entry: SeedEntry, earlier: Sequence[SeedEntry]) -> None:
    for other in earlier:
        if other.file == entry.file:
            raise ManifestError(path, where, "the file has an entry already; keep one of the two")
        if entry.url and other.url and seed_url(other) == seed_url(entry):
            raise ManifestError(path, where, f"the same address as {other.file}; keep one of the two")
