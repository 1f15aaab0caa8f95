"""Editions of a film: found in a name, and written the way people write them."""

import re
from collections.abc import Sequence

_NOUNS = frozenset({"cut", "cuts", "edition", "version", "edit", "collection"})
_ALONE = {
    "extended": "Extended", "unrated": "Unrated", "uncut": "Uncut", "uncensored": "Uncensored", "theatrical": "Theatrical",
    "imax": "IMAX", "despecialized": "Despecialized", "remastered": "Remastered", "restored": "Restored", "recut": "Recut",
    "redux": "Redux", "2in1": "2in1", "3in1": "3in1", "4in1": "4in1", "fanedit": "Fan Edit", "superbit": "Superbit",
    "dircut": "Director's Cut",
}  # fmt: skip
_WITH_NOUN = {
    "directors": "Director's Cut", "director's": "Director's Cut", "director’s": "Director's Cut",
    "director": "Director's Cut", "special": "Special Edition", "final": "Final Cut", "ultimate": "Ultimate Edition",
    "collector": "Collector's Edition", "collectors": "Collector's Edition", "collector's": "Collector's Edition",
    "criterion": "Criterion", "anniversary": "Anniversary Edition", "international": "International Cut", "fan": "Fan Edit",
    "assembly": "Assembly Cut", "alternative": "Alternative Cut", "alternate": "Alternative Cut",
    "deluxe": "Deluxe Edition", "limited": "Limited Edition", "rogue": "Rogue Cut", "diamond": "Diamond Edition",
    "signature": "Signature Edition", "open": "Open Matte", "producer's": "Producer's Cut", "producers": "Producer's Cut",
    "hybrid": "Hybrid Cut", "workprint": "Workprint", "longue": "Extended", "integrale": "Complete",
    "festival": "Festival Cut",
}  # fmt: skip
_FREE = frozenset({"criterion", "director's", "director’s", "directors", "ultimate"})
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")
_SHORT = {"DC": "Director's Cut", "SE": "Special Edition", "CC": "Criterion"}
_FRENCH = frozenset({"version", "édition", "edition"})


def mark_editions(words: Sequence[str], text: str, starts: Sequence[int]) -> dict[int, str]:
    """Return the label of each word (by index) that belongs to an edition; the words of one phrase share a label.

    `Extended`, `IMAX` and their like stand alone; `Special`, `Final` and their like need a noun
    (`Edition`, `Cut`, ...) after them, with other edition words allowed between.
    """
    found: dict[int, str] = {}
    for index, word in enumerate(words):
        if index in found:
            continue
        following = words[index + 1] if index + 1 < len(words) else ""
        if word in _ALONE:
            found[index] = _ALONE[word]
            if following in _NOUNS and (following != "collection"):
                found[index + 1] = ""
        elif word in _WITH_NOUN:
            _mark_phrase(words, index, found)
        elif word in _FRENCH and following in ("longue", "director's", "collector", "special", "criterion"):
            found[index], found[index + 1] = "", _WITH_NOUN[following]
        elif word in ("dc", "se", "cc") and text[starts[index] : starts[index] + 2] in _SHORT and index:
            found[index] = _SHORT[text[starts[index] : starts[index] + 2]]
    return found


def _mark_phrase(words: Sequence[str], index: int, found: dict[int, str]) -> None:
    """Mark a phrase that begins with a word which needs its noun; leave `found` as it is without one."""
    end = index
    while end < len(words) and (words[end] in _WITH_NOUN or words[end] in _ALONE):
        end += 1
    noun = end < len(words) and words[end] in _NOUNS
    matte = words[index] == "open" and index + 1 < len(words) and words[index + 1] == "matte"
    if not (noun or matte or (end > index + 1) or words[index] in _FREE):
        return
    for place in range(index, end):
        label = _WITH_NOUN.get(words[place]) or _ALONE[words[place]]
        if words[place] == "anniversary" and place and _ORDINAL.fullmatch(words[place - 1]):
            found[place - 1], label = "", f"{words[place - 1]} {label}"
        found[place] = label
    if matte:
        found[index + 1] = ""
    elif noun:
        found[end] = ""


def join_labels(labels: Sequence[str]) -> str:
    """Join the labels of one name: each once, in order, empty ones left out."""
    return " ".join(dict.fromkeys(label for label in labels if label))


def normalise_edition(text: str) -> str:
    """Write an edition (the text of an `{edition-...}` tag) in the usual words; unknown text stays as it is."""
    words = [match.lower() for match in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text)]
    marked = mark_editions(words, text, [0] * len(words))
    if len(marked) == len(words) and words:
        return join_labels([marked[index] for index in sorted(marked)])
    return text.strip()
