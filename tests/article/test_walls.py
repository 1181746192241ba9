"""Pages that are no articles are refused with a reason; articles about such pages are not."""

import pytest

from extractors.article.model import UnreadableError
from extractors.article.page import read_page

SENTENCES = [
    "The integrated care board signed a three-year contract with two independent hospitals in the spring.",
    "Its chief executive says that the waiting list for hip replacements has fallen by a fifth since then.",
    "Surgeons at the trust answer that the simpler cases went elsewhere while the harder ones stayed.",
    "A review by the regulator found that nobody had counted what the transfers cost the emergency rota.",
    "Patients' groups want the terms published before the agreement is extended for another two years.",
]
PROSE = " ".join(SENTENCES)


def page(body: str, *, title: str = "Untitled", head: str = "", classes: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body class="{classes}"><nav><ul><li><a href="/">Home</a></li><li><a href="/news/">News</a></li></ul></nav>'
        f"{body}<footer><p>© The Column</p></footer></body></html>"
    ).encode()


def teaser(number: int, *, level: int = 2) -> str:
    return (
        f'<article class="post"><h{level}>'
        f'<a href="/post-{number}/">Why contract number {number} was never published</a>'
        f"</h{level}><p>{SENTENCES[number % 5]}</p><a href='/post-{number}/'>Read more</a></article>"
    )


CARDS = "".join(teaser(number) for number in range(10))
ASK_COOKIES = (
    "<div id='consent'><h2>We value your privacy</h2><p>We and our partners store and/or access information on a"
    " device, such as cookies, and process personal data. With your permission we and our partners may use precise"
    " data.</p><button>Accept all</button><button>Reject all</button></div>"
)
REFUSED = {
    "cloudflare": (
        page("<h1>Just a moment...</h1><p>Checking if the site connection is secure</p>", title="Just a moment..."),
        "bot_wall",
    ),
    "captcha": (
        page("<h1>The Column</h1><p>Please verify you are a human by completing the security check below.</p>"),
        "bot_wall",
    ),
    "denied": (
        page(
            "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p>",
            title="Access Denied",
        ),
        "bot_wall",
    ),
    "not found": (
        page(
            "<main><h1>Page not found</h1><p>Sorry, the page you are looking for has moved.</p></main>",
            title="Page not found - The Column",
        ),
        "error_page",
    ),
    "not found, with what is popular": (
        page(
            f"<main><h1>404</h1><p>Oops! That page can’t be found.</p><h2>Popular</h2>{CARDS}</main>",
            title="Nothing found | The Column",
        ),
        "error_page",
    ),
    "wordpress not found": (
        page(f"<main><h1>Lost?</h1><p>{PROSE}</p></main>", classes="error404 wp-custom-logo"),
        "error_page",
    ),
    "server error": (page("<h1>503 Service Unavailable</h1><p>The server is busy.</p>", title="503"), "error_page"),
    "members only": (
        page(f"<main><h1>What the contract hides</h1><p>{SENTENCES[0]}</p><p>Log in to continue reading.</p></main>"),
        "login_wall",
    ),
    "metered": (
        page(
            f"<main><h1>What the contract hides</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
            "<div><p>Subscribe to continue reading. Already a subscriber? Sign in.</p></div></main>"
        ),
        "login_wall",
    ),
    "cookies only": (page(ASK_COOKIES, title="The Column"), "cookie_wall"),
    "scripts only": (
        page("<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"),
        "script_only",
    ),
    "wordpress category": (
        page(
            f"<main><h1>Category: Contracts</h1>{CARDS}</main>", title="Contracts Archives", classes="archive category"
        ),
        "listing",
    ),
    "blog's front page": (page(f"<main><h1>Blog</h1>{CARDS}</main>", title="Blog | The Column"), "listing"),
    "nothing": (page("<main></main>"), "no_article"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_reason_and_a_way_out(name: str) -> None:
    data, reason = REFUSED[name]
    with pytest.raises(UnreadableError) as caught:
        read_page(data, url="https://column.example/anything/")
    assert caught.value.reason == reason
    assert ";" in str(caught.value)


BODY = "".join(f"<p>{sentence} {SENTENCES[(number + 2) % 5]}</p>" for number, sentence in enumerate(SENTENCES))
ADMITTED = {
    "an article about walls": page(
        f"<article><h1>Access denied: how subscription walls hide contracts</h1><p>“Subscribe to continue reading”"
        f" and “page not found” are what you see.</p>{BODY}</article>",
        title="Access denied: how subscription walls hide contracts",
    ),
    "an article under a cookie banner": page(f"{ASK_COOKIES}<article><h1>The terms</h1>{BODY}</article>"),
    "an article with related posts": page(
        f"<article><h1>The terms</h1>{BODY}</article><section class='related'><h2>Related</h2>{CARDS}</section>"
    ),
    "an article in the form of a list": page(
        "<article><h1>Five contracts that went wrong</h1>"
        + "".join(f"<h2><a href='/c{n}'>Contract {n} with the hospital</a></h2><p>{PROSE}</p>" for n in range(5))
        + "</article>"
    ),
    "a comment form that asks to log in": page(
        f"<article><h1>The terms</h1>{BODY}</article>"
        "<div id='respond'><p>You must be logged in to post a comment.</p></div>"
    ),
    "a short post": page(f"<article><h1>A note</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"),
}


@pytest.mark.parametrize("name", ADMITTED)
def test_an_article_is_let_pass(name: str) -> None:
    text = read_page(ADMITTED[name], url="https://column.example/the-terms/").text
    assert SENTENCES[0] in text
    assert "never published" not in text
    assert "Accept all" not in text
