"""Small PDF files for tests, written by hand so that the type's place and size are known."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Set(NamedTuple):
    """A line of type: its place in points from the lower left, its size, and whether it is bold."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False


def column(texts: Sequence[str], *, top: float = 720, size: float = 11, leading: float = 14) -> list[Set]:
    """Lines one below the other; an empty text leaves a line's space."""
    return [Set(72, top - number * leading, text, size) for number, text in enumerate(texts) if text]


def make_pdf(pages: Sequence[Sequence[Set]], properties: Mapping[str, str] | None = None) -> bytes:
    """A PDF with these pages, in Helvetica and Windows-1252."""
    objects: list[bytes] = []
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    fonts = "/Encoding /WinAnsiEncoding /Type /Font /Subtype /Type1 /BaseFont"
    info = " ".join(f"/{key} ({value})" for key, value in (properties or {}).items())
    objects += [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< {fonts} /Helvetica >>".encode(),
        f"<< {fonts} /Helvetica-Bold >>".encode(),
        f"<< {info} >>".encode("cp1252"),
    ]
    for number, page in enumerate(pages):
        stream = b"\n".join(_show(line) for line in page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return _assembled(objects)


def _show(line: Set) -> bytes:
    text = line.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    font = "F2" if line.bold else "F1"
    return f"BT /{font} {line.size} Tf 1 0 0 1 {line.x} {line.y} Tm (".encode() + text + b") Tj ET"


def _assembled(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.4\n"
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + trailer.encode()
