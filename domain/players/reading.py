"""Reading what players send: numbers and booleans may be words, a list of one may be the one, and anything may be missing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from domain.kit.errors import KeyRefused, Unexpected
from domain.kit.http import Answer, json_of
from domain.providers.reading import Row, identifier, row, text, whole

MOST_MS: Final = 1_000 * 3_600 * 24 * 366
"""Longer than anything that plays."""
_MOST_LINE: Final = 1_000
_MOST_IDS: Final = 30


def document(answer: Answer) -> Any:
    """The JSON of a 200. Raises KeyRefused (401, 403), Unexpected for any other status and for what is no JSON."""
    accepted(answer)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and "json" not in kind:
        raise Unexpected(f"{answer.host} answered with {kind[:60]} in place of JSON.")
    return json_of(answer.body, host=answer.host)


def accepted(answer: Answer) -> None:
    """Raise KeyRefused (401, 403), and Unexpected for any other refusal."""
    if answer.status == 401:
        raise KeyRefused(f"{answer.host} does not accept our credentials.")
    if answer.status == 403:
        raise KeyRefused(f"{answer.host} does not let this user do that: it takes an administrator's.")
    if not 200 <= answer.status < 300:
        raise Unexpected(f"{answer.host} refused that ({answer.status}).")


def objects(value: Any) -> Iterator[Row]:
    """The objects of a list, all of them; of a single one that stands without its list, that one."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def number(value: Any) -> int | None:
    """A whole number from 0 on, also as a word."""
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[0-9]{1,16}", value, re.ASCII) else None
    found = whole(value)
    return found if found is not None and found >= 0 else None


def small(value: Any) -> int | None:
    """A number that an ordinary column holds: of a season, an episode, a year, a stream."""
    found = number(value)
    return found if found is not None and found < 2**31 else None


def milliseconds(value: Any, *, each: int = 1) -> int:
    """A length of time in milliseconds, `each` of which are one; 0 for what is none."""
    return min((number(value) or 0) // each, MOST_MS)


def flag(value: Any) -> bool:
    """A boolean in any of its spellings."""
    return value is True or value in (1, "1", "true", "True")


def line(value: Any) -> str | None:
    """Text in one line."""
    found = text(value)
    return None if found is None else " ".join(found[:_MOST_LINE].split()) or None


def place(value: Any) -> str | None:
    """A path, as it is: blanks at its ends belong to it."""
    return value if isinstance(value, str) and 0 < len(value) <= 4_096 and value.isprintable() else None


def ids_of(value: Any) -> dict[str, str]:
    """External ids by the catalogue's name in lower case."""
    found = {}
    for name, said in list(row(value).items())[:_MOST_IDS]:
        key = identifier(said)
        if key is not None and re.fullmatch(r"[A-Za-z0-9_]{1,40}", name):
            found[name.lower()] = key
    return found


def shares_id(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether catalogues that both name call them the same, and not more of them call them otherwise."""
    both = [one[name].lower() == other[name].lower() for name in one.keys() & other.keys()]
    return any(both) and sum(both) * 2 >= len(both)


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two paths of a player name the same file."""
    return one is not None and other is not None and folded(one) == folded(other)


def same_spelling(one: str | None, other: str | None) -> bool:
    """Whether two paths of a player are written alike, a separator at the end aside.

    Narrower than `same_place`: what was renamed in its case alone has to be read anew, also where Windows sees no difference.
    """
    return one is not None and other is not None and one.rstrip("/\\") == other.rstrip("/\\")


def folded(path: str) -> str:
    """A path for comparing: one kind of separator, none at the end, no cases where Windows has drives and shares."""
    is_windows = re.match(r"[A-Za-z]:[\\/]|\\\\", path) is not None
    plain = (path.replace("\\", "/") if is_windows else path).rstrip("/") or "/"
    return plain.casefold() if is_windows else plain


def is_within(path: str, folder: str) -> bool:
    """Whether a path is a folder, or lies in it."""
    inner, outer = folded(path), folded(folder)
    return inner == outer or inner.startswith(outer if outer.endswith("/") else f"{outer}/")
