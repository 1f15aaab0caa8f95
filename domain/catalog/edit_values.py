"""Checks what a person writes into a field, and gives it the form in which `field_values` keeps it."""

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

from domain.catalog.enums import AlbumType, EntityKind
from domain.catalog.fields import FIELDS, FieldForm, require
from domain.catalog.resolving import COLUMNS
from domain.catalog.showing import LISTS
from domain.catalog.sorting import normal_name
from domain.kit.errors import Invalid
from domain.kit.spelling import camel

OWN_COLUMNS: Final[dict[str, Any]] = {"edition": "", "album_type": None}
"""Fields that are columns beside the resolved ones, with what stands there when nobody says anything."""
LIST_LENGTH: Final = 100
NAME_LENGTH: Final = 100
MOST_FIELDS: Final = 100

_LENGTHS: Final = {"plot": 20_000, "outline": 5_000, "tagline": 1_000, "edition": 100}
_TEXT_LENGTH: Final = 500
_LONG: Final = frozenset({"plot", "outline", "tagline"})
_LATEST_YEAR: Final = 2200
_LONGEST_MS: Final = 366 * 24 * 3_600_000
# Control characters and halves of characters: PostgreSQL stores neither all of them nor these.
_REFUSED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPELLINGS: Final = {spelled: name for fields in FIELDS.values() for name in fields for spelled in (name, camel(name))}


def field_named(kind: EntityKind, text: str) -> str:
    """The field that a request names, as the registry (`sort_title`) or the API (`sortTitle`) spells it. Raises Invalid."""
    name = _SPELLINGS.get(text, text)
    try:
        require(kind, name)
    except Invalid as error:
        raise Invalid(error.message, path=("fields",)) from None
    return name


def stored_value(kind: EntityKind, field: str, value: Any) -> Any:
    """A person's value of a field as JSON keeps it; None stays None. Raises Invalid."""
    path = (camel(field),)
    try:
        form = require(kind, field)
    except Invalid as error:
        raise Invalid(error.message, path=path) from None
    if field not in COLUMNS and field not in LISTS and field not in OWN_COLUMNS:
        raise Invalid(f"{camel(field)} has mutations of its own.", path=path)
    if value is None:
        return None
    match form:
        case FieldForm.LIST:
            return _names(value, path)
        case FieldForm.TEXT if field == "album_type":
            return _one_of(AlbumType, value, path)
        case FieldForm.TEXT:
            return _text(field, value, path)
        case FieldForm.NUMBER:
            return _number(field, value, path)
        case FieldForm.DATE if isinstance(value, date):
            return value.isoformat()
        case FieldForm.BOOLEAN if isinstance(value, bool):
            return value
    raise Invalid(f"That is no value for {camel(field)}.", path=path)


def _text(field: str, value: Any, path: Sequence[str]) -> str:
    most = _LENGTHS.get(field, _TEXT_LENGTH)
    if not isinstance(value, str) or _REFUSED.search(value):
        raise Invalid("Text without control characters is wanted.", path=path)
    cleaned = value.strip() if field in _LONG else " ".join(value.split())
    if len(cleaned) > most:
        raise Invalid(f"At most {most} characters.", path=path)
    if field == "title" and not cleaned:
        raise Invalid("A title is not empty.", path=path)
    return cleaned


def _number(field: str, value: Any, path: Sequence[str]) -> int:
    least, most = (1, _LATEST_YEAR) if field == "year" else (0, _LONGEST_MS)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(f"A whole number from {least} to {most} is wanted.", path=path)
    return value


def _one_of(members: type[Enum], value: Any, path: Sequence[str]) -> str:
    try:
        return str(members(value).value)
    except ValueError:
        raise Invalid(f"One of {', '.join(str(member.value) for member in members)} is wanted.", path=path) from None


def _names(value: Any, path: Sequence[str]) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > LIST_LENGTH:
        raise Invalid(f"At most {LIST_LENGTH} names.", path=path)
    found: dict[str, str] = {}
    for name in value:
        cleaned = " ".join(name.split()) if isinstance(name, str) and not _REFUSED.search(name) else ""
        normal = normal_name(cleaned)
        if not normal or len(cleaned) > NAME_LENGTH:  # accents without a letter are nothing to find it by
            raise Invalid(f"A name has 1 to {NAME_LENGTH} characters.", path=path)
        found.setdefault(normal, cleaned)
    return list(found.values())
