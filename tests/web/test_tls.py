"""Secure connections: the name is verified although the address is chosen by us, and nothing secure becomes plain."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.web.conftest import MakeFetcher, ask
from tests.web.site import Site

SEEN: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        SEEN.append((self.headers["Host"], self.path))
        body = b"<html>secure"
        if self.path in {"/down", "/down-port"}:
            port = f":{self.server.server_port}" if self.path == "/down-port" else ""  # type: ignore[attr-defined]
            self.send_response(302)
            self.send_header("Location", f"http://secure.test{port}/plain")
            body = b""
        else:
            self.send_response(200 if self.path != "/robots.txt" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that refuse our certificate are what these tests are about."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for secure.test, and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command is needed to make a certificate")
    path = tmp_path_factory.mktemp("tls")
    command = [
        openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=secure.test",
        "-addext", "subjectAltName=DNS:secure.test", "-keyout", str(path / "key"), "-out", str(path / "crt"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    (path / "all").write_text((path / "key").read_text() + (path / "crt").read_text())
    return path / "all"


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """The port of a secure server on loopback."""
    SEEN.clear()
    server = _Server(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def _resolver(*_: object) -> list[str]:
    return ["127.0.0.1"]


def _no_names(host: str, port: int) -> list[str]:
    """Behind a proxy nothing but the proxy is looked up here."""
    if host != "127.0.0.1":
        raise OSError(f"asked for {host}")
    return [host]


def test_the_certificate_is_verified_for_the_name(
    web: Site, fetcher_for: MakeFetcher, port: int, certificate: Path
) -> None:
    trusting = fetcher_for(resolver=_resolver, ca_file=str(certificate))
    result = trusting.fetch(ask(f"https://secure.test:{port}/x"))
    assert result.body == b"<html>secure"
    assert [(f"secure.test:{port}", "/robots.txt"), (f"secure.test:{port}", "/x")] == SEEN
    wrong_name = trusting.fetch(ask(f"https://other.test:{port}/x"))
    assert wrong_name.error_type == "tls"
    untrusted = fetcher_for(resolver=_resolver).fetch(ask(f"https://secure.test:{port}/x"))
    assert untrusted.error_type == "tls"
    assert len(SEEN) == 2


def test_what_was_secure_is_not_followed_to_plain(
    web: Site, fetcher_for: MakeFetcher, port: int, certificate: Path
) -> None:
    fetcher = fetcher_for(resolver=_resolver, ca_file=str(certificate))
    assert fetcher.fetch(ask(f"https://secure.test:{port}/down-port")).error_type == "redirect"
    upgraded = fetcher.fetch(ask(f"https://secure.test:{port}/down"))
    assert upgraded.final_url == "https://secure.test/plain"  # where nobody listens on loopback
    assert not upgraded.ok
    assert [path for _, path in SEEN] == ["/robots.txt", "/down-port", "/down"]


class _Proxy(BaseHTTPRequestHandler):
    """A company's proxy: it tunnels to whatever name it is asked for, here always to loopback."""

    asked: list[str] = []  # noqa: RUF012  one proxy at a time
    refuses = False

    def do_CONNECT(self) -> None:
        self.asked.append(self.path)
        if self.refuses:
            self.send_error(407, "Proxy Authentication Required")
            return
        with socket.create_connection(("127.0.0.1", int(self.path.rpartition(":")[2]))) as there:
            self.send_response(200, "Connection established")
            self.end_headers()
            back = threading.Thread(target=_pass_on, args=(there, self.connection), daemon=True)
            back.start()
            _pass_on(self.connection, there)
            back.join()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other end has gone


@pytest.fixture
def proxy() -> Iterator[str]:
    """The address of a proxy on loopback."""
    _Proxy.asked, _Proxy.refuses = [], False
    server = _Server(("127.0.0.1", 0), _Proxy)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_companys_proxy_tunnels_what_is_secure_and_its_own_certificates_are_trusted(
    fetcher_for: MakeFetcher, port: int, certificate: Path, proxy: str
) -> None:
    fetcher = fetcher_for(
        resolver=_no_names, proxy=proxy, ca_file=str(certificate)
    )  # the names are for the proxy to resolve
    result = fetcher.fetch(ask(f"https://secure.test:{port}/x"))
    assert result.body == b"<html>secure", result.error
    assert [(f"secure.test:{port}", "/robots.txt"), (f"secure.test:{port}", "/x")] == SEEN
    assert set(_Proxy.asked) == {f"secure.test:{port}"}
    assert result.address == "127.0.0.1", "the address noted is the proxy's"
    assert fetcher.fetch(ask(f"https://other.test:{port}/x")).error_type == "tls", "the name is verified all the same"
    public = fetcher_for(resolver=_no_names, proxy=proxy).fetch(ask(f"https://secure.test:{port}/x"))
    assert public.error_type == "tls", "a proxy that reads TLS is not trusted without its certificate"


def test_a_proxy_that_refuses_or_is_gone_is_named(
    fetcher_for: MakeFetcher, port: int, certificate: Path, proxy: str
) -> None:
    _Proxy.refuses = True
    refused = fetcher_for(resolver=_no_names, proxy=proxy, ca_file=str(certificate)).fetch(
        ask(f"https://secure.test:{port}/x")
    )
    assert not refused.ok and refused.error is not None
    assert "proxy" in refused.error.lower() and "407" in refused.error
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        absent = fetcher_for(resolver=_no_names, proxy=gone, ca_file=str(certificate)).fetch(
            ask(f"https://secure.test:{port}/x")
        )
    assert absent.error_type == "connect" and absent.error is not None and "127.0.0.1" in absent.error
    assert SEEN == []
