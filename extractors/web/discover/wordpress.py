"""The REST API of WordPress sites: the newest posts, with when each was changed."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.links import Link
from extractors.web.discover.reading import Reading, plain, say
from extractors.web.discover.times import iso_time

_QUERY = urlencode({"per_page": 50, "orderby": "modified", "_fields": "link,title,date_gmt,modified_gmt"}, safe=",")


def posts_address(root: str) -> str | None:
    """Where a site's newest and newly changed posts are listed, from the root of its REST API."""
    route = root.rstrip("/") + "/wp/v2/posts"
    joint = "&" if "?" in root else "?"
    return resolve(root, f"{route}{joint}{_QUERY}")


def read_posts(body: bytes, url: str) -> Reading:
    """The posts of an answer of the API; anything else is a problem, not an error."""
    try:
        posts = json.loads(decode(body, None, html=False))
    except (ValueError, RecursionError) as error:
        return Reading(problem=say("not valid JSON", error))
    if not isinstance(posts, list):
        return Reading(problem="it is JSON, but not a list of posts")
    links = tuple(_posts(posts, url))
    return Reading(links) if links or not posts else Reading(problem="it is JSON, but lists no posts")


def _posts(posts: list[object], base: str) -> Iterator[Link]:
    for post in posts:
        if not isinstance(post, dict) or not isinstance(post.get("link"), str):
            continue
        address = resolve(base, post["link"])
        if address is not None:
            title = post.get("title")
            rendered = title.get("rendered") if isinstance(title, dict) else title
            yield Link(
                address,
                plain(rendered) if isinstance(rendered, str) else None,
                iso_time(post.get("date_gmt")),
                iso_time(post.get("modified_gmt")),
            )
