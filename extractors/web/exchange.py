"""One request and its answer on a host's own session, without redirects: bytes or a reason, never an exception."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPException
from threading import Lock

import requests
from requests.exceptions import RequestException, SSLError
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import SSLError as RawSSLError
from urllib3.response import HTTPResponse

from extractors.web.body import ACCEPT_ENCODING, PIECE, BodyError, Wire, read_body
from extractors.web.model import ErrorType, Purpose
from extractors.web.safety import Guard
from extractors.web.settings import FetchSettings
from extractors.web.transport import Resolver, TransportError, new_session

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = {
    "feed": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "sitemap": "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.5",
    "wordpress": "application/json",
    "robots": "text/plain, */*;q=0.5",
}
_ACCEPT_PAGE = "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.8, */*;q=0.1"
# Kinds that are refused by the header alone, before their bytes are received.
_UNWANTED = (
    "image/", "audio/", "video/", "font/", "model/", "application/zip", "application/x-msdownload",
    "application/vnd.openxmlformats", "application/vnd.ms-", "application/msword", "application/wasm",
)  # fmt: skip
_WITH_PAGE = frozenset({200, 203})
_KEPT_HEADERS = frozenset({
    "age", "cache-control", "content-encoding", "content-language", "content-length", "content-type", "date", "etag",
    "expires", "last-modified", "link", "location", "retry-after", "server", "vary", "x-robots-tag", "x-wp-totalpages",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange brought: a status with headers and perhaps a body, or an error.

    `duration_s` is from asking to the last byte, without the polite wait before.
    """

    status: int | None = None
    reason: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    wire_bytes: int = 0
    address: str | None = None
    duration_s: float = 0.0
    error_type: ErrorType | None = None
    error: str | None = None

    def header(self, name: str) -> str | None:
        """A kept header's value by its name in lower case."""
        return dict(self.headers).get(name)

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as the server put it; None for anything else."""
        return self.header("location") if self.status in _REDIRECTS else None

    @property
    def is_redirect(self) -> bool:
        """Whether the server sends us elsewhere, wherever that is."""
        return self.status in _REDIRECTS


class HostSession:
    """A host's session: one request at a time, cookies kept only as long as it lives."""

    def __init__(self, settings: FetchSettings, guard: Guard, resolver: Resolver) -> None:
        self._settings = settings
        self._session, self._adapter = new_session(guard, resolver)
        self._session.headers.clear()
        self._session.verify = settings.ca_file or True
        self.lock = Lock()

    @property
    def has_cookies(self) -> bool:
        """Whether the host set any in this run."""
        return len(self._session.cookies) > 0

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def exchange(self, url: str, purpose: Purpose, conditional: Mapping[str, str]) -> Answer:
        """Ask for one address; the caller holds `lock`.

        Servers close idle connections just when they are used again; then, as RFC 9110 (9.2.2) lets a client do
        for a GET, it is asked once more over a new one.
        """
        answer = self._once(url, purpose, conditional)
        if answer.status is None and answer.error_type == "protocol" and self._adapter.deadline.reused:
            answer = self._once(url, purpose, conditional)
        return answer

    def _once(self, url: str, purpose: Purpose, conditional: Mapping[str, str]) -> Answer:
        headers = {
            "User-Agent": self._settings.user_agent,
            "Accept": _ACCEPT.get(purpose, _ACCEPT_PAGE),
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "en-GB, en;q=0.8, *;q=0.3",
            **conditional,
        }
        deadline = self._adapter.deadline
        deadline.start(self._settings.total_s)
        try:
            request = self._session.prepare_request(requests.Request("GET", url, headers=headers))
            timeout = (self._settings.connect_s, self._settings.read_s)
            response = self._session.send(request, stream=True, allow_redirects=False, timeout=timeout)
            with closing(response):
                answer = _receive(response, purpose, self._settings.body_caps[purpose])
            # A shut socket reads like the end of a body that has no announced length.
            return self._too_slow() if deadline.passed else answer
        except (TransportError, BodyError) as error:
            if deadline.passed:
                return self._too_slow()
            return Answer(error_type=error.error_type, error=str(error))
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            if deadline.passed:
                return self._too_slow()
            return Answer(error_type=_error_type(error), error=_say(error, self._settings))
        finally:
            deadline.stop()

    def _too_slow(self) -> Answer:
        limit = self._settings.total_s
        return Answer(error_type="timeout_total", error=f"not complete after {limit:g} s in all")


def _receive(response: requests.Response, purpose: Purpose, cap: int) -> Answer:
    raw: HTTPResponse = response.raw
    headers = tuple(
        (name.lower(), value.strip()) for name, value in response.headers.items() if name.lower() in _KEPT_HEADERS
    )
    address = getattr(raw.connection, "connected_to", None)
    answer = Answer(response.status_code, response.reason, headers, address=address)
    if response.status_code not in _WITH_PAGE:
        return answer
    refused = None if purpose == "robots" else _refusal(answer, cap)
    if refused is not None:
        return replace(answer, error_type=refused[0], error=refused[1])
    cut = purpose == "robots"
    # A robots.txt is read up to its limit and the rest left; of anything else, more than the cap is an error.
    wire = Wire(lambda size: raw.read1(size, decode_content=False) or b"", cap + PIECE if cut else cap)
    try:
        body = read_body(wire, answer.header("content-encoding") or "", cap, cut=cut)
    except BodyError as error:
        return replace(answer, wire_bytes=wire.count, error_type=error.error_type, error=str(error))
    return replace(answer, body=body, wire_bytes=wire.count)


def _refusal(answer: Answer, cap: int) -> tuple[ErrorType, str] | None:
    """Why a body need not even be received, by its headers."""
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    if kind.startswith(_UNWANTED):
        return "content_type", f"the content type is {kind[:60]}"
    declared = answer.header("content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:18]) > cap:
        return "too_large", f"{int(declared[:18]):,} bytes are announced, {cap:,} are the most"
    return None


def _error_type(error: Exception) -> ErrorType:
    if isinstance(error, SSLError | RawSSLError):
        return "tls"
    if isinstance(error, requests.exceptions.ReadTimeout | ReadTimeoutError | TimeoutError):
        return "timeout_read"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "timeout_connect"
    return "protocol"


def _say(error: Exception, settings: FetchSettings) -> str:
    if _error_type(error) == "timeout_read":
        return f"nothing was received for {settings.read_s:g} s"
    if _error_type(error) == "tls":
        return f"the secure connection failed: {str(error)[:200]}"
    return f"the connection broke: {type(error).__name__}: {str(error)[:200]}"
