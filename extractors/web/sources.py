"""The sources to watch, as `sources.toml` lists them."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import soupsieve

from extractors.lexicon import LexiconError, expect_keys, read_toml
from extractors.web.address import BadAddressError, fetchable, origin, site_of
from extractors.web.model import Source, SourceKind

_REQUIRED: dict[str, type] = {"id": str, "name": str, "address": str, "sector": str}
_OPTIONAL: dict[str, type] = {
    "homepage": str,
    "kind": str,
    "include": list,
    "exclude": list,
    "language": str,
    "selector": str,
    "enabled": bool,
    "verified": bool,
    "quiet_days": int,
}
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_TABLE = re.compile(r"\s*\[")
_LANGUAGE = re.compile(r"^[a-z]{2}(?:-[A-Z]{2})?$")


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


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, in its order.

    Raises:
        LexiconError: the file cannot be used; the message names the file, the source, its line and what is wrong.
    """
    table = read_toml(path)
    try:
        expect_keys(path, "", table, required={"source": list}, optional={})
        sources = tuple(_source(path, position, entry) for position, entry in enumerate(table["source"], 1))
        _check_unique(path, sources)
    except LexiconError as error:
        line = _line_of(error, path.read_text(encoding="utf-8").splitlines())
        raise LexiconError(path, f"{error.entry} (line {line})".strip(), error.problem) from error
    return sources


def _line_of(error: LexiconError, lines: Sequence[str]) -> int:
    """The line, counted from 1, of what the error is about: a key of a source, else where the source begins."""
    opens = [number for number, line in enumerate(lines, 1) if _TABLE.match(line)] or [1]
    bounds = [*zip(opens, [*opens[1:], len(lines) + 1], strict=True)]
    named = re.fullmatch(r"source (?:'(?P<id>.*)'|(?P<position>\d+))", error.entry)
    begin, end = bounds[0]
    if named and named["id"]:
        is_id = re.compile(rf"""\s*(?:\{{\s*)?id\s*=\s*["']{re.escape(named["id"])}["']""")
        # Of two with the same id the error is about the later one.
        own = [(a, b) for a, b in bounds if any(is_id.match(line) for line in lines[a - 1 : b - 1])]
        begin, end = own[-1] if own else bounds[0]
    elif named:
        begin, end = bounds[min(int(named["position"]), len(bounds)) - 1]
    keys = re.findall(r"'(\w+)'", error.problem)[:1]
    of_key = re.compile(rf"""\s*["']?{keys[0]}["']?\s*=""") if keys else None
    return next((n for n in range(begin, end) if of_key and of_key.match(lines[n - 1])), begin)


def _source(path: Path, position: int, entry: Any) -> Source:  # noqa: ANN401
    if not isinstance(entry, dict):
        raise LexiconError(path, f"source {position}", "is not a table: write [[source]] above it")
    place = f"source {entry.get('id', position)!r}"
    expect_keys(path, place, entry, required=_REQUIRED, optional=_OPTIONAL)
    address = _address(path, place, "address", entry["address"])
    return Source(
        source_id=_matching(path, place, "id", entry["id"], _ID),
        name=_text(path, place, "name", entry["name"]),
        homepage=_address(path, place, "homepage", entry["homepage"]) if "homepage" in entry else origin(address) + "/",
        kind=_kind(path, place, entry.get("kind", "site")),
        address=address,
        sector=_text(path, place, "sector", entry["sector"]),
        include=_patterns(path, place, "include", entry.get("include", [])),
        exclude=_patterns(path, place, "exclude", entry.get("exclude", [])),
        language=_matching(path, place, "language", entry.get("language", "en"), _LANGUAGE),
        selector=_selector(path, place, entry.get("selector")),
        enabled=entry.get("enabled", True),
        verified=entry.get("verified", False),
        quiet_days=_days(path, place, entry.get("quiet_days")),
    )


def _check_unique(path: Path, sources: Iterable[Source]) -> None:
    ids: set[str] = set()
    addresses: dict[str, str] = {}
    for source in sources:
        if source.source_id in ids:
            raise LexiconError(path, f"source {source.source_id!r}", "the id is used twice")
        if source.address in addresses:
            raise LexiconError(
                path, f"source {source.source_id!r}", f"has the address of {addresses[source.address]!r}"
            )
        ids.add(source.source_id)
        addresses[source.address] = source.source_id


def _text(path: Path, place: str, key: str, value: str) -> str:
    if not value.strip():
        raise LexiconError(path, place, f"'{key}' is empty")
    return " ".join(value.split())


def _matching(path: Path, place: str, key: str, value: str, pattern: re.Pattern[str]) -> str:
    if not pattern.match(value):
        raise LexiconError(path, place, f"'{key}' is {value!r}, expected the form {pattern.pattern}")
    return value


def _kind(path: Path, place: str, value: str) -> SourceKind:
    kinds: tuple[SourceKind, ...] = get_args(SourceKind)
    for kind in kinds:
        if kind == value:
            return kind
    raise LexiconError(path, place, f"'kind' is {value!r}, expected one of {', '.join(kinds)}")


def _address(path: Path, place: str, key: str, value: str) -> str:
    try:
        if not urlsplit(value).scheme:
            raise BadAddressError("it lacks https:// or http://")
        return fetchable(value)
    except ValueError as error:
        raise LexiconError(path, place, f"'{key}' cannot be asked for: {error}") from error


def _days(path: Path, place: str, value: int | None) -> int | None:
    if value is not None and not 1 <= value <= 3650:
        raise LexiconError(path, place, f"'quiet_days' is {value}, expected days from 1 to 3650")
    return value


def _patterns(path: Path, place: str, key: str, values: list[Any]) -> tuple[str, ...]:
    for value in values:
        try:
            re.compile(value)
        except (re.error, TypeError) as error:
            raise LexiconError(path, place, f"'{key}' has {value!r}, not a regular expression: {error}") from error
    return tuple(values)


def _selector(path: Path, place: str, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        soupsieve.compile(value)
    except (soupsieve.SelectorSyntaxError, TypeError) as error:
        raise LexiconError(path, place, f"'selector' is not a CSS selector: {str(error).splitlines()[0]}") from error
    return value
