"""Pictures of film sets: in Kodi's movie set information folder, a folder for each set, outside of all libraries.

One film speaks for a set: of those that are there the first by id. Where the folder is not named or not there, sets have
no files.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, select

from domain.artwork.tables import Asset
from domain.catalog.enums import Availability, ItemKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import Collection, CollectionMember, MediaItem
from domain.libraries import paths
from domain.publish.model import Wanted
from domain.publish.nfo.characters import line
from domain.publish.places import Place, extension_of
from domain.publish.showing import pictures_of

TYPES: Final = frozenset({"poster", "fanart", "banner", "clearlogo", "clearart", "discart", "landscape", "keyart"})
"""What Kodi reads of a set, by the names that it reads."""
_ILLEGAL: Final = str.maketrans(dict.fromkeys('/\\?:*"<>|', "_"))


def home_of(folder: Path | None) -> str | None:
    """The stored path of the folder that a household names; None where there is none, or it is not there now."""
    return paths.stored(str(folder)) if folder is not None and folder.is_absolute() and folder.is_dir() else None


def folder_name(name: str) -> str | None:
    """The folder of a set as Kodi 20 looks for it (`CUtil::MakeLegalFileName`); None for a name that no folder can have."""
    found = (line(name) or "").translate(_ILLEGAL).rstrip(". ")
    return found if found and not found.startswith(".") and len(found.encode()) <= 255 else None


def wanted_of(session: Session, films: Iterable[int], home: str, *, cache: Path) -> dict[int, list[Wanted]]:
    """The files of the sets that these films speak for, by film."""
    mine = _first(rows_of(session, CollectionMember.item_id, films))
    speakers = _speakers(session, mine.values())
    sets = {one: film for film, one in mine.items() if speakers.get(one) == film}
    return _wanted(session, sets, home, cache=cache)


def still_wanted(session: Session, places: Iterable[str], home: str, *, cache: Path) -> frozenset[str]:
    """Those of these paths at which a set has a picture that is shown, whoever published it."""
    places = [path for path in places if paths.is_within(path, home)]
    if not places:
        return frozenset()
    folders = {paths.last(paths.parent(path)) for path in places}
    names = select(Collection.id, Collection.name)  # unguarded: compared with folders of ours
    named = [key for key, name in session.exec(names) if folder_name(name) in folders]
    files = _wanted(session, _speakers(session, named), home, cache=cache)
    return frozenset(one.path for ones in files.values() for one in ones) & set(places)


def _first(members: Iterable[Any]) -> dict[int, int]:
    """The one set of each film that its NFO names."""
    found: dict[int, int] = {}
    for row in sorted(members, key=lambda row: row.collection_id):
        found.setdefault(row.item_id, row.collection_id)
    return found


def _speakers(session: Session, sets: Iterable[int]) -> dict[int, int]:
    """The film that speaks for each set; a set none of whose films is there is left out."""
    members = rows_of(session, CollectionMember.collection_id, set(sets))
    is_there = (
        col(MediaItem.kind) == ItemKind.MOVIE, col(MediaItem.deleted_at).is_(None), col(MediaItem.library_id).is_not(None),
        col(MediaItem.availability) == Availability.PRESENT,
    )  # fmt: skip
    films = {row.id for row in rows_of(session, MediaItem.id, {row.item_id for row in members}, *is_there)}
    every = _first(rows_of(session, CollectionMember.item_id, films))
    found: dict[int, int] = {}
    for film, one in sorted(every.items()):
        found.setdefault(one, film)
    return {one: film for one, film in found.items() if one in {row.collection_id for row in members}}


def _wanted(session: Session, sets: Mapping[int, int], home: str, *, cache: Path) -> dict[int, list[Wanted]]:
    """Files of sets, by the film that speaks for them. Of two sets with one name the first has the folder."""
    rows = {row.id: row for row in rows_of(session, Collection.id, sets)}
    alike = rows_of(session, Collection.name, {row.name for row in rows.values()})
    spoken = _speakers(session, {row.id for row in alike}) if len(alike) > len(rows) else sets
    first = {row.name: row.id for row in sorted(alike, key=lambda row: -row.id) if row.id in spoken}
    names = {key: folder_name(row.name) for key, row in sorted(rows.items()) if first.get(row.name) == key}
    owners: dict[str, int] = {}
    for key, name in names.items():
        if name is not None:
            owners.setdefault(name, key)
    shown = rows_of(session, Asset.entity_id, owners.values(), col(Asset.rank).is_not(None), col(Asset.asset_type).in_(TYPES))
    found: dict[int, list[Wanted]] = defaultdict(list)
    for picture in pictures_of(session, shown, cache):
        name = names[picture.item_id]
        assert name is not None
        place = Place(home, paths.join(home, "", name), "", None, is_made=True)
        path = place.picture(picture.asset_type, picture.rank, extension_of(picture.uri or picture.source))
        found[sets[picture.item_id]].append(Wanted(path, place, sets[picture.item_id], picture.asset_type, picture=picture))
    return dict(found)
