"""Writes uses of pictures: the local ones that a scan found, and which of an entity's pictures are shown."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.tables import Asset, AssetType, ImageCandidate
from domain.catalog.locks import locked_fields
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.tables import MediaFile

LOCAL: Final = "local"
_TOKEN_BYTES: Final = 16
_SEASON_ALL: Final = -1
_WORST: Final = 10_000


@dataclass(frozen=True, slots=True)
class LocalPicture:
    """A picture beside the media, as a candidate of source `local`.

    Of several with one `index` the lowest `preference` is shown; index 0 comes first. Sizes are pixels, None if it was
    measured before. `season_number` -1 is meant for all seasons of a series and stays in its pool.
    """

    entity_id: int
    asset_type: str
    file_id: int
    uri: str
    index: int = 0
    preference: int = 0
    season_number: int | None = None
    width: int | None = None
    height: int | None = None


def record_local(uow: UnitOfWork, pictures: Sequence[LocalPicture], *, files: Iterable[int]) -> int:
    """Make these pictures the uses of local `files` that there are; other uses of those files go. Returns how many are new.

    What a person chose stays: their own pictures, pinned ones, and everything of a type that is locked.
    """
    types = set(uow.session.execute(sa.select(col(AssetType.name))).scalars())
    wanted = {(one.entity_id, one.asset_type, one.file_id): one for one in pictures if one.asset_type in types}
    present = {
        (row.entity_id, row.asset_type, row.media_file_id): row for row in rows_of(uow.session, Asset.media_file_id, files)
    }
    sizes = _sizes(uow, present.values())
    wanted = {key: one if one.width is not None else _sized(one, sizes.get(one.file_id)) for key, one in wanted.items()}
    stale = [row for key, row in present.items() if key not in wanted and row.source_type is AssetSource.LOCAL]
    _delete(uow, stale)
    _follow(uow, [(present[key].candidate_id, one) for key, one in wanted.items() if key in present])
    candidates = _candidates(uow, wanted.values())
    new = [one for key, one in wanted.items() if key not in present]
    rows = [
        {
            "entity_id": one.entity_id,
            "asset_type": one.asset_type,
            "media_file_id": one.file_id,
            "token": secrets.token_urlsafe(_TOKEN_BYTES),
            "season_number": one.season_number,
            "source_type": AssetSource.LOCAL,
            "provider": LOCAL,
            "candidate_id": candidates[one.entity_id, one.asset_type, one.uri],
            "score": _score(one),
        }
        for one in new
    ]
    if rows:
        uow.session.connection().execute(sa.insert(Asset), rows)
    rescored = [
        {"key": present[key].id, "score": _score(one), "season_number": one.season_number}
        for key, one in wanted.items()
        if key in present and (present[key].score, present[key].season_number) != (_score(one), one.season_number)
    ]
    _update(uow, Asset, rescored)
    show_best(uow, {one.entity_id for one in wanted.values()} | {row.entity_id for row in stale})
    return len(new)


def refresh_files(uow: UnitOfWork, file_ids: Iterable[int]) -> None:
    """Choose anew for the entities whose local pictures went missing or came back."""
    show_best(uow, {row.entity_id for row in rows_of(uow.session, Asset.media_file_id, file_ids)})


def show_best(uow: UnitOfWork, entities: Iterable[int]) -> None:
    """Rank the local pictures of entities: up to the type's limit are shown, in the order of their numbers.

    A type in which a person chose something, or which is locked, is left as it is; so are pictures of other sources.
    """
    every: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(uow.session, Asset.entity_id, entities):
        every[row.entity_id, row.asset_type].append(row)
    locked = locked_fields(uow.session, {entity for entity, _ in every})
    rules = uow.session.execute(sa.select(col(AssetType.name), col(AssetType.default_limit)))
    limits = {row[0]: row[1] for row in rules}
    files = [row.media_file_id for rows in every.values() for row in rows if row.media_file_id is not None]
    missing = {row.id for row in rows_of(uow.session, MediaFile.id, files) if row.missing_since is not None}
    offers = rows_of(
        uow.session, ImageCandidate.id, [row.candidate_id for rows in every.values() for row in rows if row.candidate_id]
    )
    numbers = {row.id: (row.score_breakdown or {}).get("number", 0) for row in offers}
    off: list[dict[str, Any]] = []
    on: list[dict[str, Any]] = []
    for (entity, name), rows in every.items():
        if _is_chosen(rows) or f"artwork.{name}" in locked.get(entity, ()):
            continue
        local = [row for row in rows if row.source_type is AssetSource.LOCAL]
        taken = {row.rank for row in rows if row.source_type is not AssetSource.LOCAL and row.rank is not None}
        free = [rank for rank in range(limits.get(name, 0)) if rank not in taken]
        usable = [row for row in local if row.media_file_id not in missing and row.season_number != _SEASON_ALL]
        ranks = dict(zip((row.id for row in _in_order(usable, numbers)), free, strict=False))
        for row in local:
            if row.rank != ranks.get(row.id):
                off += [{"key": row.id, "rank": None}] if row.rank is not None else []
                on += [{"key": row.id, "rank": ranks[row.id]}] if row.id in ranks else []
    _update(uow, Asset, off)  # ranks are unique: first away with the old ones
    _update(uow, Asset, on)


def _is_chosen(rows: Sequence[Any]) -> bool:
    """Whether a person chose a picture of this type: then rules keep out."""
    return any(row.selected_by_user_id is not None or row.is_pinned for row in rows)


def _in_order(rows: Sequence[Any], numbers: Mapping[int, int]) -> list[Any]:
    """One picture of each number (the best named), in the order of the numbers."""
    best: dict[int, Any] = {}
    for row in sorted(rows, key=lambda row: (-row.score, row.id)):
        best.setdefault(numbers.get(row.candidate_id, 0), row)
    return [best[number] for number in sorted(best)]


def _score(one: LocalPicture) -> float:
    """1 for the best of all names, down to 0: how exactly the file is named."""
    return 1.0 - min(one.preference, _WORST) / _WORST


def _sizes(uow: UnitOfWork, uses: Iterable[Any]) -> Mapping[int, tuple[int | None, int | None]]:
    """Width and height of pictures that were measured for another use, by file."""
    files = {row.candidate_id: row.media_file_id for row in uses if row.candidate_id is not None}
    return {files[row.id]: (row.width, row.height) for row in rows_of(uow.session, ImageCandidate.id, files)}


def _sized(one: LocalPicture, size: tuple[int | None, int | None] | None) -> LocalPicture:
    return replace(one, width=size[0], height=size[1]) if size is not None else one


def _breakdown(one: LocalPicture) -> dict[str, int]:
    return {"number": one.index, "preference": one.preference}


def _follow(uow: UnitOfWork, held: Iterable[tuple[int | None, LocalPicture]]) -> None:
    """The candidate of a picture that moved goes with it, so that its size is known there, too.

    All of them step aside first: two may change places. A candidate whose file lost its place to another keeps its row.
    """
    by_id = {key: one for key, one in held if key is not None}
    moved: dict[int, LocalPicture] = {}
    for row in rows_of(uow.session, ImageCandidate.id, by_id):
        one = by_id[row.id]
        if row.provider == LOCAL and (row.url, row.score_breakdown) != (one.uri, _breakdown(one)):
            moved[row.id] = one
    if not moved:
        return
    places = {(one.entity_id, one.asset_type, one.uri) for one in moved.values()}
    beside = rows_of(uow.session, ImageCandidate.entity_id, {entity for entity, _, _ in places}, ImageCandidate.provider == LOCAL)
    in_the_way = [row for row in beside if row.id not in moved and (row.entity_id, row.asset_type, row.url) in places]
    aside = [{"key": key, "url": f"moving:{key}"} for key in moved]
    _update(uow, ImageCandidate, [*aside, *({"key": row.id, "url": f"replaced:{row.id}:{row.url}"} for row in in_the_way)])
    rows = [
        {"key": key, "url": one.uri, "season_number": one.season_number, "score": _score(one), "score_breakdown": _breakdown(one)}
        for key, one in moved.items()
    ]
    _update(uow, ImageCandidate, rows)


def _candidates(uow: UnitOfWork, pictures: Iterable[LocalPicture]) -> Mapping[tuple[int, str, str], int]:
    """The candidate row of each picture, by entity, type and uri; made or measured anew where needed."""
    wanted = {(one.entity_id, one.asset_type, one.uri): one for one in pictures}
    known = {
        (row.entity_id, row.asset_type, row.url): row
        for row in rows_of(uow.session, ImageCandidate.entity_id, {entity for entity, _, _ in wanted})
        if row.provider == LOCAL
    }
    new = [one for key, one in wanted.items() if key not in known]
    statement: Any = sa.insert(ImageCandidate).returning(sa.column("id"), sort_by_parameter_order=True)
    rows = [
        {
            "entity_id": one.entity_id,
            "asset_type": one.asset_type,
            "provider": LOCAL,
            "url": one.uri,
            "width": one.width,
            "height": one.height,
            "season_number": one.season_number,
            "score": _score(one),
            "score_breakdown": _breakdown(one),
        }
        for one in new
    ]
    found = {key: row.id for key, row in known.items()}
    if rows:
        made = uow.session.connection().execute(statement, rows)
        found |= {(one.entity_id, one.asset_type, one.uri): row.id for one, row in zip(new, made, strict=True)}
    changed = [
        {"key": known[key].id, "width": one.width, "height": one.height}
        for key, one in wanted.items()
        if key in known and one.width is not None and (known[key].width, known[key].height) != (one.width, one.height)
    ]
    _update(uow, ImageCandidate, changed)
    return found


def _delete(uow: UnitOfWork, assets: Sequence[Any]) -> None:
    """Drop uses, and the local candidates that stood for them."""
    connection = uow.session.connection()
    for piece in chunks(row.id for row in assets):
        connection.execute(sa.delete(Asset).where(col(Asset.id).in_(piece)))
    for piece in chunks(row.candidate_id for row in assets if row.candidate_id is not None):
        is_local = col(ImageCandidate.provider) == LOCAL
        connection.execute(sa.delete(ImageCandidate).where(col(ImageCandidate.id).in_(piece), is_local))


def _update(uow: UnitOfWork, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        table = model.__table__
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), list(rows))
