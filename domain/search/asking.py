"""What somebody typed, taken apart: which words must be there, and as what else each may be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlmodel import Session

from domain.catalog.queries import chunks
from domain.kit.errors import Invalid
from domain.search.keeping import TYPOS, WORDS, word_keys
from domain.search.words import OPTIONAL, STOPWORDS, can_err, checksum, is_run, number_of, pairs, shortened, spelled, words

MOST_LETTERS: Final = 200
MOST_ASKED: Final = 12
"""Words of a query that are looked at."""
SHORTEST_MISTYPED: Final = 4
SHORTEST_PREFIX: Final = 3
"""Letters that a beginning needs to be looked up among all words; shorter ones are the beginning of a name."""
SHORTEST_SPLIT: Final = 4
YEARS: Final = range(1870, 2101)

EXACT: Final = 1.0
SAME: Final = 0.97
"""Another spelling: 2 and II, spider-man and spiderman."""
PREFIX: Final = 0.7
LONG_PREFIX: Final = 0.9
ERROR: Final = 0.65


@dataclass(slots=True)
class Asked:
    """A word of a query."""

    text: str
    is_optional: bool
    is_prefix: bool
    """It may be only the beginning: the last one, which is still being typed."""
    forms: dict[str, float] = field(default_factory=dict)
    """Words that it may stand for, with how well they fit (1 = exactly)."""
    splits: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of words that it may be, written as one."""

    @property
    def year(self) -> int | None:
        """The year that it may mean."""
        is_number = len(self.text) == 4 and self.text.isascii() and self.text.isdigit()
        return int(self.text) if is_number and int(self.text) in YEARS else None


@dataclass(frozen=True, slots=True)
class Query:
    """A query, ready to be looked up."""

    asked: Sequence[Asked]
    joins: Sequence[str]
    """Word n and n + 1 written as one."""
    keys: Mapping[str, int]
    """The ids of all known words that are named here."""

    @property
    def required(self) -> list[int]:
        """The places of the words that must be there."""
        return [place for place, each in enumerate(self.asked) if not each.is_optional]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(each.text for each in self.asked)


def query_words(text: str) -> list[str]:
    """The words of a query, at most twelve. Raises Invalid for one of more than 200 characters."""
    if len(text) > MOST_LETTERS:
        raise Invalid(f"A search has at most {MOST_LETTERS} characters; this one has {len(text)}.", path=("query",))
    found = spelled([word.text for word in words(text)])
    return found[:MOST_ASKED]


def prepare(session: Session, text: str) -> Query | None:
    """The query with the spellings that the index knows; None where nothing is asked. Raises Invalid as `query_words`."""
    texts = query_words(text)
    if not texts:
        return None
    needed = [word not in OPTIONAL for word in texts]
    if not any(needed):
        needed = [True] * len(texts)
    last = len(texts) - 1
    asked = [Asked(word, not needed[place], place == last) for place, word in enumerate(texts)]
    if asked[last].is_optional:  # "the lord of th": what is being typed may become anything, and "the" is common
        asked[last].is_prefix = False
    joins = [one + other for one, other in pairwise(texts)]
    typos = _mistyped(session, [each.text for each in asked if can_err(each.text, shortest=SHORTEST_MISTYPED)])
    splits = {each.text: _halves(each.text) for each in asked}
    wanted = {word for each in asked for word in _indexed(each.text)} | set(joins)
    wanted |= {part for pieces in splits.values() for pair in pieces for part in pair}
    keys = word_keys(session, sorted(wanted)) | {word: key for found in typos.values() for word, key in found.items()}
    for each in asked:
        each.forms = dict.fromkeys(typos.get(each.text, ()), ERROR)
        number = number_of(each.text, is_last=True)
        if number is not None:
            each.forms[number] = SAME
        each.forms[each.text] = EXACT
        each.splits = [pair for pair in splits[each.text] if all(part in keys or part in STOPWORDS for part in pair)]
    return Query(asked, joins, keys)


def _indexed(word: str) -> list[str]:
    if is_run(word):
        return pairs(word)
    number = number_of(word, is_last=True)
    return [word] if number is None else [word, number]


def _halves(word: str) -> list[tuple[str, str]]:
    if len(word) < SHORTEST_SPLIT or is_run(word) or not word.isalpha():
        return []
    return [(word[:at], word[at:]) for at in range(1, len(word)) if len(word[:at]) > 1 or len(word) > SHORTEST_SPLIT + 1]


def _mistyped(session: Session, texts: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each word those known ones (with their ids) that one typing error leads to."""
    near = {text: {text, *shortened(text)} for text in texts}
    sums = {checksum(each) for found in near.values() for each in found}
    spelled_out = {each for found in near.values() for each in found}
    known: dict[str, int] = {}
    for piece in chunks(sorted(sums)):
        query = sa.select(WORDS.c.word, WORDS.c.id).join(TYPOS, TYPOS.c.word_id == WORDS.c.id).where(TYPOS.c.checksum.in_(piece))
        known.update((row.word, row.id) for row in session.connection().execute(query))
    known |= word_keys(session, sorted(spelled_out))
    return {
        text: {word: key for word, key in known.items() if word != text and OSA.distance(text, word, score_cutoff=1) == 1}
        for text in texts
    }
