"""Web archives (WARC files) read as if their pages had just been fetched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from extractors.web.address import BadAddressError, canonical, fetchable
from extractors.web.body import content_hash, declared_charset, media_of
from extractors.web.model import FetchRequest, FetchResult

ENDINGS = (".warc", ".warc.gz")
_LARGEST = 25 * 1024 * 1024  # as an article's page on the web may be
_READABLE = frozenset({"html", "pdf", "text"})
_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
# Text that machines read.
_NOT_ARTICLES = frozenset({"robots.txt", "ads.txt", "humans.txt", "security.txt", "llms.txt"})


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record of an archive that holds no page to read, or the archive's own end where it is broken."""

    url: str
    why: str


def is_warc(path: Path) -> bool:
    """Whether a file is an archive, by its name."""
    return path.name.lower().endswith(ENDINGS)


def read_warc(path: Path, source_id: str) -> Iterator[FetchResult | PassedOver]:
    """The pages of an archive, in its order, each as the answer that it was when it was captured.

    What is no page to read (requests, pictures, errors, captures that only refer to another one) is passed over with
    its reason. Of a broken archive all comes that stands before the break, which is told last.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        records = iter(ArchiveIterator(file, no_record_parse=False))
        while True:
            try:
                record = next(records, None)
                found = None if record is None else _found(record, source_id)
            except OSError:
                raise
            except Exception as error:  # whatever the library and zlib meet in a broken file
                told = (
                    f"the archive is broken from byte {file.tell():,} on ({type(error).__name__}: {str(error)[:120]})"
                )
                yield PassedOver(str(path), told)
                return
            if record is None:
                return
            if found is not None:
                yield found


def _found(record: ArcWarcRecord, source_id: str) -> FetchResult | PassedOver | None:
    """What a record holds; None for those that are about others: requests, metadata, the archive itself."""
    if record.rec_type not in {"response", "resource", "revisit"}:
        return None
    stated = record.rec_headers.get_header("WARC-Target-URI") or ""
    try:
        url = fetchable(stated.strip("<>"))
        identity = canonical(url)
    except BadAddressError as error:
        return None if not stated.startswith("http") else PassedOver(stated, f"an address that cannot be used: {error}")
    why = _why_not(record, url)
    if why is not None:
        return PassedOver(url, why)
    captured = _time(record.rec_headers.get_header("WARC-Date"))
    if captured is None:
        return PassedOver(url, "no date of its capture")
    body = record.content_stream().read(_LARGEST + 1)
    if len(body) <= _LARGEST and not record.raw_stream.read(1) and getattr(record.raw_stream, "limit", 0) > 0:
        raise EOFError("a record ends before its length")
    content_type = _header(record, "Content-Type")
    media = media_of(body, content_type)
    if len(body) > _LARGEST or media not in _READABLE:
        return PassedOver(url, f"larger than {_LARGEST:,} bytes" if len(body) > _LARGEST else f"no page: it is {media}")
    return FetchResult(
        request=FetchRequest(identity, url, source_id, "article"),
        fetched_at=captured,
        final_url=url,
        status=200,
        body=body,
        body_hash=content_hash(body),
        wire_bytes=len(body),
        media=media,
        content_type=content_type,
        encoding=declared_charset(content_type),
    )


def _why_not(record: ArcWarcRecord, url: str) -> str | None:
    """Why a record's body need not be looked at."""
    if record.rec_type == "revisit":
        return "a capture that refers to an earlier one"
    status = record.http_headers.get_statuscode() if record.http_headers is not None else "200"
    if status != "200":
        return f"status {status}"
    kind = (_header(record, "Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        return f"no page: {kind}"
    return "for machines" if PurePosixPath(urlsplit(url).path).name.lower() in _NOT_ARTICLES else None


def _header(record: ArcWarcRecord, name: str) -> str | None:
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    value = headers.get_header(name)
    return str(value) if value is not None else None


def _time(stated: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat(stated or "")
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
