"""From a name or query to the words that are compared: the same folding for both, whatever the engine.

Case, accents, vowel points, punctuation and the width of letters do not count. Scripts that are written without spaces
become runs, compared by substring.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.catalog.sorting import ARTICLES, plain

STOPWORDS: Final = frozenset({"the", "a", "an", "of", "and"})
"""Not in the index, save of names that hold nothing else."""
OPTIONAL: Final = STOPWORDS | {"und", "et", "d", "l"} | {
    word for words in ARTICLES.values() for word in words.split("|") if word.isalpha()
}  # fmt: skip
"""Words of a query that need not be there."""
LONGEST_WORD: Final = 32
MOST_WORDS: Final = 40

_SIGNS: Final = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u2060\ufe0f]")
_LETTERS: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ς": "σ"}
    | {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)}  # katakana as hiragana
)
_ELISION: Final = re.compile(r"\b([ld])['’](?=\w)", re.IGNORECASE)
_DROPPED: Final = frozenset("'’‘`´.")
_RUN: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u318f"
    "\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana, Hangul, Han: found by two neighbouring letters."""

_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_SPOKEN: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
)  # fmt: skip
NUMERALS: Final = {
    word: str(number) for words in (_ROMAN, _SPOKEN) for number, word in enumerate(words, start=1) if len(word) > 1
}
"""What is also a number. A single letter is one only at the end of a name."""
_LAST: Final = {word: str(number) for number, word in enumerate(_ROMAN, start=1) if len(word) == 1}


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands in the text it was read from (code points)."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """`text` without case, accents and points."""
    return _SIGNS.sub("", plain(text)).translate(_LETTERS)


def is_run(word: str) -> bool:
    """Whether a word is of a script without spaces."""
    return _RUN.match(word) is not None


def words(text: str) -> list[Word]:
    """The words of a text in order, at most 40."""
    return _split(_letters(_ELISION.sub(r"\1 ", text)))


def normal(text: str) -> str:
    """The words of a text with single spaces."""
    return " ".join(word.text for word in _split(enumerate(fold(_ELISION.sub(r"\1 ", text)))))


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """Folded letters, each with the index of what it came from."""
    index = 0
    while index < len(text):
        end = index + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield from ((index, letter) for letter in fold(text[index:end]))
        index = end


def _split(letters: Iterable[tuple[int, str]]) -> list[Word]:
    """Words of letters and digits; what holds an abbreviation together ("S.H.I.E.L.D.", "don't") is left out."""
    found: list[Word] = []
    word: list[str] = []
    start = end = 0
    for index, letter in letters:
        if letter in _DROPPED:
            continue
        is_part = letter.isalnum() or unicodedata.category(letter)[0] == "M"
        if word and (not is_part or is_run(word[0]) != is_run(letter)):
            found.append(Word("".join(word)[:LONGEST_WORD], start, end))
            word = []
        if is_part:
            if not word:
                start = index
            word.append(letter)
            end = index + 1
    if word:
        found.append(Word("".join(word)[:LONGEST_WORD], start, end))
    return found[:MOST_WORDS]


def number_of(word: str, *, is_last: bool) -> str | None:
    """The number that a word also is: "ii" and "two" are 2, and so is "v" at the end of a name 5."""
    return NUMERALS.get(word) or (_LAST.get(word) if is_last else None)


def terms(names: Sequence[str]) -> set[str]:
    """What a document with these normalized names is found by."""
    found: set[str] = set()
    for name in names:
        parts = name.split()
        kept = [word for word in parts if word not in STOPWORDS] or parts
        for index, word in enumerate(kept):
            if is_run(word):
                found.update(pairs(word))
                found.add(word[-1])
                continue
            found.add(word)
            number = number_of(word, is_last=index == len(kept) - 1 and index > 0)
            if number is not None:
                found.add(number)
    return found


def pairs(run: str) -> list[str]:
    """Every two neighbouring letters of a run; a run of one letter is itself."""
    return [run[index : index + 2] for index in range(len(run) - 1)] or [run]


def spelled(parts: Sequence[str]) -> list[str]:
    """The words with three and more single letters in a row written as one: "m a s h" is "mash"."""
    found: list[str] = []
    letters: list[str] = []
    for word in (*parts, ""):
        if len(word) == 1 and word.isalpha() and not is_run(word):
            letters.append(word)
            continue
        found += ["".join(letters)] if len(letters) > 2 else letters
        found += [word] if word else []
        letters = []
    return found


def shortened(word: str) -> set[str]:
    """The word with one letter left out, in every way."""
    return {word[:index] + word[index + 1 :] for index in range(len(word))}


def can_err(word: str, *, shortest: int) -> bool:
    """Whether one typing error in a word is forgiven: long enough, not a number, of a script with words."""
    return shortest <= len(word) <= LONGEST_WORD and not any(letter.isdigit() for letter in word) and not is_run(word)


def checksum(word: str) -> int:
    """Under what a shortened word is kept."""
    return zlib.crc32(word.encode())
