"""The people of one item, in the catalogue's departments and each part only once."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from domain.libraries.nfo.document import NfoCredit, NfoDepartment, NfoId
from domain.libraries.nfo.fields import Fields, attribute, children, local_name, split, text, whole_text
from domain.libraries.nfo.providers import catalogue_id
from domain.libraries.nfo.values import one_line, whole

_ACTOR = (NfoDepartment.CAST, "Actor")
_DIRECTOR = (NfoDepartment.DIRECTING, "Director")
_WRITER = (NfoDepartment.WRITING, "Writer")
_ELEMENTS = {"director": _DIRECTOR, "credits": _WRITER, "writer": _WRITER, "producer": (NfoDepartment.PRODUCTION, "Producer")}
# Jellyfin writes every sort of person as <actor> with a <type>.
_TYPES = {
    "actor": _ACTOR,
    "gueststar": (NfoDepartment.CAST, "Guest Star"),
    "director": _DIRECTOR,
    "writer": _WRITER,
    "author": (NfoDepartment.WRITING, "Author"),
    "creator": (NfoDepartment.WRITING, "Creator"),
    "translator": (NfoDepartment.WRITING, "Translator"),
    "producer": (NfoDepartment.PRODUCTION, "Producer"),
    "composer": (NfoDepartment.MUSIC, "Composer"),
    "conductor": (NfoDepartment.MUSIC, "Conductor"),
    "lyricist": (NfoDepartment.MUSIC, "Lyricist"),
    "arranger": (NfoDepartment.MUSIC, "Arranger"),
    "artist": (NfoDepartment.MUSIC, "Artist"),
    "albumartist": (NfoDepartment.MUSIC, "Album Artist"),
    "engineer": (NfoDepartment.SOUND, "Engineer"),
    "mixer": (NfoDepartment.SOUND, "Mixer"),
    "remixer": (NfoDepartment.SOUND, "Remixer"),
    "editor": (NfoDepartment.EDITING, "Editor"),
    "illustrator": (NfoDepartment.ART, "Illustrator"),
    "coverartist": (NfoDepartment.ART, "Cover Artist"),
}
_ID_NAMES = ("tmdb", "imdb", "tvdb")


def item_credits(fields: Fields) -> tuple[NfoCredit, ...]:
    """Directors and writers, then the cast in the order written; the same part twice is one credit with all its facts."""
    found: dict[tuple[str, NfoDepartment, str, str], NfoCredit] = {}
    for credit in (*_crew(fields), *_actors(fields)):
        key = (credit.name.casefold(), credit.department, credit.job, (credit.role or "").casefold())
        found[key] = _joined(found[key], credit) if key in found else credit
    return tuple(found.values())


def _crew(fields: Fields) -> Iterator[NfoCredit]:
    for element_name, (department, job) in _ELEMENTS.items():
        for element in fields.get(element_name, ()):
            # tinyMediaManager's <producer> has children like an actor.
            nested = text(children(element), "name")
            names = [nested] if nested else list(split(one_line(whole_text(element)) or ""))
            ids = _ids(element) if len(names) == 1 else ()
            for name in names:
                yield NfoCredit(name, department, job, external_ids=ids)


def _actors(fields: Fields) -> Iterator[NfoCredit]:
    for element_name in ("actor", "gueststar"):
        for element in fields.get(element_name, ()):
            parts = children(element)
            name = text(parts, "name") or (one_line(element.text) if not len(element) else None)
            if name is None:
                continue
            written = (text(parts, "type") or local_name(element)).replace(" ", "").lower()
            department, job = _TYPES.get(written, (NfoDepartment.OTHER, text(parts, "type") or "Other"))
            role = text(parts, "role") if department is NfoDepartment.CAST else None
            thumb = text(parts, "thumb")
            order = whole(text(parts, "order", "sortorder"), high=100_000)
            web = thumb if thumb and thumb.lower().startswith(("http://", "https://")) else None
            yield NfoCredit(name, department, job, role, order, web, _ids(element))


def _ids(element: etree._Element) -> tuple[NfoId, ...]:
    parts = children(element)
    found: dict[NfoId, None] = {}
    for provider in _ID_NAMES:
        for value in (text(parts, f"{provider}id", f"{provider}_id"), attribute(element, f"{provider}id")):
            if known := catalogue_id(provider, value, None):
                found.setdefault(known)
    for unique in parts.get("uniqueid", ()):
        if known := catalogue_id(attribute(unique, "type") or "", one_line(unique.text), None):
            found.setdefault(known)
    return tuple(found)


def _joined(first: NfoCredit, second: NfoCredit) -> NfoCredit:
    return replace(
        first,
        order=first.order if first.order is not None else second.order,
        thumb_url=first.thumb_url or second.thumb_url,
        external_ids=first.external_ids or second.external_ids,
    )
