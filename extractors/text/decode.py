"""Bytes to text: by byte order mark, UTF-8's own evidence, what was declared, and only then by guessing."""

import codecs
import re

from charset_normalizer import from_bytes

# What pages mean by a label, from the WHATWG Encoding Standard: browsers read "latin-1" as Windows-1252, and
# authors test their pages in browsers. Only labels that Python understands differently are listed.
_WHATWG = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "ansi": "cp1252",
    "x-cp1252": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "unicode": "utf-16-le",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Codecs of Python that are no encodings of text on the web; that of host names takes time by the square of the text.
_NOT_OF_TEXTS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
# Possessive: a label of nothing but white space shall not be gone through again from each of its characters.
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:+-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*+=\s*+[\"']?\s*+([\w.:+-]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
_TAGS = re.compile(rb"<[^<>]{0,2000}>")
_STRAY_BYTES = "commentary.stray-bytes"
# Bytes. The standard looks for `meta charset` in the first 1,024; real pages put scripts before it.
_ASCII = bytes(range(128))
_META_WINDOW = 16_384
_SAMPLE = 65_536


def decode(data: bytes, declared: str | None, *, html: bool) -> str:
    """The text that `data` encodes; never raises, and the result holds no NUL and no byte order mark.

    `declared` is what came with the bytes: a charset label or a whole Content-Type header. Order of trust:
    byte order mark; UTF-8 by its own evidence, even with a few stray bytes (no other encoding looks so by
    chance, while servers often declare a wrong one); the declared encoding; with `html` the page's own
    `meta charset` or XML declaration; a guess. Stray bytes inside UTF-8 are read as Windows-1252, since
    they come from pasted text ("£" as 0xA3), and broken sequences become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _clean(data[len(bom) :].decode(encoding, errors="replace"))
    wide = _wide_without_bom(data)
    if wide is not None:
        return _clean(data.decode(wide, errors="replace"))
    if data.isascii() and b"\x1b" not in data:
        return _clean(data.decode("ascii"))
    return _clean(_decode_marked(data, _labels(data, declared, html=html)))


def _decode_marked(data: bytes, labels: list[str]) -> str:
    if not data.isascii() and _mostly_utf8(data):
        return data.decode("utf-8", errors=_STRAY_BYTES)
    for encoding in labels:
        if encoding == "utf-8":
            continue  # it was tried, and most of it is something else
        try:
            if codecs.lookup(encoding).name in _NOT_OF_TEXTS:
                continue
            return data.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "cp1252":
                return data.decode(encoding, errors="replace")
        except (LookupError, ValueError):
            continue  # a label that Python has no text encoding for
    return _guess(data)


def _mostly_utf8(data: bytes) -> bool:
    """Whether at least nine in ten of the characters outside ASCII are whole UTF-8 sequences."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    ascii_bytes = len(data) - len(data.translate(None, _ASCII))
    whole = len(text) - ascii_bytes - broken
    return broken == 0 or whole >= 9 * broken


def _labels(data: bytes, declared: str | None, *, html: bool) -> list[str]:
    labels: list[str] = []
    if declared:
        match = _CHARSET.search(declared)
        if match:
            labels.append(match.group(1))
        elif "/" not in declared:
            labels.append(declared)
    if html:
        window = data[:_META_WINDOW]
        found = (_META.search(window), _XML.match(window))
        labels += [match.group(1).decode("ascii") for match in found if match]
    return [_codec(label) for label in labels]


def _codec(label: str) -> str:
    name = label.strip().strip("\"'").lower()
    return _WHATWG.get(name, "utf-8" if name in {"utf-8", "utf8", "utf_8"} else name)


def _wide_without_bom(data: bytes) -> str | None:
    """UTF-16 without a mark, told by NULs in every other byte of mostly Latin text."""
    sample = data[:1024]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    """Undeclared and not UTF-8. Latin script is mostly ASCII, and Windows-1252 is the safest guess for it."""
    sample = _TAGS.sub(b" ", data[:_SAMPLE])
    high = sum(byte > 0x7F for byte in sample)
    if high > 0.2 * len(sample):
        best = from_bytes(sample).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace")
    return data.decode("cp1252", errors="replace")


def _clean(text: str) -> str:
    return text.replace("\x00", "").removeprefix("\ufeff")


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    if len(bad) == 1:
        return bad.decode("cp1252", errors="replace"), error.end
    return "\ufffd", error.end


codecs.register_error(_STRAY_BYTES, _stray_bytes)
