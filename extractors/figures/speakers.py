"""The verbs of stating in a sentence with their subjects: "Ministers argue that", "the think tank found"."""

import re
from typing import NamedTuple

from extractors.figures.lexicons import lexicon
from extractors.figures.measures import tidy
from extractors.figures.nouns import VERBS
from extractors.figures.sentence import Sentence

_LEX = lexicon("attribution")
SAYING = _LEX.words("verbs.words")
SOURCES = _LEX.words("sources.words")
PRONOUNS = _LEX.words("not_source.words")
DETERMINERS = _LEX.words("determiners.words")
_WEAK = _LEX.words("weak_verbs.words")
_DIRECT = _LEX.words("direct_verbs.words")
_NOUN_TOO = _LEX.words("nouns_too.words")
_TRAILING_WORDS = _LEX.words("before_verb.words")
_BAD_ENDS = _LEX.words("not_subject.last")
BAD_STARTS = _LEX.words("not_subject.first")
_EDGE_WORDS = _LEX.words("subject_edges.words")

_TOKEN = re.compile(r"[a-z]+(?:['-][a-z]+)*'?|[0-9]+(?:[,.][0-9]+)*|[^ a-z0-9]")
_TRAILING = re.compile(r"(?: (?:in (?:19|20)[0-9]{2}|last (?:year|week|month)|today|yesterday|[a-z]+ly))+$")
_MARKS = frozenset(',;:"')
_OBJECT = (" the ", " a ", " an ", " its ", " their ", " our ")
_REPORTED = (" that ", ":", " at ", ", ", " us ", " me ", " mps ")
_LONGEST_SUBJECT = 14  # words
_NEAR = 60  # characters between a verb and the figure that is its object
_CLOSING = 26  # characters that may follow a verb that closes its sentence: "the think tank found last week."


class Speaker(NamedTuple):
    """A verb of stating with its subject.

    `pronoun` says that the subject is one; `known` that it names a kind of source ("a survey"); `reports` that what
    follows the verb is reported speech; `direct` that the verb also takes a figure as its object.
    """

    start: int
    verb_start: int
    verb_end: int
    source: str | None
    pronoun: bool
    weak: bool
    reports: bool
    direct: bool

    def governs(self, figure: int, end: int, after: str) -> bool:
        """Whether the figure at that offset is part of what is stated; `end` is where the statement ends."""
        if self.start <= figure < self.verb_start:
            return False
        closes = self.verb_start > figure
        if closes and not (self.verb_end >= end - _CLOSING or after.startswith((",", "."))):
            return False
        near = self.direct and (after.startswith(_OBJECT) or 0 <= figure - self.verb_end <= _NEAR)
        return not self.weak or self.reports or near or (closes and after.startswith((".", ",")))


def speakers(sentence: Sentence) -> list[Speaker]:
    """All verbs of stating with a subject that can be a source, in order."""
    tokens = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(sentence.lower, sentence.start, sentence.end)]
    found: list[Speaker] = []
    first = depth = 0
    for index, (start, end, word) in enumerate(tokens):
        if word in SAYING:
            speaker = _speaker(sentence, tokens[first:index], start, end, word)
            if speaker is not None:
                found.append(speaker)
        depth += (word == "(") - (word == ")")
        if depth <= 0 and _is_edge(sentence, tokens, index):
            first = index + 1
    return found


def _is_edge(sentence: Sentence, tokens: list[tuple[int, int, str]], index: int) -> bool:
    start, _, word = tokens[index]
    if word == "-":
        return sentence.lower[start - 1 : start] == " "
    if word not in _EDGE_WORDS:
        return word in _MARKS
    following = tokens[index + 1 : index + 3]
    if word == "as":
        return [token[2] for token in following] != ["a", "whole"]
    if word != "and" or not following or not index:
        return True
    after = following[1] if following[0][2] == "the" and len(following) > 1 else following[0]
    before = tokens[index - 1]
    return not (sentence.text[before[0]].isupper() and sentence.text[after[0]].isupper())


def _speaker(sentence: Sentence, before: list[tuple[int, int, str]], start: int, end: int, verb: str) -> Speaker | None:
    subject = _without_brackets(before)
    while subject and (subject[-1][2] in _TRAILING_WORDS or subject[-1][2].endswith("ly")):
        subject.pop()
    words = [token[2] for token in subject]
    if not words or len(words) > _LONGEST_SUBJECT or words[0].endswith("ing"):
        return None
    if words[-1] in _BAD_ENDS or words[0] in BAD_STARTS:
        return None
    pronoun = all(word in PRONOUNS for word in words)
    known = any(word.removesuffix("'s") in SOURCES for word in words)
    if not known and not pronoun and not _can_state(words):
        return None
    after = sentence.lower[end : end + 14]
    reports = known or after.startswith(_REPORTED) or after.rstrip() == ""
    source = _source(sentence, subject)
    return Speaker(subject[0][0], start, end, source, pronoun, verb in _WEAK, reports, verb in _DIRECT)


def _can_state(words: list[str]) -> bool:
    """Whether the words hold neither a verb of their own nor a number."""
    return not any((word in VERBS and word not in _NOUN_TOO) or word[0].isdigit() for word in words[:-1])


def _without_brackets(tokens: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    depth = 0
    for token in tokens:
        depth += token[2] == "("
        if depth <= 0:
            kept.append(token)
        depth = max(0, depth - (token[2] == ")"))
    return kept


def _source(sentence: Sentence, subject: list[tuple[int, int, str]]) -> str | None:
    words = sentence.text[subject[0][0] : subject[-1][1]]
    if "(" in words:
        words = re.sub(r" ?\([^()]*\)", "", words)
    return trimmed(words)


def trimmed(words: str) -> str | None:
    """A source without adverbs and times at its end."""
    return tidy(_TRAILING.sub("", words.rstrip()))
