"""How alike two titles are, whatever their spelling: accents, articles, numerals, punctuation, a subtitle left out."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from domain.catalog.sorting import normal_name
from domain.identify import weights

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
_ARTICLES: Final = frozenset({"the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il"})
_BEHIND: Final = re.compile(r"^(?P<rest>.+), (?P<article>The|A|An|Der|Die|Das|Le|La|Les|El|Los|Las|Il)$", re.IGNORECASE)
_AND: Final = re.compile(r"\s*[&+]\s*")
_BREAK: Final = re.compile(r"\s*[:;(\[–—/]\s*|\s+-\s+|\s+or\s+(?=[(:])", re.IGNORECASE)
_AND_WORDS: Final = frozenset({"and", "und"})
_PARTS: Final = frozenset({"part", "teil", "chapter", "vol", "volume", "episode", "partie", "parte"})
_ROMAN: Final = {word: str(number) for number, word in enumerate(
    ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii"), start=2
)}  # fmt: skip
_SPELLED: Final = {word: str(number) for number, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"), start=1
)}  # fmt: skip


def best(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """The most that any two of the titles are alike, 0 to 1; 0 where there are none."""
    known = tuple(theirs)
    return max((similarity(one, other) for one in ours for other in known), default=0.0)


@lru_cache(maxsize=16_384)
def similarity(one: str, other: str) -> float:
    """0 to 1: 1 = the same but for spelling."""
    found = max(_alike(mine, theirs) for mine in _spellings(one) for theirs in _spellings(other))
    if found < weights.SUBTITLE_LEFT_OUT and (_is_head(one, other) or _is_head(other, one)):
        return weights.SUBTITLE_LEFT_OUT
    return found


@lru_cache(maxsize=16_384)
def _spellings(title: str) -> tuple[tuple[str, ...], ...]:
    """The title as words, with umlauts as one letter and as two."""
    plain = _AND.sub(" and ", _BEHIND.sub(r"\g<article> \g<rest>", title.strip()))
    texts = dict.fromkeys((normal_name(plain), normal_name(plain.casefold().translate(_UMLAUTS))))
    return tuple(_words(text) for text in texts)


def _words(text: str) -> tuple[str, ...]:
    """With numerals as digits (Roman ones not at the beginning: `V for Vendetta`), without `and` and `part`."""
    words = [_SPELLED.get(word, _ROMAN.get(word, word) if number else word) for number, word in enumerate(text.split())]
    return tuple(word for number, word in enumerate(words) if word not in _AND_WORDS and not _is_part(words, number))


def _is_part(words: list[str], number: int) -> bool:
    return words[number] in _PARTS and 0 < number < len(words) - 1 and words[number + 1].isdecimal()


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if one == other:
        return 1.0
    mine, theirs = _bare(one), _bare(other)
    if mine.replace(" ", "") == theirs.replace(" ", ""):  # an article, or WALL-E for WALLE
        return weights.SAME_BUT_ARTICLE
    if _numbers(one) != _numbers(other):
        most = weights.OTHER_NUMBER
    elif min(len(mine), len(theirs)) < weights.SHORT_TITLE or _has_other_word(one, other):
        most = weights.OTHER_WORD
    else:
        most = weights.SAME_BUT_ARTICLE
    return min(_ratio(mine, theirs), most)


def _has_other_word(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a word is another one, or too many: more than misspelled."""
    for act, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        mine, theirs = set(one[i:j]) - _ARTICLES, set(other[k:m]) - _ARTICLES
        if act != "equal" and (mine or theirs) and _ratio(" ".join(one[i:j]), " ".join(other[k:m])) < weights.MISSPELLED:
            return True
    return False


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _bare(words: tuple[str, ...]) -> str:
    return " ".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(word.lstrip("0") for word in words if word.isdecimal())


def _is_head(short: str, long: str) -> bool:
    """Whether a title is another one without its subtitle."""
    heads = (long[: match.start()] for match in _BREAK.finditer(long) if match.start() > 0)
    return any(bool(set(_spellings(head)) & set(_spellings(short))) for head in heads)
