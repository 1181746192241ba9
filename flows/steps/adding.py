"""What an operator adds by hand: files and folders, archives of the web, single addresses, as a set of their own."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from extractors.article import FILE_FORMS, MAX_BYTES
from extractors.web.address import BadAddressError, canonical, fetchable
from extractors.web.fetch import Fetcher
from extractors.web.model import FetchRequest, FetchResult
from extractors.web.warc import PassedOver, is_warc, read_warc
from flows.run import Run
from flows.settings import UserError, slug
from flows.steps.loading import code_and_load
from flows.steps.watching import fetch_requests
from warehouse.articles import all_stored_hashes
from warehouse.coded import PutAside
from warehouse.raw_store import Material
from warehouse.sources import SourceSet, source_kinds, store_set
from warehouse.watched import accept, fetch_id, keep_archived, stored_fetch_ids, stored_pages

OWN_SET = "Added by hand"
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_LISTS = frozenset({".txt", ".urls"})
# Records of an archive that are kept in one transaction; and at most so many tasks for files, each costs milliseconds.
_AT_ONCE = 200
_MOST_TASKS = 80


@dataclass(slots=True)
class Named:
    """What was named, by what it is; `skipped` are files that are not read, each with why."""

    files: list[Path] = field(default_factory=list)
    archives: list[Path] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def sort_out(what: Iterable[str]) -> Named:
    """Files, archives and addresses among what was named; folders are gone through with all that is below them.

    A text file of nothing but addresses, one a line, is a list of pages to fetch where it is named itself; within a
    folder, where it may be anything, it is told of and nothing is fetched for it.

    Raises:
        UserError: something is neither there nor an address.
    """
    named = Named()
    for one in dict.fromkeys(map(_local, what)):
        if _ADDRESS.match(one):
            named.addresses.append(_address(one))
        elif Path(one).is_dir():
            for path in _below(Path(one), named):
                if _listed_addresses(path):
                    named.skipped.append((str(path), "a list of addresses; name the file itself to have them fetched"))
                else:
                    _sort(path, named)
        elif Path(one).exists():
            listed = _listed_addresses(Path(one))
            named.addresses += [address for address in map(_address, listed) if address not in named.addresses]
            if not listed:
                _sort(Path(one), named)
        else:
            raise UserError(
                f"{one!r} is no file, no folder and no address; nothing was added",
                "mend the path, or begin an address with https://",
            )
    return named


def _local(stated: str) -> str:
    """A path, also where it is stated as the address of a file, as our own messages and `articles.url` have it."""
    return url2pathname(urlsplit(stated).path) if stated.lower().startswith("file:///") else stated


def _listed_addresses(path: Path) -> list[str]:
    """The addresses of a text file that has nothing else, but for lines that begin with "#"; else none."""
    if path.suffix.lower() not in _LISTS or not path.is_file():
        return []
    listed: list[str] = []
    with suppress(OSError, UnicodeDecodeError), path.open(encoding="utf-8-sig") as file:
        for line in filter(None, map(str.strip, file)):
            if not line.startswith("#"):
                if not _ADDRESS.match(line) or line.split()[1:]:
                    return []
                listed.append(line)
    return listed


def _address(stated: str) -> str:
    try:
        return fetchable(stated)
    except BadAddressError as error:
        raise UserError(f"{stated!r} cannot be asked for: {error}; nothing was added", "mend the address") from error


def _below(folder: Path, named: Named) -> Iterator[Path]:
    """All files below a folder, in order. Hidden ones are passed over; links to folders are not followed."""

    def refuse(error: OSError) -> None:
        named.skipped.append((str(error.filename), f"cannot be read ({error.strerror})"))

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if not name.startswith("."))


def _sort(path: Path, named: Named) -> None:
    if path.exists() and not path.is_file():  # to open a pipe would wait for ever
        named.skipped.append((str(path), "no file but a pipe, socket or device"))
    elif is_warc(path):
        named.archives.append(path)
    elif path.suffix.lower() not in FILE_FORMS:
        kind = path.suffix.lower() or "no ending"
        named.skipped.append((str(path), f"a kind of file that is not read ({kind}); read are {', '.join(FILE_FORMS)}"))
    else:
        try:
            size, most = path.stat().st_size, MAX_BYTES[FILE_FORMS[path.suffix.lower()][0]]
        except OSError as error:
            named.skipped.append((str(path), f"cannot be read ({error.strerror})"))
            return
        if size == 0:
            named.skipped.append((str(path), "empty"))
        elif size > most:
            named.skipped.append((str(path), f"larger than an article of its kind can be ({most / 1e6:.0f} MB)"))
        else:
            named.files.append(path)


def keep_set(run: Run, name: str, sector: str | None) -> str:
    """Record the set that things are added to, as a source; its source_id.

    Raises:
        UserError: the name makes no identifier, or is that of a watched source.
    """
    source_id = slug(name)
    if not source_id:
        raise UserError(f"{name!r} makes no name of a set", "name it with letters or digits")
    kind = source_kinds(run.connection).get(source_id, "set")
    if kind != "set":
        raise UserError(f"{source_id!r} is the name of a watched source", "give the set another name with --set")
    if store_set(run.connection, SourceSet(source_id, name, sector)):
        run.journal.append_rows({"sets": [{"source_id": source_id, "name": name, "sector": sector}]})
    return source_id


def add_files(run: Run, files: Sequence[Path], source_id: str) -> None:
    """Read, code and load files, batch by batch; those whose bytes are loaded already are not read again."""
    known = all_stored_hashes(run.connection)
    size = max(run.settings.batch_size, -(-len(files) // _MOST_TASKS))
    run.listener("adding files", 0, len(files))
    for start in range(0, len(files), size):
        batch = files[start : start + size]
        found = [material for path in batch if (material := _material(run, path, source_id)) is not None]
        fresh = {one.raw_hash: one for one in reversed(found) if one.raw_hash not in known}
        run.counts["unchanged"] += len(found) - len(fresh)
        if fresh:
            materials = sorted(fresh.values(), key=lambda one: one.url)
            code_and_load.with_options(task_run_name=f"add-files-{start // size + 1}")(run, materials)
            known |= set(fresh)
        run.listener("adding files", start + len(batch), len(files))


def _material(run: Run, path: Path, source_id: str) -> Material | None:
    """A file's bytes, kept. Its identity is its place, so that an edited file is a new version of its article."""
    url = path.resolve().as_uri()
    try:
        data = path.read_bytes()
    except OSError as error:
        told = f"{path} cannot be read ({error.strerror}); check its permissions and add it again"
        run.set_aside([PutAside(url, "seed", "unreadable", told)])
        return None
    return Material(
        url=url,
        open_url=url,
        addresses=(url,),
        source_id=source_id,
        raw_hash=run.store.put(data),
        name=path.name,
        content_type=FILE_FORMS[path.suffix.lower()][1],
        fetched_at=run.clock(),
        trusted=True,
        local=True,
    )


def replay_archive(run: Run, path: Path, source_id: str) -> None:
    """Keep the pages of an archive as if they had been fetched; they are judged and loaded as any unread page.

    What an earlier run kept is passed over, so that a run which was killed is taken up where it stopped.
    """
    known = stored_fetch_ids(run.connection)
    size, kept = path.stat().st_size, 0
    waiting: list[tuple[FetchResult, str]] = []

    def keep() -> None:
        nonlocal kept
        keep_archived(run.connection, run.journal, waiting, found_on=path.resolve().as_uri(), now=run.clock())
        kept += len(waiting)
        waiting.clear()
        run.listener(f"reading {path.name}", kept, 0)

    run.listener(f"reading {path.name} ({size / 1e6:.1f} MB)", 0, 0)
    try:
        for found in read_warc(path, source_id):
            if isinstance(found, PassedOver):
                run.skipped.append((found.url, found.why))
            elif fetch_id(found.request.fetch_url, found.fetched_at) in known:
                run.counts["unchanged"] += 1
            else:
                waiting.append((found, run.store.put(found.body)))
                run.counts["found"] += 1
            if len(waiting) >= _AT_ONCE:
                keep()
    except OSError as error:
        told = f"{path} cannot be read ({error.strerror or error}); what stands before is kept; add it again"
        run.set_aside([PutAside(path.resolve().as_uri(), "seed", "unreadable", told)])
    keep()
    run.log.info("%s: %d pages kept", path, kept)


def fetch_addresses(run: Run, fetcher: Fetcher, addresses: Sequence[str], source_id: str) -> None:
    """Fetch single pages politely, to be loaded whatever the judgement of them says."""
    wanted: list[FetchRequest] = []
    for address in addresses:
        identity = canonical(address)
        told = accept(run.connection, identity, address, run.clock(), source_id=source_id)
        if told == "loaded":
            run.counts["unchanged"] += 1
        if told == "to_fetch":
            wanted.append(FetchRequest(identity, address, source_id, "article"))
    known = stored_pages(run.connection, [request.url for request in wanted])
    fetch_requests(run, fetcher, [request for request in wanted if request.url not in known])
    if any(fault.error_type == "disallowed" for fault in run.put_aside):
        run.note("what robots.txt forbids is not fetched: save such a page in a browser, and add the file")
