"""What is handed to the coding stage: bytes that are kept, with what is known of them from outside the text."""

from dataclasses import dataclass
from datetime import datetime

from extractors.article.model import Published
from warehouse.journal import RawRecord
from warehouse.out_of_date import StoredArticle


@dataclass(frozen=True, slots=True)
class Material:
    """One article's bytes in the raw store, still to be read and coded.

    `url` is the identity (canonical address) that it is known by, `open_url` the address for people, `addresses` all
    further ones. `name` and `content_type` tell how to read the bytes. What a manifest states (`title`, `publisher`,
    `authors`, `published`) wins over what the text states; `source_name` names the publisher of a watched site.
    `trusted` material is loaded whatever the judgement of relevance says: the seeds, pages that the operator
    accepted, and articles that are coded anew. `local` bytes are a file that may be older than what the web has by now.
    `article_id` is given for an article that has one already; else it comes from the address.
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
    article_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    source_name: str | None = None
    selector: str | None = None


def loaded_before(stored: StoredArticle | RawRecord) -> Material:
    """The bytes of an article that was loaded before as material: it stays, whatever would be judged of it now."""
    return Material(
        url=stored.url,
        open_url=stored.url,
        addresses=stored.addresses,
        source_id=stored.source_id,
        raw_hash=stored.raw_hash,
        name=stored.url,
        content_type=stored.content_type,
        fetched_at=stored.fetched_at,
        trusted=True,
        article_id=stored.article_id,
    )


@dataclass(frozen=True, slots=True)
class PutAside:
    """One thing that could not go on, with the reason; it is listed by `commentary failures`.

    `url` is an address or a file's path, `stage` the step it stopped at ("seed", "discover", "fetch", "read"),
    `error_type` one word, `message` what happened and the way out.
    """

    url: str
    stage: str
    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class NotSimilar:
    """A page that was read and judged not to be similar commentary, with the reasons."""

    url: str
    raw_hash: str
    source_id: str
    relevance: float
    reasons: tuple[str, ...]
