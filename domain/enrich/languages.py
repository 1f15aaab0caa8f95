"""In which languages texts are wanted, and what a provider says in them: the first that has a text is shown, all are kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import EntityKind
from domain.catalog.translating import TEXTS
from domain.libraries.tables import Library
from domain.providers.model import Details, Translation

MOST_SHARED: Final = 10
"""Languages of people and film series, which belong to no library: those of all libraries, the oldest library's first."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The lists of the libraries; an empty one leaves texts in the language that the provider is set to."""

    by_library: Mapping[int, Sequence[str]]

    def of(self, row: Any) -> Sequence[str]:
        """Those of an item, a person or a film series, the first the most wanted."""
        if hasattr(row, "library_id"):
            return self.by_library.get(row.library_id, ())
        every = (language for some in self.by_library.values() for language in some)
        return tuple(dict.fromkeys(every))[:MOST_SHARED]


def load(session: Session) -> Languages:
    """The lists as they stand."""
    query = sa.select(col(Library.id), col(Library.metadata_languages)).order_by(col(Library.id))  # unguarded: jobs ask for all
    return Languages({row.id: tuple(row.metadata_languages or ()) for row in session.connection().execute(query)})


def localized(details: Details, languages: Sequence[str]) -> Details:
    """The same with each text in the first of these languages that has it; where none has, as the provider gave it."""
    names = _names(details)
    texts = {name: _first(_text(details, name, language) for language in languages) for name in names}
    return replace(details, **{name: text for name, text in texts.items() if text is not None})  # type: ignore[arg-type]


def translations(details: Details, languages: Sequence[str]) -> list[dict[str, Any]]:
    """What it says in each of these languages, as `field_values` keeps it; those in which it says nothing are left out."""
    names = _names(details)
    found = []
    for language in languages:
        texts: dict[str, str | None] = {**dict.fromkeys(TEXTS), **{name: _text(details, name, language) for name in names}}
        if any(texts.values()):
            found.append({"language": language, "provider": details.provider, **texts})
    return found


def _names(details: Details) -> list[str]:
    return [name for name in TEXTS if not (name == "title" and details.kind is EntityKind.PERSON)]


def _text(details: Details, name: str, language: str) -> str | None:
    """A text in a language. A provider fills a missing title with the original one: such a title is in no language but that."""
    entry = _entry(details.translations, language)
    said: str | None = None if entry is None else getattr(entry, name)
    if said is not None:
        return said
    spoken = language.partition("-")[0]
    if name == "title" and details.original_language is not None:
        if spoken == details.original_language:
            return details.original_title
        if details.translations:
            return None
    own: str | None = getattr(details, name)
    return own if spoken == details.language.partition("-")[0] else None


def _entry(several: Sequence[Translation], language: str) -> Translation | None:
    """The region that is asked for, else the language's own country (de-DE), else the first."""
    spoken, _, region = language.partition("-")
    mine = [one for one in several if one.language == spoken]
    for wanted in (region, spoken.upper()):
        found = next((one for one in mine if wanted and one.region == wanted), None)
        if found is not None:
            return found
    return next(iter(mine), None)


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)
