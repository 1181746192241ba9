"""What is handed to the coding stage: bytes that are kept, with what is known of them from outside the text."""

from dataclasses import dataclass
from datetime import datetime

from extractors.article.model import Published


@dataclass(frozen=True, slots=True)
class Material:
    """One article's bytes in the raw store, still to be read and coded.

    `url` is the identity (canonical address) that the article_id is made from; `addresses` are all known ones.
    `name` and `content_type` tell how to read the bytes. What a manifest states (`title`, `publisher`, `authors`,
    `published`) wins over what the text states. `trusted` material is loaded whatever the judgement of relevance
    says: the seeds, and pages that the operator accepted.
    """

    url: str
    addresses: tuple[str, ...]
    source_id: str
    raw_hash: str
    name: str
    content_type: str
    fetched_at: datetime
    trusted: bool
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    selector: str | None = None


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
    source_id: str
    relevance: float
    reasons: tuple[str, ...]
