"""Time that tests move themselves."""

import threading
from datetime import UTC, datetime, timedelta

from extractors.web.settings import Timing

DAY_ONE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class FakeTime:
    """A clock that stands still but for sleeping, which takes no time and moves it, and for `advance`."""

    def __init__(self, start: datetime = DAY_ONE) -> None:
        self._now = start
        self._monotonic = 1000.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    @property
    def timing(self) -> Timing:
        """What is injected."""
        return Timing(self.now, self.monotonic, self.sleep)

    def now(self) -> datetime:
        """The time of the calendar."""
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        """Seconds since some moment."""
        with self._lock:
            return self._monotonic

    def sleep(self, seconds: float) -> None:
        """Let that time pass at once."""
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=seconds)
            self._monotonic += seconds

    def advance(self, **span: float) -> None:
        """Move on, by the arguments of `timedelta`."""
        with self._lock:
            self._now += timedelta(**span)
            self._monotonic += timedelta(**span).total_seconds()
