"""The version of the extractors: a fingerprint of their code and lexicons, so that it cannot be forgotten."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent
# What decides what is found in given bytes. `web` only brings the bytes; the codebook has a version of its own.
_PARTS = ("article", "figures", "relevance", "text", "themes")


@cache
def extractor_version() -> str:
    """Twelve hex digits that change whenever code or data of the extractors does.

    Articles that were coded with another version are out of date, and `commentary reextract` recodes them.
    """
    digest = sha256()
    for part in _PARTS:
        for path in sorted((_FOLDER / part).rglob("*")):
            if path.suffix in {".py", ".toml", ".tsv"}:
                digest.update(str(path.relative_to(_FOLDER)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
