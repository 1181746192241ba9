"""The sources to watch, as `sources.toml` lists them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

import soupsieve
from pydantic import AfterValidator, Field, model_validator

from extractors.lexicon import FileError, Filled, Table, checked, read_tables
from extractors.web.address import BadAddressError, fetchable, origin, site_of
from extractors.web.model import JsonList, Source, SourceKind

_TABLE = re.compile(r"\s*\[")


class SourcesError(FileError):
    """The file of sources cannot be used."""


def _plain(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return " ".join(text.split())


def _asked(address: str) -> str:
    if not urlsplit(address).scheme:
        raise ValueError("cannot be asked for: it lacks https:// or http://")
    try:
        return fetchable(address)
    except ValueError as error:
        raise ValueError(f"cannot be asked for: {error}") from None


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
    return pattern


def _css(selector: str) -> str:
    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"is not a CSS selector: {str(error).splitlines()[0]}") from None
    return selector


Plain = Annotated[str, AfterValidator(_plain)]
Address = Annotated[str, AfterValidator(_asked)]
Patterns = list[Annotated[str, AfterValidator(_regex)]]


class _Api(Table):
    """Where a JSON API lists its articles (`JsonList`)."""

    items: str
    address: Filled
    title: str = ""
    published: str = ""
    modified: str = ""
    authors: str = ""
    offset: str = ""
    page: str = ""
    total: str = ""


class _Entry(Table):
    """A source as its file has it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    name: Plain
    address: Address
    sector: Plain
    homepage: Address | None = None
    kind: SourceKind = "site"
    include: Patterns = Field([])
    exclude: Patterns = Field([])
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(?:-[A-Z]{2})?$")] = "en"
    selector: Annotated[str, AfterValidator(_css)] | None = None
    enabled: bool = True
    verified: bool = False
    quiet_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    api: _Api | None = None

    @model_validator(mode="after")
    def _api_goes_with_its_kind(self) -> Self:
        if (self.api is not None) != (self.kind == "json"):
            raise ValueError(
                "lacks 'api', the table that says where the list is"
                if self.api is None
                else "'api' goes with kind 'json'"
            )
        return self


class _File(Table):
    source: list[dict[str, Any]]


def is_home(source: Source, url: str) -> bool:
    """Whether an address is on the very site that the source's file names as its own: same host, same port."""
    try:
        return site_of(url) in {site_of(source.homepage), site_of(source.address)}
    except BadAddressError:
        return False


def owns(source: Source, url: str) -> bool:
    """Whether an address is on a source's own site or on a host under it.

    What stands above it is not its own: who writes at me.blogs.example has no say over blogs.example.
    """
    if is_home(source, url):
        return True
    try:
        site = site_of(url)
        return any(site.endswith("." + site_of(own)) for own in (source.homepage, source.address))
    except BadAddressError:
        return False


def read_sources(path: Path, own: Path | None = None) -> tuple[Source, ...]:
    """The sources of a file, in its order, with what an operator's own file over it says.

    The own file adds sources, and changes those that the other has: an entry with such an `id` names only the keys that
    are to be otherwise. `removed = true` takes a source out. What it says of a source that the other file no longer has
    counts for nothing, and a source of the other file at the address of one that it adds gives way to that one, so that
    a new release of the other file breaks no run.

    Raises:
        SourcesError: a file cannot be used; the message names the file, the source, its line and what is wrong.
    """
    entries = _said(path)
    for entry in _said(own) if own is not None and own.exists() else ():
        _lay_over(entries, entry)
    sources = tuple(_checked(entry) for entry in entries)
    with _with_its_line(entries[-1].file if entries else path):
        _check_unique(entries[-1].file if entries else path, sources)
    return sources


@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says of one source, and its place there counted from 1; `is_own` where only the operator's file has
    the source."""

    file: Path
    position: int
    table: dict[str, Any]
    is_own: bool = False


def _said(path: Path) -> list[_Said]:
    with _with_its_line(path):
        tables = read_tables(path, _File, SourcesError).source
    return [_Said(path, position, table) for position, table in enumerate(tables, 1)]


def _lay_over(entries: list[_Said], over: _Said) -> None:
    """Change, remove or add the source of an entry of the operator's file."""
    name, removed = over.table.get("id"), over.table.get("removed") is True
    at = next((at for at, entry in enumerate(entries) if name is not None and entry.table.get("id") == name), None)
    if at is None:
        if not removed and ("address" in over.table or name is None):
            entries[:] = [one for one in entries if not _gives_way(one, over)]
            entries.append(replace(over, is_own=True))
    elif removed:
        del entries[at]
    else:
        entries[at] = replace(over, table={**entries[at].table, **over.table}, is_own=entries[at].is_own)


def _gives_way(shipped: _Said, own: _Said) -> bool:
    """Whether an entry is of the file below, and watches what one of the operator's file does under another id."""
    return not shipped.is_own and shipped.table.get("address") == own.table.get("address") is not None


def _checked(said: _Said) -> Source:
    with _with_its_line(said.file):
        name = said.table.get("id", said.table.get("name"))
        return _source(
            checked(
                said.file,
                f"source {repr(name) if isinstance(name, str) else said.position}",
                said.table,
                _Entry,
                SourcesError,
            )
        )


@contextmanager
def _with_its_line(path: Path) -> Iterator[None]:
    """Have errors name the line as well."""
    try:
        yield
    except SourcesError as error:
        if not path.is_file() or error.problem.startswith(("not ", "the file ")):
            raise
        line = _line_of(error, path.read_text(encoding="utf-8").splitlines())
        raise SourcesError(path, f"{error.entry} (line {line})".strip(), error.problem) from error


def _line_of(error: FileError, lines: Sequence[str]) -> int:
    """The line, counted from 1, of what the error is about: a key of a source, else where the source begins."""
    opens = [number for number, line in enumerate(lines, 1) if _TABLE.match(line)] or [1]
    bounds = [*zip(opens, [*opens[1:], len(lines) + 1], strict=True)]
    named = re.match(r"source (?:'(?P<id>.*?)'|(?P<position>\d+))(?:, (?P<key>\w+))?", error.entry)
    begin, end = bounds[0]
    if named and named["id"]:
        is_id = re.compile(rf"""\s*(?:\{{\s*)?(?:id|name)\s*=\s*["']{re.escape(named["id"])}["']""")
        # Of two with the same id the error is about the later one.
        own = [(a, b) for a, b in bounds if any(is_id.match(line) for line in lines[a - 1 : b - 1])]
        begin, end = own[-1] if own else bounds[0]
    elif named:
        begin, end = bounds[min(int(named["position"]), len(bounds)) - 1]
    key = (named and named["key"]) or next(iter(re.findall(r"'(\w+)'", error.problem)), None)
    of_key = re.compile(rf"""\s*["']?{key}["']?\s*=""") if key else None
    return next((n for n in range(begin, end) if of_key and of_key.match(lines[n - 1])), begin)


def _source(entry: _Entry) -> Source:
    return Source(
        source_id=entry.id,
        name=entry.name,
        homepage=entry.homepage or origin(entry.address) + "/",
        kind=entry.kind,
        address=entry.address,
        sector=entry.sector,
        include=tuple(entry.include),
        exclude=tuple(entry.exclude),
        language=entry.language,
        selector=entry.selector,
        enabled=entry.enabled,
        verified=entry.verified,
        quiet_days=entry.quiet_days,
        api=JsonList(**entry.api.model_dump()) if entry.api else None,
    )


def _check_unique(path: Path, sources: Iterable[Source]) -> None:
    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for source in sources:
        if source.source_id in ids:
            raise SourcesError(path, f"source {source.source_id!r}", "the id is used twice")
        if source.address in addresses:
            raise SourcesError(
                path, f"source {source.source_id!r}", f"has the address of {addresses[source.address]!r}"
            )
        ids.add(source.source_id)
        addresses[source.address] = source.source_id
