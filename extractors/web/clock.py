"""Where time comes from: the calendar's clock, one that only goes forward, and waiting; each replaceable."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time comes from. `now` gives aware UTC times, `monotonic` and `sleep` seconds."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]

    @classmethod
    def real(cls) -> "Timing":
        """The machine's own time."""
        return cls(lambda: datetime.now(UTC), time.monotonic, time.sleep)
