"""Runs the peers of the figures bench; started by `tests.bench.figures` with the Python of .venv-bench.

Reads a JSON list of texts from standard input and prints one JSON object: for each peer the values that it finds in
each text, and the processor seconds that one pass over all of them takes at best.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout

ROUNDS = 2
Values = list[float]


def quantulum() -> Callable[[str], Values]:
    """quantulum3 without its classifier, as it comes."""
    from quantulum3 import classifier, parser

    classifier.USE_CLF = False  # its data were pickled by a scikit-learn that no longer runs
    return lambda text: [float(quantity.value) for quantity in parser.parse(text)]


def recognizers() -> Callable[[str], Values]:
    """Recognizers-Text: its model of numbers, which those of currencies, ages and dimensions build upon."""
    from recognizers_number import Culture, NumberRecognizer

    model = NumberRecognizer(Culture.English).get_number_model()
    return lambda text: [
        float(found.resolution["value"])
        for found in model.parse(text)
        if found.resolution and found.resolution["value"]
    ]


def measured(read: Callable[[str], Values], texts: list[str]) -> dict[str, object]:
    """The values of every text and the best time of a pass."""
    seconds = []
    values: list[Values] = []
    for _ in range(ROUNDS):
        before = time.process_time()
        values = [_attempt(read, text) for text in texts]
        seconds.append(time.process_time() - before)
    return {"values": values, "seconds": min(seconds)}


def _attempt(read: Callable[[str], Values], text: str) -> Values:
    """The values of one text; a peer that raises on it has found none."""
    try:
        return read(text)
    except Exception as error:
        print(f"{error!r} on {text[:60]!r}", file=sys.stderr)
        return []


def main() -> None:
    """Measure both peers on the texts of standard input."""
    warnings.simplefilter("ignore")
    texts = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        report = {
            "quantulum3": measured(quantulum(), texts),
            "Recognizers-Text": measured(recognizers(), texts),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
