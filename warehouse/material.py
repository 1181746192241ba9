"""Bytes in the raw store with all that is known of them from outside: what is read, coded, journalled, made anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from duckdb import DuckDBPyConnection

from extractors.article.model import Published
from extractors.web.address import site_of
from extractors.web.model import Source
from extractors.web.sources import is_home, owns
from warehouse.rows import select_rows
from warehouse.sources import SEEDS_SOURCE
from warehouse.sql import statement

MANIFEST = "manifest"
"""The method of metadata that a manifest states: it is not in the bytes, so it is handed on from row to row."""


@dataclass(frozen=True, slots=True)
class Material:
    """One article's bytes in the raw store, still to be read and coded.

    `url` is the identity (canonical address) that the page is booked under, `open_url` the address for people,
    `addresses` all further ones. `name` and `content_type` tell how to read the bytes. What a manifest states (`title`,
    `publisher`, `authors`, `published`) wins over what the text states. `source_name` and `selector` are what the
    configuration says of a watched source (`told_by_source`): its name is the publisher of all that its own site
    serves. `served_by` names the site that serves it where no watched source's own does.
    `fed_title`, `fed_authors` and `fed_on` are what its feed said of it, for what the page itself does not say.
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
    served_by: str | None = None
    fed_title: str | None = None
    fed_authors: tuple[str, ...] = ()
    fed_on: date | None = None


def told_by_source(material: Material, sources: Mapping[str, Source]) -> Material:
    """The material with what the configuration says of its source, if that is a watched one; else as it is.

    The source of a page is the one whose site serves it, whoever led there. A page that a watched source led to, and
    that no watched source serves, keeps its source, but not under its name: the publisher is the site that serves it.
    """
    found_by = sources.get(material.source_id)
    if material.local or material.source_id == SEEDS_SOURCE or not material.open_url.startswith("http"):
        return _named_after(material, found_by) if found_by else material
    source = source_serving(material.open_url, found_by, sources.values())
    if material.recoded:  # it keeps the source that it has
        source = found_by if source is not None else None
    if source is not None:
        return _named_after(material, source)
    return replace(material, served_by=site_of(material.open_url)) if found_by else material


def source_serving(url: str, found_by: Source | None, sources: Iterable[Source]) -> Source | None:
    """The source whose site serves an address: who led there if it is his own, else who is at home there."""
    if found_by is not None and is_home(found_by, url):
        return found_by
    at_home = next((source for source in sources if is_home(source, url)), None)
    if at_home is not None:
        return at_home
    return found_by if found_by is not None and owns(found_by, url) else None


def _named_after(material: Material, source: Source) -> Material:
    return replace(material, source_id=source.source_id, source_name=source.name, selector=source.selector)


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
