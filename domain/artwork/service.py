"""Writes uses of pictures: the local ones that a scan found."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.ranking import NUMBER, PREFERENCE
from domain.artwork.rules import rules_of
from domain.artwork.scoring import Score, score
from domain.artwork.showing import is_of_person, show_best
from domain.artwork.tables import Asset, ImageCandidate
from domain.artwork.tokens import new_token
from domain.catalog.provider_order import LOCAL
from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork


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
    rules = rules_of(uow.session)
    wanted = {(one.entity_id, one.asset_type, one.file_id): one for one in pictures if one.asset_type in rules}
    present = {
        (row.entity_id, row.asset_type, row.media_file_id): row for row in rows_of(uow.session, Asset.media_file_id, files)
    }
    sizes, measured = _sizes(uow, present.values()), {one.file_id for one in pictures if one.width is not None}
    wanted = {key: one if one.width is not None else _sized(one, sizes.get(one.file_id)) for key, one in wanted.items()}
    stale = [row for key, row in present.items() if key not in wanted and _is_scans_own(row)]
    _delete(uow, stale)
    scores = {key: _score(rules[one.asset_type], one) for key, one in wanted.items()}
    _follow(uow, [(present[key].candidate_id, one, scores[key]) for key, one in wanted.items() if key in present])
    candidates = _candidates(uow, [(one, scores[key]) for key, one in wanted.items()], measured)
    new = [one for key, one in wanted.items() if key not in present]
    rows = [
        {
            "entity_id": one.entity_id,
            "asset_type": one.asset_type,
            "media_file_id": one.file_id,
            "token": new_token(),
            "season_number": one.season_number,
            "source_type": AssetSource.LOCAL,
            "provider": LOCAL,
            "candidate_id": candidates[one.entity_id, one.asset_type, one.uri],
            "score": scores[one.entity_id, one.asset_type, one.file_id].total,
        }
        for one in new
    ]
    if rows:
        uow.session.connection().execute(sa.insert(Asset), rows)
    rescored = [
        {"key": present[key].id, "score": scores[key].total, "season_number": one.season_number}
        for key, one in wanted.items()
        if key in present and (present[key].score, present[key].season_number) != (scores[key].total, one.season_number)
    ]
    _update(uow, Asset, rescored)
    show_best(uow, {one.entity_id for one in wanted.values()} | {row.entity_id for row in stale})
    return len(new)


def refresh_files(uow: UnitOfWork, file_ids: Iterable[int]) -> None:
    """Choose anew for the entities whose local pictures went missing or came back."""
    if entities := {row.entity_id for row in rows_of(uow.session, Asset.media_file_id, file_ids)}:
        show_best(uow, entities)


def _is_scans_own(row: Any) -> bool:
    """Whether a scan may drop this use: a local one that nobody chose, or whose bytes are nowhere else."""
    return row.source_type is AssetSource.LOCAL and not (is_of_person(row) and row.cached_file_id is not None)


def _score(rule: Any, one: LocalPicture) -> Score:
    return score(rule, width=one.width, height=one.height, provider=LOCAL)


def _sizes(uow: UnitOfWork, uses: Iterable[Any]) -> Mapping[int, tuple[int | None, int | None]]:
    """Width and height of pictures that were measured for another use, by file."""
    files = {row.candidate_id: row.media_file_id for row in uses if row.candidate_id is not None}
    return {files[row.id]: (row.width, row.height) for row in rows_of(uow.session, ImageCandidate.id, files)}


def _sized(one: LocalPicture, size: tuple[int | None, int | None] | None) -> LocalPicture:
    return replace(one, width=size[0], height=size[1]) if size is not None else one


def _breakdown(one: LocalPicture, found: Score) -> dict[str, float]:
    """The parts of the score, and by what its name orders a local picture."""
    return {**found.as_json(), NUMBER: one.index, PREFERENCE: one.preference}


def _follow(uow: UnitOfWork, held: Iterable[tuple[int | None, LocalPicture, Score]]) -> None:
    """The candidate of a picture that moved goes with it, so that its size is known there, too.

    All of them step aside first: two may change places. A candidate whose file lost its place to another keeps its row.
    """
    by_id = {key: (one, found) for key, one, found in held if key is not None}
    moved: dict[int, tuple[LocalPicture, Score]] = {}
    for row in rows_of(uow.session, ImageCandidate.id, by_id):
        one, found = by_id[row.id]
        if row.provider == LOCAL and (row.url, row.score_breakdown) != (one.uri, _breakdown(one, found)):
            moved[row.id] = one, found
    if not moved:
        return
    places = {(one.entity_id, one.asset_type, one.uri) for one, _ in moved.values()}
    beside = rows_of(uow.session, ImageCandidate.entity_id, {entity for entity, _, _ in places}, ImageCandidate.provider == LOCAL)
    in_the_way = [row for row in beside if row.id not in moved and (row.entity_id, row.asset_type, row.url) in places]
    aside = [{"key": key, "url": f"moving:{key}"} for key in moved]
    _update(uow, ImageCandidate, [*aside, *({"key": row.id, "url": f"replaced:{row.id}:{row.url}"} for row in in_the_way)])
    rows = [
        {
            "key": key,
            "url": one.uri,
            "season_number": one.season_number,
            "score": found.total,
            "score_breakdown": _breakdown(one, found),
        }
        for key, (one, found) in moved.items()
    ]
    _update(uow, ImageCandidate, rows)


def _candidates(
    uow: UnitOfWork, pictures: Iterable[tuple[LocalPicture, Score]], measured: Container[int]
) -> Mapping[tuple[int, str, str], int]:
    """The candidate row of each picture, by entity, type and uri; made or measured anew where needed.

    Files that were `measured` are new or changed: their bytes are to be looked at (again).
    """
    scores = {(one.entity_id, one.asset_type, one.uri): found for one, found in pictures}
    wanted = {(one.entity_id, one.asset_type, one.uri): one for one, _ in pictures}
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
            "score": scores[one.entity_id, one.asset_type, one.uri].total,
            "score_breakdown": _breakdown(one, scores[one.entity_id, one.asset_type, one.uri]),
        }
        for one in new
    ]
    found = {key: row.id for key, row in known.items()}
    if rows:
        made = uow.session.connection().execute(statement, rows)
        found |= {(one.entity_id, one.asset_type, one.uri): row.id for one, row in zip(new, made, strict=True)}
    changed = [
        {"key": known[key].id, "width": one.width, "height": one.height, "last_refreshed_at": None}
        for key, one in wanted.items()
        if key in known and one.file_id in measured
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
