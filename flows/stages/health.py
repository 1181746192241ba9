"""Which sources have gone quiet or broken: a pure decision over when each last answered and last brought news."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from warehouse.sources import SourceSilence

Trouble = Literal["broken", "quiet"]


class TroubledSource(NamedTuple):
    """A source that an operator should look at, and why."""

    source_id: str
    trouble: Trouble
    detail: str


def troubled(sources: Iterable[SourceSilence], now: datetime, days: int) -> tuple[TroubledSource, ...]:
    """Sources that have not answered well, or have brought nothing new, for so many days."""
    found: list[TroubledSource] = []
    limit = timedelta(days=days)
    for source in sources:
        if source.status != "ok" and source.last_ok_at is not None and now - source.last_ok_at >= limit:
            told = f"has not worked since {source.last_ok_at:%Y-%m-%d}: {source.detail}"
            found.append(TroubledSource(source.source_id, "broken", told))
        elif source.status == "ok" and source.last_news_at is not None and now - source.last_news_at >= limit:
            told = f"has brought nothing new since {source.last_news_at:%Y-%m-%d}"
            found.append(TroubledSource(source.source_id, "quiet", told))
    return tuple(found)
