"""Who says what: its quality on the marked articles, its speed, and what it costs the whole coding of an article.

Beside it a recogniser of named entities, where the benches' environment has one (spaCy's small English model, which
installs from the registry as a package): names only, a person or an organisation, since it knows no other kinds.
"""

import json
import subprocess
from pathlib import Path

from extractors.actors import find_actors
from extractors.article.model import Paragraph
from extractors.figures import find_figures
from extractors.themes import code_themes, read_codebook
from tests.actors.marked import Marked, read_marked
from tests.actors.score import LAYERS, scores
from tests.bench.rounds import speed
from tests.themes.coded import corpus

_ROOT = Path(__file__).parents[2]
_PEER = _ROOT / "tests" / "bench" / "actors_peer.py"
_PEER_PYTHON = _ROOT / ".venv-bench" / "bin" / "python"
_ARTICLES = 120  # of the corpus, for the speeds


def run() -> str:
    """The scores, the speeds and the share of speed that is left, as plain text."""
    lines = [
        f"{part:6} {LAYERS[layer]:11} {score}"
        for part in ("dev", "aside")
        for layer, score in scores(read_marked(part)).items()
    ]
    return "\n".join([*lines, "", *_speeds(), "", *_peer()])


def _articles() -> list[tuple[Paragraph, ...]]:
    found: dict[str, list[Paragraph]] = {}
    for one in corpus():
        paragraphs = found.setdefault(one.article, [])
        paragraphs.append(Paragraph(len(paragraphs) + 1, one.paragraph.kind, one.paragraph.text))
    return [tuple(paragraphs) for paragraphs in list(found.values())[:_ARTICLES]]


def _speeds() -> list[str]:
    articles = _articles()
    codebook = read_codebook()
    read = [(article, find_figures(article)) for article in articles]
    count = sum(map(len, articles))

    def without() -> None:
        for article in articles:
            code_themes(article, codebook)
            find_figures(article)

    def actors() -> None:
        for article, figures in read:
            find_actors(article, figures)

    alone, added = speed(without, count), speed(actors, count)
    share = (1 / alone.best) / (1 / alone.best + 1 / added.best)
    told = f"themes and figures {alone.best:,.0f}; actors, quotations and citations {added.best:,.0f}"
    return [
        f"{count} paragraphs of {len(articles)} articles of the corpus, paragraphs a second of one core, best round",
        f"{told}; all of it has {share:.0%} of the speed of themes and figures alone",
    ]


def _peer() -> list[str]:
    if not _PEER_PYTHON.exists():
        return [f"Peer left out: {_PEER_PYTHON.relative_to(_ROOT)} is not set up (make bench does it)."]
    texts = [[paragraph.text for paragraph in article.paragraphs] for article in _marked()]
    command = [str(_PEER_PYTHON), str(_PEER)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"Peer left out: {(done.stderr.strip().splitlines() or ['it did not run'])[-1]}"]
    answer = json.loads(done.stdout)
    return [f"{answer['name']}: names F1 {_names_f1(answer['found']):.3f}, {answer['speed']:,.0f} paragraphs a second"]


def _marked() -> list[Marked]:
    return [*read_marked("dev"), *read_marked("aside")]


def _names_f1(found: list[list[list[list[int]]]]) -> float:
    """By article and paragraph the spans that a recogniser found, against those marked; half of both must be shared."""
    marked = right = given = 0
    for article, paragraphs in zip(_marked(), found, strict=True):
        for number, spans in enumerate(paragraphs, 1):
            marks = [one for one in article.marks if one.layer == "A" and one.paragraph_no == number]
            sure = [(one.start, one.end) for one in marks if one.sure]
            doubtful = [(one.start, one.end) for one in marks if not one.sure]
            hits = [span for span in spans if any(_shared(span, mark) for mark in sure)]
            marked += len(sure)
            right += len(hits)
            given += len(spans) - sum(any(_shared(span, mark) for mark in doubtful) for span in spans)
    return 2 * right / max(1, marked + given)


def _shared(span: list[int], mark: tuple[int, int]) -> bool:
    common = min(span[1], mark[1]) - max(span[0], mark[0])
    return common * 2 >= max(span[1], mark[1]) - min(span[0], mark[0])
