"""Bytes in the raw store with all that is known of them from outside: what is read, coded, journalled, made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from duckdb import DuckDBPyConnection

from extractors.article.model import Published
from extractors.web.model import Source
from warehouse.rows import select_rows
from warehouse.sql import statement

MANIFEST = "manifest"
"""The method of metadata that a manifest states: it is not in the bytes, so it is handed on from row to row."""


@dataclass(frozen=True, slots=True)
class Material:
    """One article's bytes in the raw store, still to be read and coded.

    `url` is the identity (canonical address) that the page is booked under, `open_url` the address for people,
    `addresses` all further ones. `name` and `content_type` tell how to read the bytes. What a manifest states (`title`,
    `publisher`, `authors`, `published`) wins over what the text states. `source_name` and `selector` are what the
    configuration says of a watched source (`told_by_source`): its name is the publisher of all that it brings.
    `trusted` material is loaded whatever the judgement of relevance says: the seeds, pages that the operator accepted,
    and articles that were loaded before. `local` bytes are a file that may be older than what the web has by now.
    `article_id` is given for an article that has one already, with the addresses that it has; else it comes from the
    address. `recoded` is an article of the warehouse of which nothing changes but what extraction finds.
    """

    url: str
    open_url: str
    addresses: tuple[str, ...]
    source_id: str
    raw_hash: str
    name: str
    content_type: str
    fetched_at: datetime
    trusted: bool
    local: bool = False
    recoded: bool = False
    article_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    source_name: str | None = None
    selector: str | None = None


def told_by_source(material: Material, sources: Mapping[str, Source]) -> Material:
    """The material with what the configuration says of its source, if that is a watched one; else as it is."""
    source = sources.get(material.source_id)
    return replace(material, source_name=source.name, selector=source.selector) if source else material


def stored_materials(
    connection: DuckDBPyConnection, name: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> tuple[Material, ...]:
    """The materials that the query `sql/<name>.sql` finds: its columns are fields of the same name.

    The date that a manifest states comes as `published_on` and `published_precision`.
    """
    return tuple(_material(row) for row in select_rows(connection, statement(name), parameters))


def _material(row: dict[str, object]) -> Material:
    published_on, precision = row.pop("published_on", None), row.pop("published_precision", None)
    published = Published(published_on, precision or "day", MANIFEST) if published_on is not None else None  # type: ignore[arg-type]
    return Material(**row, published=published)  # type: ignore[arg-type]
