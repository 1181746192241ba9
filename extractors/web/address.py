"""Web addresses: which page one names, and which form of it to ask for.

A page has one identity (`canonical`) however it was linked: http or https, with or without `www.`, trailing slash,
tracking parameters, as AMP. What goes on the wire is another form (`fetchable`), which keeps all that a server may
insist on. What is dropped is data: `address.toml`.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

from extractors.lexicon import LowerPhrases, LowerPhraseSet, Table, read_tables

_LEXICON = Path(__file__).with_name("address.toml")
_SCHEMES = frozenset({"http", "https"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Characters that RFC 3986 lets stand in a path or query as they are; "%" is handled before quoting.
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_VALUE_WORD = re.compile(r"[^a-z0-9]")
_AMP_TAIL = re.compile(r"(?:/amp|\.amp|\.amp\.html)$", re.IGNORECASE)
_AMP_CACHE_HOST = re.compile(r"(?:^|\.)cdn\.ampproject\.org$")
_AMP_CACHE_PATH = re.compile(r"^/(?:[acirv]|amp)/(?P<tls>s/)?(?P<inner>[^/]+\.[^/]+.*)$")
_HOST = re.compile(r"^[a-z0-9._~-]+$|^\[[0-9a-f:.]+\]$")


class BadAddressError(ValueError):
    """An address that names no page on the web; the message says why and never repeats credentials."""


class _Lexicon(Table):
    tracking: LowerPhraseSet
    tracking_prefixes: LowerPhrases
    ambiguous: LowerPhraseSet
    companions: LowerPhraseSet
    tracking_values: LowerPhraseSet
    renderings: LowerPhraseSet
    index_files: LowerPhraseSet
    same_site_labels: LowerPhraseSet


@cache
def _lexicon() -> _Lexicon:
    return read_tables(_LEXICON, _Lexicon)


def canonical(url: str) -> str:
    """The identity of the page that an address names: equal for all addresses of one page that can be told by form.

    Always https and without `www.`, so it is a key and a link for people, not what to ask a server for.
    `canonical(canonical(x)) == canonical(x)` and `canonical(fetchable(x)) == canonical(x)`.

    Raises:
        BadAddressError: not http or https, or without a host that a name server could know.
    """
    parts = _without_amp_cache(_split(url))
    path = _identity_path(parts.path)
    query = "&".join(sorted(_kept_parameters(parts.query)))
    return f"https://{_identity_host(parts)}{path}" + (f"?{query}" if query else "")


def fetchable(url: str) -> str:
    """The form of an address to ask for: as linked but for the fragment, escaped as RFC 3986 wants it.

    Tracking parameters stay: some servers answer nothing or something else without what they call so.

    Raises:
        BadAddressError: as `canonical`, and for an address with credentials, which are not ours to send.
    """
    parts = _split(url)
    if parts.username is not None or parts.password is not None:
        raise BadAddressError("the address carries credentials")
    query = "&".join(_escape(pair, _QUERY_SAFE) for pair in parts.query.split("&") if pair)
    path = _escape(parts.path or "/", _PATH_SAFE)
    return f"{parts.scheme}://{_host(parts)}{_port(parts)}{path}" + (f"?{query}" if query else "")


def same_page(one: str, other: str) -> bool:
    """Whether two addresses name the same page as far as their form tells; a bad address equals nothing."""
    try:
        return canonical(one) == canonical(other)
    except BadAddressError:
        return False


def origin(url: str) -> str:
    """Scheme, host and port of an address: what robots.txt, sessions and politeness are per.

    Raises:
        BadAddressError: as `canonical`.
    """
    parts = _split(url)
    return f"{parts.scheme}://{_host(parts)}{_port(parts)}"


def host_of(url: str) -> str:
    """The host of an address in lower case, without port.

    Raises:
        BadAddressError: as `canonical`.
    """
    return _host(_split(url)).strip("[]")


def site_of(url: str) -> str:
    """The site that answers for an address: its host as in `canonical`, with the port where that is not the usual one.

    Two addresses with one site have one owner. Another host under the same name may have another ("me.blogs.example"),
    as may another port; what merely passes a page on, as an AMP cache does, is itself.

    Raises:
        BadAddressError: as `canonical`.
    """
    return _identity_host(_split(url))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one host, or one's host is under the other's, `www.` and the like aside."""
    try:
        first, second = _identity_host(_split(one)), _identity_host(_split(other))
    except BadAddressError:
        return False
    return first == second or first.endswith("." + second) or second.endswith("." + first)


def resolve(base: str, link: str) -> str | None:
    """A link found on a page as a `fetchable` address, or None when it leads nowhere that can be fetched."""
    try:
        return fetchable(urljoin(base, link.strip()))
    except ValueError:
        return None


def path_and_query(url: str) -> str:
    """What `include` and `exclude` patterns of a source are searched in."""
    parts = _split(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=1024)  # an address is asked about several times in a row
def _split(url: str) -> SplitResult:
    cleaned = _CONTROL.sub("", url).strip()
    try:
        parts = urlsplit(cleaned)
        _ = parts.port
    except ValueError:
        raise BadAddressError("the address cannot be parsed") from None
    if parts.scheme not in _SCHEMES:
        raise BadAddressError(f"the scheme is {parts.scheme[:20]!r}, not http or https")
    if not _HOST.match(_host(parts)):
        raise BadAddressError("the address has no valid host")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BadAddressError("the host is not a valid international name") from None


def _port(parts: SplitResult) -> str:
    return "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"


def _identity_host(parts: SplitResult) -> str:
    host = _host(parts)
    while True:
        label, _, rest = host.partition(".")
        if label not in _lexicon().same_site_labels or "." not in rest:
            # Neither scheme's own port tells pages apart, whichever scheme it comes with.
            return host + ("" if parts.port in {None, *_DEFAULT_PORTS.values()} else f":{parts.port}")
        host = rest


def _identity_path(path: str) -> str:
    path = _escape(path or "/", _PATH_SAFE)
    while True:
        shorter = _shorten(path)
        if shorter == path:
            return path or "/"
        path = shorter


def _shorten(path: str) -> str:
    """One round of dropping what does not tell pages apart; each round shortens or changes nothing."""
    path = _without_dot_segments(path)
    if path[:5].lower() == "/amp/" and len(path) > 5:
        path = path[4:]
    path = _AMP_TAIL.sub("", path.rstrip("/"))
    folder, _, name = path.rpartition("/")
    if name.lower() in _lexicon().index_files:
        path = folder
    return path.rstrip("/") or "/"


def _without_dot_segments(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in {"", "."}:
            kept.append(segment)
    return "/" + "/".join(kept)


def _without_amp_cache(parts: SplitResult) -> SplitResult:
    """The page behind an address of an AMP cache or viewer."""
    while True:
        host = _host(parts)
        match = _AMP_CACHE_PATH.match(parts.path)
        is_viewer = host in {"google.com", "www.google.com", "google.co.uk", "www.google.co.uk"}
        if match is None or not (_AMP_CACHE_HOST.search(host) or (is_viewer and parts.path.startswith("/amp/"))):
            return parts
        try:
            parts = _split(f"https://{match['inner']}" + (f"?{parts.query}" if parts.query else ""))
        except BadAddressError:
            return parts


def _escape(text: str, safe: str) -> str:
    """RFC 3986 6.2.2: capitals in escapes, unreserved characters plain, everything unsafe escaped, nothing twice."""
    text = _BAD_ESCAPE.sub("%25", text)
    text = _ESCAPE.sub(_plain_escape, text)
    return quote(text, safe=safe + "%")


def _plain_escape(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED else match.group(0).upper()


def _tracking_free(query: str) -> list[str]:
    companions = _lexicon().companions
    pairs = [pair for pair in query.split("&") if pair]
    tracking = {unquote(pair.partition("=")[0]).lower() for pair in pairs if _tracks(pair)}
    along = {entry.partition("+")[2] for entry in companions if entry.partition("+")[0] in tracking}
    return [_escape(pair, _QUERY_SAFE) for pair in pairs if not _tracks(pair) and unquote(pair).lower() not in along]


def _tracks(pair: str) -> bool:
    """Whether a parameter only says how a reader came: by its name, or by its value where the name may mean more."""
    lexicon = _lexicon()
    name, _, value = (unquote(part).lower() for part in pair.partition("="))
    if name in lexicon.ambiguous:
        return _VALUE_WORD.split(value)[0] in lexicon.tracking_values
    return name in lexicon.tracking or name.startswith(lexicon.tracking_prefixes)


def _kept_parameters(query: str) -> list[str]:
    renderings = _lexicon().renderings
    return [
        pair
        for pair in _tracking_free(query)
        if pair.partition("=")[0].lower() not in renderings and pair.lower() not in renderings
    ]
