"""Which sources have gone quiet or broken, and of which that is news: pure decisions over when each last worked."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from warehouse.sources import SourceSilence

Trouble = Literal["broken", "quiet"]
Change = Literal["broken", "quiet", "works_again"]


class TroubledSource(NamedTuple):
    """A source that an operator should know of, since it is in trouble or is so no more, and why."""

    source_id: str
    trouble: Change
    detail: str


def troubled(sources: Iterable[SourceSilence], now: datetime, days: int) -> tuple[TroubledSource, ...]:
    """The sources that are quiet or broken now; `days` are those after which one without days of its own is."""
    found = ((source, _trouble(source, now, timedelta(days=source.quiet_days or days))) for source in sources)
    return tuple(
        TroubledSource(source.source_id, trouble, _detail(source, trouble)) for source, trouble in found if trouble
    )


def changes(sources: Iterable[SourceSilence], now: datetime, days: int) -> tuple[TroubledSource, ...]:
    """What is news of sources: each is told of once when it goes quiet or breaks, and once when it works again."""
    known = {source.source_id: source for source in sources}
    standing = {trouble.source_id: trouble for trouble in troubled(known.values(), now, days)}
    news = [trouble for name, trouble in standing.items() if trouble.trouble != known[name].trouble]
    over = [
        TroubledSource(name, "works_again", f"works again, after having been {source.trouble}")
        for name, source in known.items()
        if source.trouble is not None and source.status == "ok" and name not in standing
    ]
    return (*news, *over)


def _trouble(source: SourceSilence, now: datetime, limit: timedelta) -> Trouble | None:
    if source.status != "ok":
        return "broken" if source.last_ok_at is not None and now - source.last_ok_at >= limit else None
    return "quiet" if source.last_news_at is not None and now - source.last_news_at >= limit else None


def _detail(source: SourceSilence, trouble: Trouble) -> str:
    if trouble == "quiet":
        return f"has brought nothing new since {source.last_news_at:%Y-%m-%d}"
    if source.ever_worked:
        return f"has not worked since {source.last_ok_at:%Y-%m-%d}: {source.detail}"
    return f"has never worked since it was first asked on {source.last_ok_at:%Y-%m-%d}: {source.detail}"
