"""Lists of articles that a site gives as JSON: its search, its API. Where the list is, and what its entries say."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.feeds import Reading, plain, say
from extractors.web.discover.links import Link, stated_time
from extractors.web.model import JsonList

GOVUK = JsonList(
    items="results", address="link", title="title", published="public_timestamp", offset="start", total="total"
)
"""The search of GOV.UK: https://www.gov.uk/api/search.json?q=...&fields=title,link,public_timestamp"""

_MOST_ENTRIES = 5000


def read_results(body: bytes, url: str, fields: JsonList | None) -> Reading:
    """The links of a list in JSON; a body that holds no such list is a problem, not an error."""
    fields = fields or GOVUK
    try:
        items = _at(json.loads(decode(body, None, html=False)), fields.items)
    except (ValueError, RecursionError) as error:
        return Reading(problem=say("not valid JSON", error))
    if not isinstance(items, list):
        return Reading(problem=f"it is JSON, but there is no list at {fields.items!r}")
    links = tuple(link for item in items[:_MOST_ENTRIES] if (link := _link(item, url, fields)) is not None)
    if items and not links:
        return Reading(problem=f"none of its {len(items)} entries has an address at {fields.address!r}")
    return Reading(links)


def further_results(body: bytes, url: str, fields: JsonList | None) -> str | None:
    """The address of the next page of a list, by the parameter that counts entries or pages; None after the last."""
    fields = fields or GOVUK
    parameter = fields.offset or fields.page
    if not parameter:
        return None
    document = json.loads(decode(body, None, html=False))
    items, total = _at(document, fields.items), _at(document, fields.total) if fields.total else None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    stated = query.get(parameter, "")
    here = int(stated) if stated.isdigit() else (0 if fields.offset else 1)
    following = here + len(items) if fields.offset else here + 1
    if fields.offset and isinstance(total, int) and following >= total:
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {parameter: str(following)}, safe=",:")))


def _link(item: object, base: str, fields: JsonList) -> Link | None:
    address = _at(item, fields.address)
    resolved = resolve(base, address) if isinstance(address, str) else None
    if resolved is None:
        return None
    title = _at(item, fields.title) if fields.title else None
    return Link(
        resolved,
        plain(title) or None if isinstance(title, str) else None,
        stated_time(_at(item, fields.published)) if fields.published else None,
        stated_time(_at(item, fields.modified)) if fields.modified else None,
    )


def _at(value: Any, path: str) -> Any:  # noqa: ANN401  any JSON
    """What stands at a path such as "response.results", None where nothing does; the empty path is the value itself."""
    for name in filter(None, path.split(".")):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
