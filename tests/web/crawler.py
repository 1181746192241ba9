"""A crawl as a process of its own, to be killed: keeps each result as a line of a file at once.

Run as `python -m tests.web.crawler LOG URL...`; addresses that the log has are not asked for again.
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from extractors.web.crawl import crawl
from extractors.web.fetch import Fetcher
from extractors.web.model import FetchResult
from tests.web.conftest import ask, settings


def main(log: Path, urls: list[str]) -> None:
    """Fetch what the log lacks."""
    text = log.read_text() if log.exists() else ""
    kept = {json.loads(line)["url"] for line in text.splitlines() if line.endswith("}")}
    hosts = sorted({urlsplit(url).hostname or "" for url in urls})
    with log.open("a") as lines, Fetcher(settings(allow_hosts=tuple(hosts), host_delay=0.01)) as fetcher:
        if text and not text.endswith("\n"):
            lines.write("\n")

        def on_result(result: FetchResult) -> None:
            lines.write(json.dumps({"url": result.request.url, "hash": result.body_hash}) + "\n")
            lines.flush()
            os.fsync(lines.fileno())

        crawl([ask(url) for url in urls if url not in kept], fetcher, on_result)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
