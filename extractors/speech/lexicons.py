"""The words of the grammar of speech: `words/grammar.toml`, checked when it is read."""

import re
from collections.abc import Iterable
from pathlib import Path

from extractors.lexicon import Forms, Phrases, Table, Words, read_tables


class WordList(Table):
    """Single words."""

    words: Words


class PhraseList(Table):
    """Words and phrases of several words."""

    phrases: Phrases


class SpeechVerbs(Table):
    """Verbs with all their forms."""

    forms: Forms


class Grammar(Table):
    """Verbs of speech, and the words by which their subject and their clause are told."""

    speech: SpeechVerbs
    nouns_too: WordList
    reporting: WordList
    plural_subjects: WordList
    before_nouns: WordList
    finite: WordList
    never_subject: WordList
    prepositions: WordList
    own: WordList
    between: PhraseList
    after_comma: WordList
    clause: WordList
    after_subject: PhraseList
    inverted: WordList


GRAMMAR = read_tables(Path(__file__).with_name("words") / "grammar.toml", Grammar)


def either(phrases: Iterable[str]) -> str:
    """A pattern for any of the words or phrases, the longest first."""
    return "|".join(re.escape(one).replace(r"\ ", " ") for one in sorted(phrases, key=lambda one: (-len(one), one)))
