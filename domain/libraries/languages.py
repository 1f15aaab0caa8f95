"""The languages in which a library's texts are wanted."""

import re
from collections.abc import Sequence
from typing import Final

from domain.kit.errors import Invalid

MOST_LANGUAGES: Final = 10
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def languages(given: Sequence[str] | None) -> list[str] | None:
    """The list as it is stored; None for none. Raises Invalid."""
    if not given:
        return None
    if len(given) > MOST_LANGUAGES or len(set(given)) < len(given):
        raise Invalid(f"At most {MOST_LANGUAGES} languages, each once.", path=("metadataLanguages",))
    if any(not _LANGUAGE.fullmatch(each) for each in given):
        raise Invalid("A language is two or three letters, with a region if need be: pl, pt-BR.", path=("metadataLanguages",))
    return list(given)
