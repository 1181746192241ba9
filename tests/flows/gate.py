"""Holding back one answer of a loopback web until the client is dead."""

import threading

from tests.web.site import Answer, Reply, Request


class Gate:
    """Holds back the answer to the n-th page asked for from now on, until the client is dead: death in mid-fetch."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()
        self._open.set()
        self._left = 0
        self._lock = threading.Lock()

    def hold(self, number: int) -> None:
        """Hold the answer to this page, counted from 1."""
        with self._lock:
            self._left = number
        self.reached.clear()
        self._open.clear()

    def release(self) -> None:
        """Answer again, what was held and what comes."""
        with self._lock:
            self._left = 0
        self._open.set()

    def before(self, answer: Answer) -> Answer:
        """The same answer, behind this gate."""

        def gated(request: Request) -> Reply:
            with self._lock:
                self._left -= 1
                mine = self._left == 0
            if mine:
                self.reached.set()
                self._open.wait(timeout=600)
            return answer(request)

        return gated
