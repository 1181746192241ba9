"""The judged cases of this folder and the gold articles, as articles to judge."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from extractors.article import read
from extractors.article.model import Article, Found, Paragraph
from extractors.relevance import judge

ROOT = Path(__file__).parents[2]
_CASES = Path(__file__).with_name("cases")
JUDGED = Path(__file__).with_name("judged")
JUDGED_BATCHES = {
    "judged": "[ns]*-[12]",
    **{
        f"judged {batch}": f"{batch}-*"
        for batch in ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """A text with the decision that a careful reader makes."""

    name: str
    article: Article
    similar: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Decisions counted against the reader's."""

    lost: tuple[str, ...]
    let_in: tuple[str, ...]
    recall: float
    precision: float


def article_of(title: str, text: str) -> Article:
    """An article as a page would be read: a title and paragraphs, nothing else known of it."""
    blocks = [block.strip().removeprefix("•").strip() for block in text.splitlines() if block.strip()]
    paragraphs = tuple(Paragraph(number, "prose", block) for number, block in enumerate(blocks, start=1))
    return Article(Found(title, "h1"), None, (), None, None, "en", None, paragraphs)


def written_cases(pattern: str, folder: Path = _CASES) -> list[Case]:
    """The cases of the files that the pattern names."""
    return [
        Case(f"{case['kind']}: {case['title']}", article_of(case["title"], case["text"]), case["similar"])
        for path in sorted(folder.glob(pattern))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def gold_cases() -> list[Case]:
    """The development articles, the seeds (both similar) and the development negatives."""
    similar = [*(ROOT / "tests/gold/dev/articles").glob("*.txt"), *(ROOT / "seeds/articles").glob("*.txt")]
    others = (ROOT / "tests/gold/dev/negatives").glob("*.txt")
    return [
        Case(f"{path.parent.name}/{path.name}", read(path.read_bytes(), name=path.name), path in similar)
        for path in sorted([*similar, *others])
    ]


def restated_cases(*, aside: bool) -> list[Case]:
    """The pieces restated from real commentary, all similar; every third is kept aside and never tuned on."""
    paths = sorted((ROOT / "tests/themes/restated").glob("[a-z][0-9][0-9]-*.txt"))
    return [
        Case(f"restated/{path.name}", read(path.read_bytes(), name=path.name), similar=True)
        for path in paths
        if (int(path.name[1:3]) % 3 == 0) == aside
    ]


def score(cases: list[Case]) -> Score:
    """Judge every case and count."""
    kept = {case.name: judge(case.article).similar for case in cases}
    lost = tuple(case.name for case in cases if case.similar and not kept[case.name])
    let_in = tuple(case.name for case in cases if not case.similar and kept[case.name])
    similar = sum(case.similar for case in cases)
    found = similar - len(lost)
    return Score(lost, let_in, found / similar, found / (found + len(let_in)))


if __name__ == "__main__":
    for name, cases in (
        ("gold", gold_cases()),
        ("tuning", written_cases("tuning*.toml")),
        ("fresh", written_cases("fresh*.toml")),
        *((name, written_cases(f"{glob}.toml", JUDGED)) for name, glob in JUDGED_BATCHES.items()),
        ("restated", restated_cases(aside=False)),
        ("restated, kept aside", restated_cases(aside=True)),
    ):
        result = score(cases)
        positives = sum(case.similar for case in cases)
        print(
            f"{name}: {positives - len(result.lost)} of {positives} similar kept,"
            f" {len(result.let_in)} of {len(cases) - positives} others let in;"
            f" recall {result.recall:.3f}, precision {result.precision:.3f}"
        )
        for case in result.lost:
            print(f"  lost    {case}")
        for case in result.let_in:
            print(f"  let in  {case}")
