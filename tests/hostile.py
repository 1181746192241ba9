"""Bodies that would keep a reader busy for ever or fill its memory, each small and cheap to make.

Each is named after what is hostile in it; `size` is what the work of a naive reader grows with, so that a test can
compare two sizes.
"""

import struct
import zlib
from collections.abc import Callable

PROSE = (
    "The NHS paid private hospitals for operations under a contract, and waiting lists fell as the partnership with "
    "independent providers grew, though patients and unions doubt that the money is well spent."
)


def page(body: str, head: str = "") -> bytes:
    """A whole page around a body."""
    return f"<html><head><title>Hostile</title>{head}</head><body>{body}</body></html>".encode()


def article(body: str, head: str = "") -> bytes:
    """A page with some plain paragraphs of commentary before a body."""
    return page(f"<article>{''.join(f'<p>{PROSE}</p>' for _ in range(6))}{body}</article>", head)


def paragraphs(size: int) -> bytes:
    """A text of many paragraphs, each of them another."""
    return "\n\n".join(f"{PROSE} Number {number}." for number in range(size)).encode()


def gzip_quine() -> bytes:
    """A gzip file that unpacks to itself.

    Written in units of five bytes: a stored block's head prints the units that follow it, a pair of matches repeats
    the last four. The checksum stands in what it is the checksum of; it is the solution of linear equations.
    """
    for built in map(_Quine, range(1000)):
        checksum = _fixed_point(built.checksum)
        if checksum is not None:
            return built.file(checksum)
    raise AssertionError("no checksum fits")


class _Quine:
    def __init__(self, salt: int) -> None:
        self._head = bytes.fromhex("1f8b080400000000 00ff 0300") + salt.to_bytes(3, "big")
        self._size = 0
        self._size = len(self.file(0))

    def checksum(self, claimed: int) -> int:
        return zlib.crc32(self.file(claimed))

    def file(self, checksum: int) -> bytes:
        none, four, again = _stored(0), _stored(4), _REPEAT_FOUR
        one, head = _stored(1), self._head
        tail = b"\x01\x00\x00\xff\xff" + struct.pack("<II", checksum, self._size) + bytes(2)
        return b"".join([
            head, four, head, four, again, one, again, one, one, four, again, one, one, four, again,
            four, again, four, again, four, again, four, again, none, none, four, again, none, none,
            four, again, tail, again, tail,
        ])  # fmt: skip


def _stored(units: int) -> bytes:
    return b"\x00" + struct.pack("<HH", 5 * units, 0xFFFF ^ 5 * units)


def _repeat_four() -> bytes:
    """A block of fixed codes: twice ten bytes from twenty before."""
    match = f"{264 - 256:07b}" + f"{8:05b}" + "110"  # extra bits come with the lowest first: 20 is 17 and 3
    bits = "0" + "10" + match + match + "0000000"
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, 40, 8))


_REPEAT_FOUR = _repeat_four()


def _fixed_point(function: Callable[[int], int]) -> int | None:
    """The x with function(x) == x of a function of 32 bits that is linear but for a constant; None where none is."""
    constant = function(0)
    rows = []  # of the equations: the bits of x, and the constant's bit above them
    columns = [function(1 << bit) ^ constant ^ (1 << bit) for bit in range(32)]
    for bit in range(32):
        row = sum((columns[number] >> bit & 1) << number for number in range(32))
        rows.append(row | (constant >> bit & 1) << 32)
    for bit in range(32):
        pivot = next((at for at in range(bit, 32) if rows[at] >> bit & 1), None)
        if pivot is None:
            return None
        rows[bit], rows[pivot] = rows[pivot], rows[bit]
        rows = [row ^ rows[bit] if at != bit and row >> bit & 1 else row for at, row in enumerate(rows)]
    return sum((rows[bit] >> 32 & 1) << bit for bit in range(32))


def sentence(size: int) -> bytes:
    """One sentence of so many characters, full of what cues are made of."""
    endless = PROSE.replace(".", "").replace(",", "") + " "
    return b"Title: One\n\n" + endless.encode() * (size // len(endless))


def dots(size: int) -> bytes:
    """Full stops that end no sentence."""
    return b"Title: Dots\n\n" + b". " * size


def ones(size: int) -> bytes:
    """So many characters of "1,1,1,"."""
    return b"Title: Ones\n\n" + b"1," * (size // 2)


def addresses(size: int) -> bytes:
    """So many addresses in one paragraph, each with a number beside it."""
    return b"Title: Addresses\n\n" + b"a@b.uk 7 seen " * size


def said(size: int) -> bytes:
    """So many quotations in one paragraph, each with its speaker and a number."""
    return b"Title: Said\n\n" + b'"We treated 40 patients in a day," Ann Lee said. ' * size


def newlines_before_feed(size: int) -> bytes:
    """A feed behind so many line ends."""
    return b"\n" * size + b"<rss version='2.0'><channel><title>T</title></channel></rss>"


def punycode(size: int) -> bytes:
    """A page of so many bytes that says it is in punycode."""
    text = page("<p>" + "caf\u00e9 society - " * (size // 16) + "</p>", "<meta charset=punycode>")
    return text.decode().encode("cp1252")


def attributes(size: int) -> bytes:
    """An element with so many attributes."""
    return article(f"<p {' '.join(f'a{number}=1' for number in range(size))}>{PROSE}</p>")


def bases(size: int) -> bytes:
    """So many tags that move the base, and a link to resolve after each."""
    return page("<base href='/a/'>" * size)


def nested_tags(size: int) -> bytes:
    """So many nested tags in code page 037, in which "<" is another byte."""
    return ("<html>" + "<div>" * size).encode("cp037")


def links(size: int) -> bytes:
    """So many links in one paragraph."""
    return article("<p>" + "".join(f"<a href='/{number}'>word</a> " for number in range(size)) + "</p>")


_FONT = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def nested_forms(depth: int) -> bytes:
    """A PDF whose forms each draw the next one twice."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> "
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + _FONT + b" >> >>",
        _stream(b"/F Do"),
    ]
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << "
    for level in range(depth):
        child = f"/XObject << /F {6 + level} 0 R >> ".encode()
        objects.append(_stream(b"/F Do /F Do", form + child + _FONT + b" >>"))
    objects.append(_stream(b"BT /F1 10 Tf (words) Tj ET", form + _FONT + b" >>"))
    return _pdf(objects)


def short_lines(lines: int, pages: int = 1) -> bytes:
    """A PDF of so many short lines on each page."""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(pages))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()]
    drawing = b"BT /F1 8 Tf 9 TL 40 800 Td " + b"(a b) Tj T* " * lines + b"ET"
    for number in range(pages):
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * number} 0 R ".encode()
        objects += [page + b"/Resources << " + _FONT + b" >> >>", _stream(drawing)]
    return _pdf(objects)


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return (
        b"<< "
        + entries
        + f" /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )


def _pdf(objects: list[bytes]) -> bytes:
    data, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF".encode()
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + trailer
