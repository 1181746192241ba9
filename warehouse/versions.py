"""Which texts of an article's versions are kept in the warehouse."""

KEPT_LATEST = 10


def superseded_texts(current: int, kept_latest: int = KEPT_LATEST) -> range:
    """The versions whose texts are dropped once `current` is there: all but the first and the latest `kept_latest`.

    A page that changes at every fetch would otherwise grow without end. Hashes, times and what changed stay for every
    version, and the bytes are in the raw store.
    """
    return range(2, max(2, current - kept_latest + 1))
