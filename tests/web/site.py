"""A programmable web on loopback: real HTTP over real sockets, every request on record.

    with Site() as web:
        news = web.host("news.test")
        news.page("/a-page", "<h1>Hello</h1>", etag='"1"')
        news.rss("/feed/", [Entry("/a-page", "Hello")])
        fetcher = Fetcher(settings(allow_hosts=web.allow), resolver=web.resolver)
        ...
        assert web.paths("news.test") == ["/robots.txt", "/a-page"]

Hosts are told apart by the Host header, and their names lead to loopback by `web.resolver`. Where no resolver can be
handed over (another process), hosts named by a loopback address of their own ("127.0.0.7") do without.
"""

import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import TracebackType
from typing import Any

from tests.web import formats
from tests.web.formats import Entry

HOME = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; header names in lower case."""

    host: str
    path: str
    headers: Mapping[str, str]
    peer: str

    @property
    def conditional(self) -> bool:
        """Whether it asks only for what changed."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `stream` writes to the socket after the headers, `raw` in place of them: for what misbehaves."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Callable[[socket.socket], None] | None = None
    raw: bytes | None = None


Answer = Callable[[Request], Reply]


class Host:
    """One host of the web: what it answers at which path."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.root = f"http://{name}:{port}"
        self._answers: dict[str, Answer] = {}

    def url(self, path: str = "/") -> str:
        """The absolute address of a path here."""
        return self.root + path

    def answer(self, path: str, answer: Answer) -> None:
        """Answer by a function of the request."""
        self._answers[path] = answer

    def reply(self, path: str, *replies: Reply) -> None:
        """Answer with these replies one after another, then with the last for ever."""
        left = list(replies)
        lock = threading.Lock()

        def answer(_: Request) -> Reply:
            with lock:
                return left.pop(0) if len(left) > 1 else left[0]

        self.answer(path, answer)

    def page(
        self,
        path: str,
        body: str | bytes,
        content_type: str = "text/html; charset=utf-8",
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        compressed: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Serve a body, with 304 where a validator matches. `etag="auto"` derives one from the body."""
        data = body.encode() if isinstance(body, str) else body
        tag = f'"{hashlib.sha256(data).hexdigest()[:12]}"' if etag == "auto" else etag
        validators = {"ETag": tag, "Last-Modified": last_modified}
        fields = {"Content-Type": content_type, **{k: v for k, v in validators.items() if v}, **(headers or {})}
        if compressed:
            data, fields["Content-Encoding"] = gzip.compress(data), "gzip"

        def answer(request: Request) -> Reply:
            if tag is not None and request.headers.get("if-none-match") == tag:
                return Reply(status=304, headers={"ETag": tag})
            if tag is None and last_modified and request.headers.get("if-modified-since") == last_modified:
                return Reply(status=304)
            return Reply(data, headers=fields)

        self.answer(path, answer)

    def article(self, path: str, title: str, paragraphs: Iterable[str], **options: Any) -> None:
        """Serve an article page; `published`, `author`, `canonical` and `page`'s options are taken."""
        known = {key: options.pop(key) for key in ("published", "author", "canonical") if key in options}
        self.page(path, formats.article(title, paragraphs, **known), etag=options.pop("etag", "auto"), **options)

    def redirect(self, path: str, to: str, status: int = 301, **headers: str) -> None:
        """Send elsewhere."""
        self.reply(path, Reply(status=status, headers={"Location": to, **headers}))

    def error(self, path: str, status: int, **headers: str) -> None:
        """Fail with a status; header names have underscores for dashes."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.reply(path, Reply(b"<h1>Error</h1>", status, {"Content-Type": "text/html", **fields}))

    def remove(self, path: str, status: int = 404) -> None:
        """Make a page go away."""
        self.error(path, status)

    def robots(self, text: str = "", status: int = 200, **headers: str) -> None:
        """Serve a robots.txt; without one the host has none (404)."""
        fields = {"Content-Type": "text/plain", **{k.replace("_", "-"): v for k, v in headers.items()}}
        self.reply("/robots.txt", Reply(text.encode(), status, fields))

    def rss(self, path: str, entries: Sequence[Entry], **options: Any) -> None:
        """Serve an RSS 2.0 feed; `ttl` in minutes and `page`'s options are taken."""
        body = formats.rss(self.root, entries, ttl=options.pop("ttl", None))
        self.page(path, body, "application/rss+xml; charset=utf-8", etag=options.pop("etag", "auto"), **options)

    def atom(self, path: str, entries: Sequence[Entry], **options: Any) -> None:
        """Serve an Atom feed."""
        body = formats.atom(self.root, entries)
        self.page(path, body, "application/atom+xml", etag=options.pop("etag", "auto"), **options)

    def rdf(self, path: str, entries: Sequence[Entry], **options: Any) -> None:
        """Serve an RSS 1.0 (RDF) feed."""
        body = formats.rdf(self.root, entries)
        self.page(path, body, "application/rdf+xml", etag=options.pop("etag", "auto"), **options)

    def json_feed(self, path: str, entries: Sequence[Entry], **options: Any) -> None:
        """Serve a JSON Feed 1.1."""
        body = formats.json_feed(self.root, entries)
        self.page(path, body, "application/feed+json", etag=options.pop("etag", "auto"), **options)

    def sitemap(self, path: str, entries: Sequence[Entry], *, compressed_file: bool = False, **options: Any) -> None:
        """Serve a sitemap, as a gzip file if so wished."""
        body = formats.sitemap(self.root, entries).encode()
        kind = "application/gzip" if compressed_file else "application/xml"
        self.page(path, gzip.compress(body) if compressed_file else body, kind, **options)

    def sitemap_index(self, path: str, parts: Mapping[str, str | None], **options: Any) -> None:
        """Serve a sitemap index of paths, each with its `lastmod` or None."""
        self.page(path, formats.sitemap_index(self.root, parts), "application/xml", **options)

    def wordpress(self, entries: Sequence[Entry]) -> str:
        """Serve the posts of a WordPress API; gives the `link` element that pages carry."""
        self.page("/wp-json/wp/v2/posts", formats.posts(self.root, entries), "application/json")
        return f'<link rel="https://api.w.org/" href="{self.root}/wp-json/">'

    def drip(self, path: str, *, pause_s: float = 0.05, piece: bytes = b"x", length: int | None = None) -> None:
        """Send a body byte by byte for as long as the client stays; without a length it is not announced."""
        headers = {"Content-Type": "text/html", **({"Content-Length": str(length)} if length else {})}

        def stream(sock: socket.socket) -> None:
            while True:
                sock.sendall(piece)
                time.sleep(pause_s)

        self.reply(path, Reply(headers=headers, stream=stream))

    def endless(self, path: str) -> None:
        """Send a body without end, fast."""
        self.drip(path, pause_s=0.0, piece=b"<p>more</p>" * 6000)

    def bomb(self, path: str, megabytes: int = 100, content_type: str = "text/html") -> None:
        """Send a small gzip body that unpacks to a large one."""
        packed = gzip.compress(b"\0" * 1_000_000) * megabytes
        self.page(path, packed, content_type, headers={"Content-Encoding": "gzip"})

    def answer_at(self, path: str) -> Answer | None:
        """What is set up to answer a path, its query left aside where only the bare path is."""
        return self._answers.get(path) or self._answers.get(path.partition("?")[0])

    def handle(self, request: Request) -> Reply:
        """The reply to a request; 404 where nothing is set up."""
        answer = self.answer_at(request.path)
        return answer(request) if answer else Reply(b"<h1>Not found</h1>", 404, {"Content-Type": "text/html"})


class Site:
    """The web: its hosts, and all requests that came, in order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.cut_off = 0
        self._hosts: dict[str, Host] = {}
        self._listeners: dict[str, ThreadingHTTPServer] = {}
        self._lock = threading.Lock()
        self._open = 0
        self._ended = threading.Condition()
        self.port = 0
        self._listen(HOME)

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for listener in self._listeners.values():
            listener.shutdown()
            listener.server_close()

    @property
    def allow(self) -> tuple[str, ...]:
        """What the settings must allow for this web to be reached."""
        return tuple(self._listeners)

    def host(self, name: str) -> Host:
        """A host by its name, made at first mention; a loopback address is listened on."""
        if name not in self._hosts:
            if _is_address(name) and name not in self._listeners:
                self._listen(name)
            self._hosts[name] = Host(name, self.port)
        return self._hosts[name]

    def resolver(self, host: str, _port: int) -> list[str]:
        """Gives loopback for this web's hosts and nothing else."""
        if host not in self._hosts:
            raise OSError(f"no such host: {host}")
        return [host if _is_address(host) else HOME]

    def paths(self, host: str | None = None) -> list[str]:
        """The paths asked for so far, of one host or all."""
        with self._lock:
            return [request.path for request in self.requests if host is None or request.host == host]

    def count(self, path: str, host: str | None = None) -> int:
        """How often a path was asked for."""
        return self.paths(host).count(path)

    def forget(self) -> list[Request]:
        """Start the record anew; what was on it."""
        with self._lock:
            past, self.requests = self.requests, []
            return past

    def hear_out(self) -> None:
        """Wait until all has been recorded that clients asked for which are dead by now."""
        for address in self._listeners:
            # Connections are taken in order: once this one is answered, those before it are known.
            with socket.create_connection((address, self.port)) as last:
                last.sendall(b"LAST / HTTP/1.0\r\n\r\n")
                while last.recv(4096):
                    pass
        with self._ended:
            assert self._ended.wait_for(lambda: self._open == 0, timeout=60), "somebody is still connected"

    def note_open(self, change: int) -> None:
        """Record that a connection was taken (1) or has ended (-1)."""
        with self._ended:
            self._open += change
            self._ended.notify_all()

    def take(self, request: Request) -> Reply:
        """Record a request and answer it."""
        with self._lock:
            self.requests.append(request)
        host = self._hosts.get(request.host)
        return host.handle(request) if host is not None else Reply(b"no such host here", 421)

    def note_cut(self) -> None:
        """Record that a client went away before its body was complete."""
        with self._lock:
            self.cut_off += 1

    def _listen(self, address: str) -> None:
        site = self

        class Handler(_Handler):
            web = site

        listener = _Listener((address, self.port), Handler)
        listener.web = self
        self.port = listener.server_address[1]
        self._listeners[address] = listener
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    web: Site

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread for a connection."""
        self.web.note_open(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """All that is asked for on a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.web.note_open(-1)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what some tests are about; no traceback for them."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Site
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").partition(":")[0]
        reply = self.web.take(Request(host, self.path, headers, self.client_address[0]))
        try:
            self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.web.note_cut()
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if reply.raw is not None:
            self.connection.sendall(reply.raw)
            self.close_connection = True
            if reply.stream is not None:
                reply.stream(self.connection)
            return
        self.send_response(reply.status)
        fields = dict(reply.headers)
        if reply.stream is None and reply.status != 304:
            fields.setdefault("Content-Length", str(len(reply.body)))
        for name, value in fields.items():
            self.send_header(name, value)
        if reply.stream is not None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if reply.stream is not None:
            reply.stream(self.connection)
        elif reply.status != 304:
            self.wfile.write(reply.body)

    def log_message(self, *_: Any) -> None:
        """The record is kept by the site."""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


__all__ = ["Entry", "Host", "Reply", "Request", "Site", "replace"]
