"""Reads what follows the base in a subtitle's name: `[.<title>][.<language>][.<flags>]`."""

import re

from domain.libraries.sidecars.languages import normalise_language
from domain.libraries.sidecars.model import SubtitleFacts

_DEFAULT = frozenset({"default"})
_FORCED = frozenset({"forced", "foreign"})
_HEARING_IMPAIRED = frozenset({"cc", "sdh", "hi"})
_TOKENS = re.compile(r"[.\[\]()]+")
_FINE_TOKENS = re.compile(r"[-_. ]+")
_COUNTER = re.compile(r"[0-9]{1,3}\Z")


def read_subtitle(rest: str) -> SubtitleFacts:
    """Facts from the name after its base ('.en.forced', '_eng', '.Commentary.de') or from a whole name ('2_English').

    Read from the end as Jellyfin does. `hi` is Hindi, but beside another language it says "hearing impaired".
    """
    language: str | None = None
    flags: set[str] = set()
    title: list[str] = []
    for token in reversed(_tokens(rest)):
        word = token.casefold()
        spoken = normalise_language(token)
        if word in _DEFAULT | _FORCED | _HEARING_IMPAIRED:
            flags.add(word)
        elif spoken and language is None:
            language = spoken
        elif spoken and language and language.startswith(spoken):
            continue  # "Chinese (Simplified)": the finer word stands last
        elif not _COUNTER.match(word) and word != "und":
            title.append(token)
    if "hi" in flags and language is None:
        flags.discard("hi")
        language = "hi"
    return SubtitleFacts(
        language,
        ".".join(reversed(title)) or None,
        is_forced=bool(flags & _FORCED),
        is_default=bool(flags & _DEFAULT),
        is_hearing_impaired=bool(flags & _HEARING_IMPAIRED),
    )


def _tokens(rest: str) -> list[str]:
    tokens: list[str] = []
    for token in filter(None, (part.strip(" -_") for part in _TOKENS.split(rest))):
        # `en-forced` and `2_English` are several words, `pt-BR` and `Director's cut` are one.
        fine = [part for part in _FINE_TOKENS.split(token) if part]
        if len(fine) > 1 and normalise_language(token) is None and all(map(_is_plain, fine)):
            tokens += fine
        else:
            tokens.append(token)
    return tokens


def _is_plain(word: str) -> bool:
    folded = word.casefold()
    known = folded in _DEFAULT | _FORCED | _HEARING_IMPAIRED
    return known or bool(_COUNTER.match(folded)) or normalise_language(word) is not None
