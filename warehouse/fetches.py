"""Every request that was sent, and its answer."""

import hashlib
from datetime import datetime

from extractors.web.model import FetchResult


def fetch_id(url: str, fetched_at: datetime) -> str:
    """The identifier of a request: 16 hexadecimal digits of the hash of what was asked, and when it was answered."""
    return hashlib.sha256(f"{fetched_at.isoformat()} {url}".encode()).hexdigest()[:16]


def fetch_row(result: FetchResult, raw_hash: str | None) -> dict[str, object]:
    """A request and its answer as a row of `fetches`."""
    request = result.request
    return {
        "fetch_id": fetch_id(request.fetch_url, result.fetched_at),
        "url": request.url,
        "fetch_url": request.fetch_url,
        "final_url": result.final_url,
        "source_id": request.source_id,
        "purpose": request.purpose,
        "reason": request.reason,
        "fetched_at": result.fetched_at,
        "bytes": len(result.body),
        "raw_hash": raw_hash,
        "error": result.error,
        "error_type": result.error_type,
        "redirects": [f"{step.status} {step.url} {step.location}" for step in result.redirects],
        **_answer(result),
    }


def _answer(result: FetchResult) -> dict[str, object]:
    return {
        "status": result.status,
        "reason_phrase": result.reason_phrase,
        "headers": [f"{name}: {value}" for name, value in result.headers],
        "wire_bytes": result.wire_bytes,
        "duration_ms": result.duration_ms,
        "media": result.media,
        "content_type": result.content_type,
        "encoding": result.encoding,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "retry_after": result.retry_after,
        "fresh_until": result.fresh_until,
        "address": result.address,
        "sent": result.sent,
    }
