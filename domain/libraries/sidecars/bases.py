"""Finds the video base name that another file's name begins with, in time independent of the number of videos."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Bases = Mapping[str, str]
_SEPARATOR = re.compile(r"[-._ \[(]")


class Owned(NamedTuple):
    """A base name as its video writes it and what follows it, its separator included ('' for the same name)."""

    base: str
    rest: str


def index_bases(names: Iterable[str]) -> Bases:
    """Base names by what is compared: case and composition of letters do not count."""
    return {base_key(name): name for name in names}


def base_key(name: str) -> str:
    """The form in which names are compared: NFC (macOS writes NFD) without case."""
    return unicodedata.normalize("NFC", name).casefold()


def longest_base(stem: str, bases: Bases) -> Owned | None:
    """The longest base that the stem equals, or begins with before a separator (`- . _ [ (` or space)."""
    composed = unicodedata.normalize("NFC", stem)
    for cut in (len(composed), *(match.start() for match in reversed(list(_SEPARATOR.finditer(composed))))):
        if known := bases.get(composed[:cut].casefold()):
            return Owned(known, composed[cut:])
    return None
