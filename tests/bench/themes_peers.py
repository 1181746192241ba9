"""The trained peers of the themes bench, run by `.venv-bench`: reads the gold on standard input, answers with codes.

TF-IDF with logistic regression, and the mean of static word embeddings that ship inside the package wordllama with the
same classifier; one binary model a theme, balanced classes, trained on the corpus of tests/themes, on no gold.
"""

import importlib
import json
import sys
from importlib.resources import files
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tests.bench.rounds import speed

# Only `.venv-bench` has these two; by name, so that the type checker of the main environment does not look for them.
load_file = importlib.import_module("safetensors.numpy").load_file
Tokenizer = importlib.import_module("tokenizers").Tokenizer


class Embedder:
    """The mean of a text's word-piece vectors, with length one."""

    def __init__(self) -> None:
        package = files("wordllama")
        self.tokenizer = Tokenizer.from_file(str(package / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        (self.vectors,) = load_file(str(package / "weights" / "l2_supercat_256.safetensors")).values()

    def fit(self, _texts: list[str]) -> "Embedder":
        """Nothing to learn."""
        return self

    def transform(self, texts: list[str]) -> Any:
        """One row a text."""
        ids = [self.tokenizer.encode(text, add_special_tokens=False).ids or [0] for text in texts]
        rows = np.array([self.vectors[row].astype("float32").mean(axis=0) for row in ids])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Peer:
    """A way to turn texts into features, with the strength and cut that suited it best on this gold."""

    def __init__(self, name: str, features: Any, strength: float, cut: float) -> None:
        self.name, self.features, self.strength, self.cut = name, features, strength, cut

    def train(self, texts: list[str], truth: Any) -> Any:
        """A function from texts to a matrix of yes and no, one column a theme."""
        features = self.features().fit(texts)
        known = features.transform(texts)
        models = [
            LogisticRegression(C=self.strength, class_weight="balanced", max_iter=500).fit(known, column)
            for column in truth.T
        ]
        weights = np.vstack([model.coef_ for model in models]).T
        biases = np.hstack([model.intercept_ for model in models])
        least = np.log(self.cut / (1 - self.cut))
        return lambda new: features.transform(new) @ weights + biases > least


def main() -> None:
    """Code every paragraph by each of the peers."""
    task = json.load(sys.stdin)
    known, codes = zip(*task["learn"], strict=True)
    truth = np.array([[theme in row for theme in task["themes"]] for row in codes])
    peers = [
        Peer(
            "TF-IDF and logistic regression",
            lambda: TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True),
            3.0,
            0.6,
        ),
        Peer("static embeddings and logistic regression", Embedder, 10.0, 0.8),
    ]
    json.dump([_measure(peer, list(known), truth, task["paragraphs"], task["themes"]) for peer in peers], sys.stdout)


def _measure(peer: Peer, known: list[str], truth: Any, texts: list[str], themes: list[str]) -> dict[str, Any]:
    code = peer.train(known, truth)
    rows = [[theme for theme, yes in zip(themes, row, strict=True) if yes] for row in code(texts)]
    return {"name": peer.name, "found": rows, "speed": speed(lambda: code(texts), len(texts))}


if __name__ == "__main__":
    main()
