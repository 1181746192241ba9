"""What the coding stage gives back of material that becomes no article."""

from dataclasses import dataclass


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
