"""The registry of field names that people may edit and lock, per kind: never a text from a request."""

from enum import StrEnum
from typing import Final

from domain.catalog.enums import EntityKind as K
from domain.kit.errors import Invalid
from domain.kit.spelling import camel


class FieldForm(StrEnum):
    """How a field's value is written in `field_values`."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"
    ARTWORK = "artwork"
    TRAILER = "trailer"


READ_ONLY: Final = frozenset({"budget", "revenue", "homepage", "original_language", "popularity", "production_status"})
"""Come from providers only: no edit, no lock."""

BROADCAST: Final = frozenset({K.INTERSTITIAL, K.INTRO, K.OUTRO, K.PROMO, K.BUMPER, K.STATION_ID, K.CLIP, K.AD})
_ITEMS: Final = frozenset({kind for kind in K if kind not in (K.PERSON, K.COLLECTION, K.GROUP, K.STUDIO, K.CHANNEL)})
_WORKS: Final = _ITEMS - BROADCAST - {K.UNKNOWN}
_FILMED: Final = frozenset({K.MOVIE, K.SERIES, K.SEASON, K.EPISODE, K.CUSTOM})
_TOPS: Final = frozenset({K.MOVIE, K.SERIES, K.ARTIST, K.ALBUM, K.CUSTOM})
_NAMED: Final = frozenset({K.PERSON, K.COLLECTION, K.GROUP, K.STUDIO})

_SCALARS: Final[dict[str, tuple[FieldForm, frozenset[K]]]] = {
    "title": (FieldForm.TEXT, _ITEMS),
    "sort_title": (FieldForm.TEXT, _ITEMS),
    "original_title": (FieldForm.TEXT, _WORKS),
    "tagline": (FieldForm.TEXT, _FILMED),
    "plot": (FieldForm.TEXT, _ITEMS | {K.COLLECTION}),
    "outline": (FieldForm.TEXT, _WORKS),
    "year": (FieldForm.NUMBER, _ITEMS),
    "release_date": (FieldForm.DATE, _WORKS),
    "end_date": (FieldForm.DATE, frozenset({K.SERIES, K.ARTIST, K.CUSTOM})),
    "runtime_ms": (FieldForm.NUMBER, _ITEMS),
    "edition": (FieldForm.TEXT, _WORKS),
    "album_type": (FieldForm.TEXT, frozenset({K.ALBUM})),
    "is_kids_friendly": (FieldForm.BOOLEAN, _ITEMS),
    "name": (FieldForm.TEXT, _NAMED),
    "sort_name": (FieldForm.TEXT, frozenset({K.PERSON, K.COLLECTION})),
    "description": (FieldForm.TEXT, frozenset({K.GROUP})),
    "biography": (FieldForm.TEXT, frozenset({K.PERSON})),
    "birth_date": (FieldForm.DATE, frozenset({K.PERSON})),
    "death_date": (FieldForm.DATE, frozenset({K.PERSON})),
    "birthplace": (FieldForm.TEXT, frozenset({K.PERSON})),
}
_LISTS: Final[dict[str, frozenset[K]]] = {
    "genres": _ITEMS,
    "tags": _ITEMS,
    "studios": _WORKS,
    "countries": _WORKS,
    "certifications": _ITEMS,
    "collections": frozenset({K.MOVIE, K.SERIES, K.CUSTOM}),
    "directors": _FILMED,
    "writers": _FILMED,
    "cast": _FILMED,
    "cast_order": _FILMED,
    "crew": _WORKS,
}
ARTWORK: Final[dict[str, frozenset[K]]] = {
    "poster": _FILMED - {K.EPISODE} | {K.COLLECTION},
    "fanart": _TOPS | {K.SEASON, K.COLLECTION},
    "banner": _TOPS | {K.SEASON, K.COLLECTION},
    "clearlogo": _TOPS | {K.COLLECTION},
    "clearart": _TOPS | {K.COLLECTION},
    "discart": frozenset({K.MOVIE, K.ALBUM, K.COLLECTION}),
    "landscape": _TOPS | BROADCAST | {K.SEASON, K.COLLECTION},
    "keyart": frozenset({K.MOVIE, K.SERIES, K.SEASON, K.COLLECTION}),
    "thumb": BROADCAST | {K.EPISODE, K.ARTIST, K.TRACK, K.CUSTOM, K.UNKNOWN},
    "characterart": frozenset({K.SERIES}),
    "cover": frozenset({K.ALBUM, K.CUSTOM}),
    "logo": frozenset({K.STUDIO, K.CHANNEL}),
    "actor_thumb": frozenset({K.PERSON}),
}
"""Types of pictures by the kinds that have them; `domain.artwork` adds their rules."""


def _registry() -> dict[K, dict[str, FieldForm]]:
    found: dict[K, dict[str, FieldForm]] = {kind: {} for kind in K}
    for name, (form, kinds) in _SCALARS.items():
        for kind in kinds:
            found[kind][name] = form
    for name, kinds in _LISTS.items():
        for kind in kinds:
            found[kind][name] = FieldForm.LIST
    for name, kinds in ARTWORK.items():
        for kind in kinds:
            found[kind][f"artwork.{name}"] = FieldForm.ARTWORK
    for kind in (K.MOVIE, K.SERIES, K.SEASON, K.EPISODE, K.CUSTOM):
        found[kind]["trailer"] = FieldForm.TRAILER
    return found


FIELDS: Final = _registry()
"""Kind -> field -> form."""


def require(kind: K, field: str) -> FieldForm:
    """The form of a field that things of `kind` have. Raises Invalid for read-only and unknown names."""
    if field in READ_ONLY:
        raise Invalid(f"{camel(field)} comes from providers only.", path=("field",))
    form = FIELDS[kind].get(field)
    if form is None:
        known = ", ".join(map(camel, FIELDS[kind]))
        raise Invalid(f"There is no field {camel(field[:40])!r} to edit on this. It has {known}.", path=("field",))
    return form
