"""Where requests may lead, each hazard with what happened on the wire."""

import threading
from ipaddress import ip_address

import pytest

from extractors.web.transport import AllowedHostError, Guard, is_public
from tests.web.conftest import MakeFetcher, ask
from tests.web.site import Reply, Site


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "5f00::1",
        "2001:0:7f00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.0.81", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_settings_allow_by_host_address_and_network() -> None:
    guard = Guard.allowing(["Intranet.Example", "10.1.2.3", "192.168.7.0/24", "fd12::/48"])
    assert guard.permits("intranet.example", "10.9.9.9")
    assert guard.permits("any.example", "10.1.2.3")
    assert guard.permits("any.example", "192.168.7.200")
    assert guard.permits("any.example", "fd12::5")
    assert not guard.permits("any.example", "10.1.2.4")
    assert not guard.permits("other.intranet.example", "10.9.9.9")
    assert not guard.permits("any.example", "fe80::1%eth0")
    assert not guard.permits("any.example", "nonsense")


@pytest.mark.parametrize(
    "form",
    ["127.0.0.1", "127.1", "0x7f000001", "0x7f.1", "2130706433", "0177.0.0.1", " 127.0.0.1 ", "::ffff:127.0.0.1",
     "[::ffff:127.0.0.1]", "::ffff:7f00:1", "64:ff9b::7f00:1", "127.0.0.1/32", "::ffff:127.0.0.1/128"],
)  # fmt: skip
def test_an_allowed_address_is_the_same_in_every_form(form: str) -> None:
    guard = Guard.allowing([form])
    for asked in ("127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"):
        assert guard.permits("any.example", asked)
    assert not guard.permits("any.example", "127.0.0.2")
    assert not guard.permits("any.example", "::1")


def test_an_allowed_name_is_the_same_in_every_form() -> None:
    guard = Guard.allowing(["Bücher.Example."])
    assert guard.permits("xn--bcher-kva.example", "10.0.0.1")
    assert not guard.permits("bucher.example", "10.0.0.1")


@pytest.mark.parametrize(
    "entry",
    ["0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "128.0.0.0/1", "::/0", "fd00::/8", "2001::/16", "::ffff:0:0/96",
     "::ffff:10.0.0.0/104", "64:ff9b::/96", "::/1", "169.254.0.0/16", "169.254.169.0/24", "168.63.129.0/24",
     "fd00:ec2::/48", "http://10.0.0.1", "intranet.example:8080", "intranet.example/path", "*", "*.example", "", "a b",
     "1.2.3.4.5/8", "999.1.1.1"],
)  # fmt: skip
def test_what_allows_too_much_or_nothing_is_refused_with_a_reason(entry: str) -> None:
    with pytest.raises(AllowedHostError) as refused:
        Guard.allowing(["intranet.example", entry])
    assert repr(entry.strip()) in str(refused.value) or repr(entry) in str(refused.value)
    assert "host" in str(refused.value) or "address" in str(refused.value)


def test_one_address_may_be_named_whatever_it_is() -> None:
    assert Guard.allowing(["169.254.169.254"]).permits("metadata.example", "169.254.169.254")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_loopback_is_refused_by_default_under_any_name(web: Site, fetcher_for: MakeFetcher, name: str) -> None:
    from extractors.web.transport import system_resolver

    result = fetcher_for(allow_hosts=(), resolver=system_resolver).fetch(ask(f"http://{name}:{web.port}/"))
    assert result.error_type in {"unsafe_address", "dns"}
    assert not result.sent
    assert web.requests == []


def test_a_name_that_leads_to_a_private_address_is_refused(web: Site, fetcher_for: MakeFetcher) -> None:
    inside = web.host("inside.test")
    inside.page("/", "secret")
    result = fetcher_for(allow_hosts=()).fetch(ask(inside.url()))
    assert result.error_type == "unsafe_address"
    assert "127.0.0.1" in (result.error or "")
    assert web.requests == []


def test_a_redirect_to_a_private_address_is_refused(web: Site, fetcher_for: MakeFetcher) -> None:
    # The page's host plays the public one: only its address is allowed.
    public, inside = web.host("127.0.0.5"), web.host("inside.test")
    public.redirect("/out", inside.url("/secret"), 302)
    inside.page("/secret", "secret")
    result = fetcher_for(allow_hosts=("127.0.0.5",)).fetch(ask(public.url("/out")))
    assert result.error_type == "unsafe_address"
    assert result.body == b""
    assert [step.status for step in result.redirects] == [302]
    assert web.paths("inside.test") == []
    assert web.paths("127.0.0.5") == ["/robots.txt", "/out"]


def test_a_redirect_to_another_scheme_is_refused(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("a.test")
    for number, target in enumerate(["file:///etc/passwd", "ftp://a.test/", "http://me:secret@a.test/x", "data:,x"]):
        host.redirect(f"/{number}", target)
        result = fetcher_for().fetch(ask(host.url(f"/{number}")))
        assert result.error_type == "redirect"
        assert "secret" not in repr(result)


def test_a_name_server_that_changes_its_mind_gains_nothing(web: Site, fetcher_for: MakeFetcher) -> None:
    """Rebinding: what was checked is what is connected to, and every new connection is checked anew."""
    web.host("127.0.0.5")
    host = web.host("rebinding.test")
    host.reply("/robots.txt", Reply(b"", headers={"Connection": "close"}))
    host.page("/", "hello", headers={"Connection": "close"})
    answers = iter(["127.0.0.5", "127.0.0.5"])
    asked: list[str] = []

    def resolver(name: str, _port: int) -> list[str]:
        asked.append(name)
        return [next(answers, "127.0.0.1")]

    fetcher = fetcher_for(allow_hosts=("127.0.0.5",), resolver=resolver)
    first, second = fetcher.fetch(ask(host.url())), fetcher.fetch(ask(host.url()))
    assert (first.ok, first.address) == (True, "127.0.0.5")
    assert second.error_type == "unsafe_address"
    assert len(asked) == 3
    assert len(web.requests) == 2


def test_only_the_permitted_of_several_addresses_is_connected_to(web: Site, fetcher_for: MakeFetcher) -> None:
    web.host("127.0.0.5")
    host = web.host("mixed.test")
    host.page("/", "hello")
    fetcher = fetcher_for(allow_hosts=("127.0.0.5",), resolver=lambda *_: ["127.0.0.1", "127.0.0.5"])
    assert fetcher.fetch(ask(host.url())).address == "127.0.0.5"


def test_the_environment_gives_no_proxy_and_no_password(
    web: Site, fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine a.test login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", web.host("proxy.test").url())
    monkeypatch.setenv("http_proxy", web.host("proxy.test").url())
    host = web.host("a.test")
    host.page("/", "hello")
    assert fetcher_for().fetch(ask(host.url())).ok
    assert all("authorization" not in request.headers for request in web.requests)
    assert web.paths("proxy.test") == []


def test_addresses_with_credentials_are_not_asked_and_not_repeated(web: Site, fetcher_for: MakeFetcher) -> None:
    web.host("a.test").page("/", "hello")
    result = fetcher_for().fetch(ask(f"http://me:secret@a.test:{web.port}/"))
    assert result.error_type == "bad_url"
    assert "secret" not in f"{result.error}{result.final_url}"
    assert web.requests == []


def test_cookies_serve_their_host_and_run_only(web: Site, fetcher_for: MakeFetcher) -> None:
    first, other = web.host("a.test"), web.host("b.test")
    first.reply("/", Reply(b"hello", headers={"Set-Cookie": "id=1; Path=/", "Content-Type": "text/html"}))
    first.redirect("/out", other.url("/in"))
    other.page("/in", "hello")
    fetcher = fetcher_for()
    for path in ("/", "/", "/out"):
        fetcher.fetch(ask(first.url(path)))
    fetcher_for().fetch(ask(first.url("/")))
    cookies = [request.headers.get("cookie") for request in web.requests if request.path != "/robots.txt"]
    assert cookies == [None, "id=1", "id=1", None, None]


def test_a_wall_that_wants_its_cookie_back_is_passed(web: Site, fetcher_for: MakeFetcher) -> None:
    host = web.host("wall.test")

    def wall(request: object) -> Reply:
        if "seen=1" in request.headers.get("cookie", ""):  # type: ignore[attr-defined]
            return Reply(b"<h1>In</h1>", headers={"Content-Type": "text/html"})
        return Reply(status=302, headers={"Location": "/", "Set-Cookie": "seen=1; Path=/"})

    host.answer("/", wall)
    result = fetcher_for().fetch(ask(host.url("/")))
    assert result.body == b"<h1>In</h1>"
    assert len(result.redirects) == 1


def test_a_resolver_that_never_answers_is_given_up() -> None:
    from extractors.web.transport import system_resolver

    gate, asked = threading.Event(), []

    def never(*_: object, **__: object) -> list[object]:
        asked.append(threading.current_thread())
        gate.wait()
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("socket.getaddrinfo", never)
        with pytest.raises(OSError, match="no answer"):
            system_resolver("a.test", 80, timeout_s=0.05)
    gate.set()
    for thread in asked:
        thread.join()
