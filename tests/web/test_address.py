"""What an address names, and which form of it is asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.web.address import BadAddressError, canonical, fetchable, origin, resolve, same_page, same_site

PAGE = "https://reform.uk/publications/nhs-partnerships"


@pytest.mark.parametrize(
    "other",
    [
        "https://reform.uk/publications/nhs-partnerships/",
        "http://reform.uk/publications/nhs-partnerships",
        "https://www.reform.uk/publications/nhs-partnerships/",
        "HTTPS://Reform.UK:443/publications/nhs-partnerships",
        "http://reform.uk:80/publications/nhs-partnerships",
        "http://reform.uk:443/publications/nhs-partnerships",
        "https://reform.uk./publications/nhs-partnerships",
        "https://reform.uk/publications/nhs-partnerships#summary",
        "https://reform.uk/publications/nhs-partnerships?utm_source=x&utm_medium=email",
        "https://reform.uk/publications/nhs-partnerships/?fbclid=abc&mc_cid=1&gclid=2",
        "https://reform.uk/publications/nhs-partnerships?",
        "https://reform.uk/publications//nhs-partnerships",
        "https://reform.uk/press/../publications/./nhs-partnerships",
        "https://reform.uk/publications/nhs%2Dpartnerships",
        "https://reform.uk/publications/nhs-partnerships/amp/",
        "https://reform.uk/amp/publications/nhs-partnerships",
        "https://amp.reform.uk/publications/nhs-partnerships",
        "https://m.reform.uk/publications/nhs-partnerships",
        "https://reform.uk/publications/nhs-partnerships?amp=1",
        "https://reform.uk/publications/nhs-partnerships?outputType=amp",
        "https://reform.uk/publications/nhs-partnerships/index.html",
        "https://reform-uk.cdn.ampproject.org/c/s/reform.uk/publications/nhs-partnerships",
        "https://www.google.com/amp/s/reform.uk/publications/nhs-partnerships",
        "https://reader:secret@reform.uk/publications/nhs-partnerships",
        "  https://reform.uk/publications/nhs-part\nnerships ",
    ],
)
def test_addresses_of_one_page_have_one_identity(other: str) -> None:
    assert canonical(other) == PAGE
    assert same_page(other, PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://reform.uk/publications/nhs-partnerships-2",
        "https://reform.uk/publications/NHS-partnerships",
        "https://blog.reform.uk/publications/nhs-partnerships",
        "https://reform.uk:8443/publications/nhs-partnerships",
        "https://reform.uk/publications/nhs-partnerships?page=2",
        "https://reform.uk/?p=29502",
        "https://reform.uk/publications/nhs%2Fpartnerships",
        "ftp://reform.uk/publications/nhs-partnerships",
        "nonsense",
    ],
)
def test_other_pages_have_another(other: str) -> None:
    assert not same_page(other, PAGE)


def test_parameters_that_select_a_page_are_kept_in_any_order() -> None:
    assert canonical("https://a.uk/?p=1&lang=cy") == canonical("http://www.a.uk/?lang=cy&utm_id=3&p=1")
    assert canonical("https://a.uk/?p=1") != canonical("https://a.uk/?p=2")


def test_what_is_asked_for_keeps_what_a_server_may_insist_on() -> None:
    asked = fetchable("HTTP://WWW.Example.org:80/Über uns/?b=2&utm_source=x&a=1#top")
    assert asked == "http://www.example.org/%C3%9Cber%20uns/?b=2&utm_source=x&a=1"


@pytest.mark.parametrize(
    "query", ["ref=twitter", "ref=rss_feed", "share=whatsapp&nb=1", "ito=social-facebook", "trk=public_post"]
)
def test_a_name_that_may_mean_more_is_dropped_with_a_value_that_tracks(query: str) -> None:
    assert canonical(f"{PAGE}?{query}") == PAGE
    assert fetchable(f"{PAGE}?{query}") == f"{PAGE}?{query}"


@pytest.mark.parametrize(
    "query", ["ref=2023-14", "share=ABC-9", "nb=1", "rss=714", "trk=44", "icid=report-7", "ito=55"]
)
def test_a_name_that_may_mean_more_is_kept_with_any_other_value(query: str) -> None:
    assert canonical(f"{PAGE}?{query}") == f"{PAGE}?{query}"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "/relative",
        "mailto:a@b.uk",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://a b.uk/",
        "http://[::1/",
        "https://a.uk:99999/",
        "https://ex%61mple.uk/",
        "gopher://a.uk/",
    ],
)
def test_what_is_no_web_address_is_refused(bad: str) -> None:
    with pytest.raises(BadAddressError):
        canonical(bad)
    with pytest.raises(BadAddressError):
        fetchable(bad)


def test_credentials_are_never_asked_with_nor_repeated() -> None:
    with pytest.raises(BadAddressError) as refused:
        fetchable("https://reader:secret@a.uk/")
    assert "secret" not in str(refused.value)


def test_links_are_resolved_or_dropped() -> None:
    assert resolve("https://a.uk/b/c", " ../d?utm_source=x ") == "https://a.uk/d?utm_source=x"
    assert resolve("https://a.uk/b/", "//c.uk/") == "https://c.uk/"
    assert resolve("https://a.uk/", "mailto:x@y.uk") is None
    assert resolve("https://a.uk/", "http://[") is None


def test_hosts_of_one_site() -> None:
    assert same_site("https://www.a.uk/", "http://a.uk/x")
    assert same_site("https://blog.a.uk/", "https://a.uk/")
    assert not same_site("https://a.uk/", "https://nota.uk/")
    assert origin("HTTPS://A.uk:443/x") == "https://a.uk"


_pieces = st.text(alphabet="abAB/.%2fF?&=:#@ ü+amp[]~wm-1\\\n", max_size=40)


@settings(max_examples=5 * settings().max_examples)
@given(st.one_of(_pieces.map("https://x.org/".__add__), _pieces.map("http://".__add__), st.text(max_size=60)))
def test_forms_are_stable(url: str) -> None:
    try:
        identity = canonical(url)
    except BadAddressError:
        return
    assert canonical(identity) == identity
    try:
        asked = fetchable(url)
    except BadAddressError:
        return
    assert canonical(asked) == identity
    assert fetchable(asked) == asked
