"""The seed articles: a folder of files and a manifest of what is known about each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.article import MAX_BYTES, Published, parse_published
from extractors.lexicon import LexiconError, expect_keys, read_toml
from extractors.web.address import canonical
from flows.settings import UserError
from warehouse.coded import PutAside
from warehouse.raw_store import Material
from warehouse.sources import SEEDS_SOURCE

MANIFEST = "manifest.toml"
_ENDINGS = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".pdf": "application/pdf"}
_FORMS = {".txt": "text", ".html": "page", ".htm": "page", ".pdf": "pdf"}
_OPTIONAL = {"title": str, "publisher": str, "authors": list, "published": str, "source": str, "url": str, "note": str}


@dataclass(frozen=True, slots=True)
class SeedEntry:
    """What the manifest states of one file; what is not known is None or empty."""

    file: str
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    source: str | None = None
    url: str | None = None


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
        found = _material(path, described.get(path.name, SeedEntry(path.name)), keep, now)
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
        return sorted(path for path in articles.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    except OSError as error:
        raise UserError(f"the folder {articles} cannot be read ({error.strerror})", "check its permissions") from error


def _material(path: Path, entry: SeedEntry, keep: Callable[[bytes], str], now: datetime) -> Material | PutAside:
    try:
        size, most = path.stat().st_size, MAX_BYTES[_FORMS[path.suffix.lower()]]
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
        content_type=_ENDINGS[path.suffix.lower()],
        fetched_at=now,
        trusted=True,
        local=True,
        title=entry.title,
        publisher=entry.publisher,
        authors=entry.authors,
        published=entry.published,
    )


def _manifest(path: Path) -> tuple[list[SeedEntry], list[PutAside]]:
    if not path.exists():
        return [], []
    try:
        tables = read_toml(path).get("article", [])
    except LexiconError as error:
        raise UserError(str(error), "mend the manifest; no seed was read, and what is loaded stays") from error
    entries: list[SeedEntry] = []
    put_aside: list[PutAside] = []
    for number, table in enumerate(tables if isinstance(tables, list) else [], 1):
        try:
            entry = _entry(path, number, table, entries)
        except LexiconError as error:
            name = table.get("file", "") if isinstance(table, dict) else ""
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


def _entry(path: Path, number: int, table: object, earlier: Sequence[SeedEntry]) -> SeedEntry:
    where = f"article {number}"
    if not isinstance(table, dict):
        raise LexiconError(path, where, "expected a table [[article]]")
    expect_keys(path, where, table, required={"file": str}, optional=_OPTIONAL)
    where = f"article {number} ({table['file']})"
    authors = table.get("authors", [])
    if not all(isinstance(author, str) for author in authors):
        raise LexiconError(path, where, "'authors' holds something other than a string")
    published = parse_published(table["published"], "manifest") if "published" in table else None
    if "published" in table and published is None:
        raise LexiconError(path, where, f"'published' is {table['published']!r}, expected YYYY-MM-DD, YYYY-MM or YYYY")
    entry = SeedEntry(
        file=table["file"],
        title=table.get("title"),
        publisher=table.get("publisher"),
        authors=tuple(authors),
        published=published,
        source=table.get("source"),
        url=table.get("url"),
    )
    return _checked(path, where, entry, earlier)


def _checked(path: Path, where: str, entry: SeedEntry, earlier: Sequence[SeedEntry]) -> SeedEntry:
    if entry.url is not None and not entry.url.startswith(("http://", "https://")):
        raise LexiconError(path, where, f"'url' is {entry.url!r}, expected an address with http:// or https://")
    for other in earlier:
        if other.file == entry.file:
            raise LexiconError(path, where, "the file has an entry already; keep one of the two")
        if entry.url and other.url and seed_url(other) == seed_url(entry):
            raise LexiconError(path, where, f"the same address as {other.file}; keep one of the two")
    return entry
