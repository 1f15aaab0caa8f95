"""The words of a name with the kind of each: title text, release word or edition."""

import re
from typing import NamedTuple

from domain.libraries.names.editions import mark_editions
from domain.libraries.names.vocabulary import LANGUAGES, WEAK, is_strong

TEXT, WEAK_TAG, LANGUAGE, EDITION, STRONG_TAG = 0, 1, 2, 3, 4

_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")


class Word(NamedTuple):
    """One word: its place in the text, its lower-case form and what it is."""

    start: int
    end: int
    lower: str
    tag: int
    label: str = ""  # of an edition word, how people write it


def scan(text: str) -> list[Word]:
    """Split the text into words and classify each; linear in the length of the text."""
    spans = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text)]
    lowers = [lower for _, _, lower in spans]
    editions = mark_editions(lowers, text, [start for start, _, _ in spans])
    words: list[Word] = []
    second_of_pair = False
    for index, (start, end, lower) in enumerate(spans):
        following = lowers[index + 1] if index + 1 < len(lowers) else ""
        if second_of_pair:
            tag, second_of_pair = STRONG_TAG, False
        elif index in editions:
            tag = EDITION
        elif is_strong(lower, ""):
            tag = STRONG_TAG
        elif is_strong(lower, following):
            tag, second_of_pair = STRONG_TAG, True
        elif lower in WEAK:
            tag = WEAK_TAG
        elif lower in LANGUAGES:
            tag = LANGUAGE
        else:
            tag = TEXT
        words.append(Word(start, end, lower, tag, editions[index] if tag == EDITION else ""))
    return words


def tags_begin(words: list[Word], first: int = 0) -> int:
    """Return the index of the first release word at or after `first` (the number of words when there is none).

    A weak word counts only when release words follow it without a gap up to a strong one, so
    `The.French.Dispatch` keeps its French and `Amelie.FRENCH.DVDRip` does not.
    """
    strong = next((index for index in range(first, len(words)) if words[index].tag == STRONG_TAG), len(words))
    if strong == len(words):
        return strong
    while strong > first + 1 and words[strong - 1].tag != TEXT:
        strong -= 1
    return strong
