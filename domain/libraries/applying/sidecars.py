"""Gives everything beside the videos its item: extras, trailers, samples, themes, subtitles, pictures, NFO files of folders."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.catalog.enums import Department, EntityKind
from domain.catalog.queries import rows_of
from domain.catalog.sorting import normal_name
from domain.catalog.tables import Credit, Person
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries import paths
from domain.libraries.applying import doubts, nfo_choice
from domain.libraries.applying.episodes import season_title
from domain.libraries.applying.model import Batch, Doubt, Link, PictureUse
from domain.libraries.applying.owners import Owners
from domain.libraries.applying.series import hear_series_nfo
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.nfo import NfoKind
from domain.libraries.scanning.units import season_folder
from domain.libraries.sidecars import SEASON_ALL, FolderKind, SidecarRole, split_name
from domain.libraries.understanding.model import FoundFile, Piece, Unit
from domain.libraries.understanding.nfos import preferred
from domain.libraries.understanding.pieces import index_mains, mains_of

_ROLES: Final = {
    SidecarRole.EXTRA: FileRole.EXTRA,
    SidecarRole.TRAILER: FileRole.TRAILER,
    SidecarRole.SAMPLE: FileRole.SAMPLE,
    SidecarRole.THEME: FileRole.THEME,
    SidecarRole.SUBTITLE: FileRole.SUBTITLE,
}
_HARMLESS: Final = frozenset({"vanished"})


def place_sidecars(batch: Batch, pieces: Sequence[Piece], owners: Mapping[int, Owners]) -> None:
    """Link what belongs to items, collect the pictures, hear the NFO files of series and seasons, note what failed."""
    for piece in pieces:
        unit = piece.unit
        index = index_mains(unit)
        of_unit = owners.get(id(unit), Owners())
        if unit.hint != "movie":
            _hear_folder_nfos(batch, piece, of_unit)
        for file in piece.files:
            if file.role is SidecarRole.MAIN:
                _note_failure(batch, file, batch.items_of.get(batch.id_of(file), ()))
                continue
            batch.decided.add(batch.id_of(file))
            if file.kind is FileKind.IMAGE:
                batch.applied.picture_files.append(batch.id_of(file))
            beside = mains_of(index, unit, file)
            items = _items_beside(batch, beside) if beside else _folder_items(unit, file, of_unit)
            _note_failure(batch, file, items)
            if file.role is SidecarRole.IMAGE:
                _use_picture(batch, file, items, of_unit)
            elif file.role in _ROLES:
                _link(batch, file, items, beside)


def place_actor_pictures(uow: UnitOfWork, batch: Batch, pieces: Sequence[Piece], owners: Mapping[int, Owners]) -> None:
    """Give `.actors` pictures to the people of that name who are credited in the folder's items; to nobody else."""
    wanted = [
        (file, owners[id(piece.unit)])
        for piece in pieces
        for file in piece.files
        if id(piece.unit) in owners and file.sidecar.image is not None and file.sidecar.image.person is not None
        if not file.is_ours
    ]
    if not wanted:
        return
    items = {item for _, owner in wanted for item in (*owner.films, *([owner.series] if owner.series else []))}
    cast = rows_of(uow.session, Credit.item_id, items, Credit.department == Department.CAST)
    names = {row.id: row.name_normalized for row in rows_of(uow.session, Person.id, {row.person_id for row in cast})}
    for file, owner in wanted:
        assert file.sidecar.image is not None
        assert file.sidecar.image.person is not None
        mine = {*owner.films, owner.series}
        name = normal_name(file.sidecar.image.person)
        people = sorted({row.person_id for row in cast if row.item_id in mine and names.get(row.person_id) == name})
        for person in people:
            batch.applied.pictures.append(_picture(batch, file, person))


def _hear_folder_nfos(batch: Batch, piece: Piece, owners: Owners) -> None:
    unit = piece.unit
    is_lost = piece.is_last and (unit.has_lost_nfo or owners.home == paths.join(unit.root.path, unit.path))
    if owners.series is None:
        return
    by_folder: dict[str, list[FoundFile]] = {}
    for file in unit.files:
        if file.role is SidecarRole.NFO and file.sidecar.base is None:
            by_folder.setdefault(file.directory, []).append(file)
    here = {file.uri for file in piece.files}
    if unit.kind is FolderKind.SERIES:
        of_series = preferred(by_folder.get(unit.path, ()))
        if of_series is None or of_series.uri in here:
            hear_series_nfo(batch, owners.series, of_series, is_lost=is_lost)
    _hear_season_nfos(batch, piece, owners, by_folder)


def _hear_season_nfos(batch: Batch, piece: Piece, owners: Owners, by_folder: Mapping[str, Sequence[FoundFile]]) -> None:
    """Hear what lies in the folders of seasons; a season that has folders, but no NFO in any of them, is told by none."""
    unit = piece.unit
    here = {file.uri for file in piece.files}
    silent: set[int] = set()
    speaking: set[int] = set()
    for directory in unit.directories:
        season = season_folder(directory.path, unit.path)
        if season is None or season[0] != directory.path or (item := owners.seasons.get(season[1])) is None:
            continue
        if piece.is_last:
            batch.facts_of(item, EntityKind.SEASON).name_values = {"title": season_title(season[1])}
        chosen = preferred(by_folder.get(directory.path, ()))
        (silent if chosen is None else speaking).add(item)
        if chosen is not None and chosen.uri in here and (said := nfo_choice.item_of(chosen, NfoKind.SEASON)) is not None:
            batch.facts_of(item, EntityKind.SEASON).hear(chosen, said, said.external_ids)
    for item in silent - speaking if piece.is_last else ():
        batch.facts_of(item, EntityKind.SEASON).miss()


def _items_beside(batch: Batch, mains: Sequence[FoundFile]) -> list[int]:
    items: dict[int, None] = {}
    for main in mains:
        if main.id is not None:
            items |= dict.fromkeys(batch.items_of.get(main.id, batch.other_items_of.get(main.id, [])))
    return list(items)


def _folder_items(unit: Unit, file: FoundFile, owners: Owners) -> list[int]:
    """The items of a file that names no video: the folder's film or films, its season, or its series."""
    if file.sidecar.base is not None:
        return []
    if unit.hint == "movie":
        return owners.films
    image = file.sidecar.image
    number = image.season_number if image is not None else None
    season = season_folder(file.directory, unit.path)
    if number is not None and number != SEASON_ALL:
        item = owners.seasons.get(number)
    elif season is not None:
        item = owners.seasons.get(season[1])
    else:
        item = owners.series
    return [item] if item is not None else []


def _link(batch: Batch, file: FoundFile, items: Sequence[int], beside: Sequence[FoundFile]) -> None:
    main = beside[0].id if beside else None
    for item in items:
        batch.links.append(Link(item, batch.id_of(file), _ROLES[file.role], title=_title(file), beside=main))


def _title(file: FoundFile) -> str | None:
    """What an extra is called: its own name without its video's."""
    if file.role is SidecarRole.SUBTITLE:
        return file.sidecar.subtitle.title if file.sidecar.subtitle is not None else None
    if file.role not in (SidecarRole.EXTRA, SidecarRole.TRAILER):
        return None
    stem = split_name(file.name)[0]
    base = file.sidecar.base
    own = stem[len(base) :].strip(" -._") if base is not None and stem.startswith(base) else stem
    kind = file.sidecar.extra_kind
    if own.replace(" ", "").casefold() in ("", "trailer", *([kind.value.replace("_", "")] if kind is not None else [])):
        return kind.value.replace("_", " ").capitalize() if kind is not None else None
    return " ".join(own.replace("_", " ").split())


def _use_picture(batch: Batch, file: FoundFile, items: Sequence[int], owners: Owners) -> None:
    image = file.sidecar.image
    assert image is not None
    if file.is_ours or image.person is not None or (file.failure is not None and file.failure.code not in _HARMLESS):
        return
    if image.season_number == SEASON_ALL:
        items = [owners.series] if owners.series is not None else []
    batch.applied.pictures += [_picture(batch, file, item) for item in items]


def _picture(batch: Batch, file: FoundFile, entity: int) -> PictureUse:
    image = file.sidecar.image
    assert image is not None
    is_whole = image.season_number == SEASON_ALL
    return PictureUse(
        entity,
        image.asset_type.value,
        batch.id_of(file),
        file.uri,
        index=image.index,
        preference=image.preference,
        season_number=SEASON_ALL if is_whole else None,
        size=file.picture,
    )


def _note_failure(batch: Batch, file: FoundFile, items: Sequence[int]) -> None:
    """Ask about a file that could not be read or understood; the candidate names the failure, and the items it is of."""
    file_id = batch.id_of(file)
    reason = doubts.NFO_REFUSED if file.kind is FileKind.NFO else doubts.PROBE_FAILED
    if file.failure is not None and file.kind in (FileKind.NFO, FileKind.VIDEO, FileKind.AUDIO):
        said: dict[str, Any] = {"code": file.failure.code, "message": file.failure.message}
        if items:
            said["of"] = [global_id("media_items", item) for item in items]
        batch.doubts.append(Doubt(reason, 0.0, file_id=file_id, candidates=(said,)))
    elif file.is_read:
        batch.settled.add((reason, file_id))
