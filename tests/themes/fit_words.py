"""The weights of words, fitted on coded paragraphs.

    python -m tests.themes.fit_words            kappa and framing on what was left out, by source
    python -m tests.themes.fit_words --write    fit on everything and write extractors/themes/words.tsv

The model is in words_model.py and runs in the environment of the benchmarks (`make bench` sets it up), which has
scikit-learn. It learns from tests/themes/corpus, our own cases, the seeds and the development gold. Left out together
are all articles of some writers of the corpus, all our cases, all seeds, all development articles that cues were tuned
on, and all those kept aside, from which nothing is learned for any line of the report. A cue's score on paragraphs that
cues were tuned on says more than on others: the model gives it a slope of its own there, and the weights come from the
others'.
"""

import argparse
import json
import subprocess
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.themes import FRAMINGS, read_codebook
from extractors.themes.codebook import EVERY_PARAGRAPH, Codebook, key_of, word_keys
from extractors.themes.coder import Read, read_paragraphs
from extractors.themes.framing import evaluate
from extractors.themes.vocabulary import split_words
from tests.themes.coded import Coded, every_paragraph

_ROOT = Path(__file__).parents[2]
_PYTHON = _ROOT / ".venv-bench" / "bin" / "python"
_MODEL = Path(__file__).with_name("words_model.py")
_FILE = _ROOT / "extractors" / "themes" / "words.tsv"
_TUNED = ("seeds", "dev tuned")


def main() -> None:
    """Command line, see above."""
    parser = argparse.ArgumentParser(description="Fit the weights of words.")
    parser.add_argument("--write", action="store_true", help="write the weights fitted on everything")
    arguments = parser.parse_args()
    if not _PYTHON.exists():
        parser.error(f"{_PYTHON.relative_to(_ROOT)} is not there; `make bench` sets it up")
    book = read_codebook()
    coded = every_paragraph()
    learn = [one for one in coded if one.source != "dev aside" or not arguments.write]
    read = read_paragraphs(book, [one.paragraph for one in learn])
    task = {
        "themes": [theme.theme_id for theme in book.themes],
        "framings": FRAMINGS,
        "rows": [_row(book, *it) for it in zip(learn, read, strict=True)],
        "write": arguments.write,
    }
    answer = subprocess.run(
        [str(_PYTHON), str(_MODEL)], input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True
    )
    result: dict[str, Any] = json.loads(answer.stdout)
    if not arguments.write:
        print("\n".join(result["report"]))
    else:
        _write(result["columns"], result["weights"], _spellings(coded))
        print(f"{len(result['weights']):,} rows written to {_FILE.relative_to(_ROOT)}")


def _row(book: Codebook, one: Coded, read: Read) -> dict[str, Any]:
    """A paragraph as the model sees it: its keys, what cues say for each theme and framing, and its codings."""
    evidence = read.evidence(book)
    evaluation = evaluate(book, read.words, evidence.fired, read.traits, evidence.said)
    coded = {theme for coding in one.codings for theme in coding}
    tuned = one.source in _TUNED or one.source.startswith("cases ")
    return {
        "source": one.source,
        "article": one.article,
        "tuned": tuned,
        "all_themes": not one.source.startswith("cases framing"),
        "keys": sorted(set(word_keys(read.words))),
        "over": {
            theme.theme_id: reached - read.threshold
            for theme, reached in zip(book.themes, read.fired.sums[read.number].tolist(), strict=True)
        },
        "framing": {theme: evaluation.cue_scores(theme, evidence.cues.get(theme, ())) for theme in sorted(coded)},
        "codings": one.codings,
    }


def _spellings(coded: list[Coded]) -> dict[str, str]:
    """The commonest spelling of each key, since a stem such as "pric" is no word."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for one in coded:
        words = [word.lower() for word in split_words(one.paragraph.text).words]
        for spelling in (*words, *(f"{word} {after}" for word, after in pairwise(words))):
            seen[key_of(spelling)][spelling] += 1
    return {
        key: min(spellings, key=lambda it: (-spellings[it], it)) for key, spellings in seen.items() if "#" not in key
    }


def _write(columns: list[str], weights: dict[str, list[int]], spellings: dict[str, str]) -> None:
    lines = ["\t".join(("word", *columns))]
    for key in sorted(weights, key=lambda key: (key != EVERY_PARAGRAPH, key)):
        lines.append("\t".join((spellings.get(key, key), *map(str, weights[key]))))
    _FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
