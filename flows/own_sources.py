"""The operator's own file of sources, over the one that is shipped: sources added, changed, removed, with his comments.

A release replaces the shipped file; this one stands in the operator's home, and only he and his commands write to it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from extractors.web.address import host_of
from extractors.web.model import Source
from extractors.web.sources import SourcesError, read_sources
from flows.settings import Settings, UserError, slug
from warehouse.workspace import explained_disk_errors, write_atomically

_HEAD = """Sources of your own, over the ones that are shipped (seeds/sources.toml, which has each key explained).

`commentary sources add`, `enable`, `disable` and `remove` write here; you may as well. An entry with the `id` of a
shipped source names only the keys that are to be otherwise; `removed = true` takes it out.
"""
Value = str | bool | int | list[str] | dict[str, str]


def watched(settings: Settings, path: Path | None = None) -> tuple[Source, ...]:
    """The sources as they are watched: of the file that is shipped, or of another, with the operator's own over it.

    Raises:
        SourcesError: a file cannot be used.
    """
    return read_sources(path or settings.sources, settings.own_sources)


def add_source(settings: Settings, entry: Mapping[str, Value]) -> None:
    """Add a source of one's own.

    Raises:
        SourcesError: the entry cannot be used; nothing is written.
    """

    def edit(tables: AoT) -> None:
        _without(tables, str(entry["id"]), removed_only=True)
        tables.append(_table(entry))

    _edited(settings, edit)


def change_source(settings: Settings, source_id: str, changes: Mapping[str, Value]) -> None:
    """Have keys of a source be otherwise, one of one's own or a shipped one.

    Raises:
        SourcesError: a value cannot be used; nothing is written.
    """

    def edit(tables: AoT) -> None:
        table = next((table for table in tables if table.get("id") == source_id), None)
        if table is None:
            tables.append(_table({"id": source_id, **changes}))
        else:
            for name, value in changes.items():
                table[name] = value

    _edited(settings, edit)


def remove_source(settings: Settings, source_id: str) -> None:
    """Take a source out: one of one's own goes, a shipped one is marked as removed."""
    shipped = {source.source_id for source in read_sources(settings.sources)}

    def edit(tables: AoT) -> None:
        _without(tables, source_id)
        if source_id in shipped:
            tables.append(_table({"id": source_id, "removed": True}))

    _edited(settings, edit)


def is_removed(settings: Settings, source_id: str) -> bool:
    """Whether a shipped source is one that the operator took out.

    Raises:
        SourcesError: a file cannot be used.
    """
    ids = {one.source_id for one in read_sources(settings.sources)}
    return source_id in ids - {one.source_id for one in watched(settings)}


def take_back(settings: Settings, source_id: str) -> None:
    """Have a shipped source that was taken out again, as it is shipped."""
    _edited(settings, lambda tables: _without(tables, source_id, removed_only=True))


def _without(tables: AoT, source_id: str, *, removed_only: bool = False) -> None:
    for at in reversed(range(len(tables))):
        if tables[at].get("id") == source_id and (tables[at].get("removed") is True or not removed_only):
            del tables[at]


def name_of(address: str) -> str:
    """An id for a source without a name: that of its host."""
    return slug(host_of(address).removeprefix("www."))


def entry_of(source: Source) -> dict[str, Value]:
    """The keys of a source as the file has them, but for those that say nothing."""
    entry: dict[str, Value] = {
        "id": source.source_id,
        "name": source.name,
        "sector": source.sector,
        "kind": source.kind,
        "address": source.address,
        "include": list(source.include),
        "exclude": list(source.exclude),
        "language": source.language,
        "selector": source.selector or "",
        "quiet_days": source.quiet_days or 0,
        "api": {name: value for name, value in asdict(source.api).items() if value} if source.api else {},
    }
    usual: dict[str, Value] = {"kind": "site", "language": "en"}
    return {name: value for name, value in entry.items() if value and value != usual.get(name)}


def _table(entry: Mapping[str, Any]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for name, value in entry.items():
        if isinstance(value, Mapping):
            inline = tomlkit.inline_table()
            inline.update(value)
            table.add(name, inline)
        else:
            table.add(name, value)
    return table


def check_source(settings: Settings, entry: Mapping[str, Value]) -> None:
    """Make sure that a source can be added, before anybody is asked for it.

    Raises:
        UserError: its entry cannot be used.
    """
    try:
        _edited(settings, lambda tables: tables.append(_table(entry)), write=False)
    except SourcesError as error:
        key = re.sub(r"^source '.*?',? ?| ?\(line \d+\)$", "", error.entry)
        raise UserError(
            f"the source cannot be used: {f'{key}: ' if key else ''}{error.problem}",
            "mend the option; nothing was written",
        ) from error


def _edited(settings: Settings, edit: Callable[[AoT], None], *, write: bool = True) -> None:
    """Edit the file, so that it is written only if it can be used, and then as a whole."""
    path = settings.own_sources
    document = _document(path)
    tables = document.get("source")
    if tables is None:
        tables = tomlkit.aot()
        document.append("source", tables)
    edit(tables)
    for table in list(tables)[:-1]:
        if not table.as_string().endswith("\n\n"):
            table.add(tomlkit.nl())
    text = tomlkit.dumps(document) if len(tables) else "".join(_comments(document)) + "source = []\n"
    with explained_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        trial = path.with_name(f".{path.name}.trial")
        try:
            trial.write_text(text, encoding="utf-8")
            read_sources(settings.sources, trial)
        except SourcesError as error:
            raise SourcesError(path, error.entry, error.problem) from error
        finally:
            trial.unlink(missing_ok=True)
        if write:
            write_atomically(path, text.encode())


def _document(path: Path) -> tomlkit.TOMLDocument:
    if not path.exists():
        document = tomlkit.document()
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line) if line else tomlkit.comment(""))
        document.add(tomlkit.nl())
        return document
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except (TOMLKitError, ValueError, OSError) as error:
        raise UserError(f"{path} cannot be read: {error}", "mend the file; nothing was changed") from error
    if "source" in document and not isinstance(document["source"], AoT):
        del document["source"]  # an empty list, as is left when the last entry goes
    return document


def _comments(document: tomlkit.TOMLDocument) -> Iterable[str]:
    lines = tomlkit.dumps(document).splitlines(keepends=True)
    return [line for line in lines if line.startswith("#") or not line.strip()]
