"""Pictures inside media files: which files wait to be looked into, and what was found in them as local candidates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.covers import Cover, best
from domain.artwork.enums import AssetSource
from domain.artwork.keeping import Kept, keep, release
from domain.artwork.ranking import EMBEDDED, LAST, NUMBER, PREFERENCE
from domain.artwork.rules import rules_of
from domain.artwork.scoring import score
from domain.artwork.showing import bytes_of, is_of_person, lock_of, lock_uses, offers_of, show_best
from domain.artwork.tables import Asset, EmbeddedPictures, ImageCandidate
from domain.artwork.tokens import new_token
from domain.catalog.locks import locked_fields
from domain.catalog.provider_order import LOCAL
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import Entity
from domain.kit.database import UnitOfWork
from domain.libraries.enums import FileRole
from domain.libraries.tables import ItemFile, LibraryPath, MediaFile

SCHEME: Final = "embedded:"
"""What the address of such a candidate begins with; the key of the file follows."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A media file that is to be looked into, and the folders that it must lie in."""

    file_id: int
    uri: str
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that was in a file: one of the names that Matroska knows, or '', and its bytes in the cache."""

    name: str
    kept: Kept


def note(uow: UnitOfWork, counts: Mapping[int, int]) -> None:
    """Remember how many pictures are in files that were just read (by key): they are looked into by the next job.

    A file in which there are none any more loses those it had.
    """
    gone = [key for key, count in counts.items() if not count]
    known = {row.media_file_id for row in rows_of(uow.session, EmbeddedPictures.media_file_id, counts)}
    if known:
        settle(uow, {key: () for key in gone if key in known})
    for piece in chunks(known):
        uow.session.execute(sa.delete(EmbeddedPictures).where(col(EmbeddedPictures.media_file_id).in_(piece)))
    rows = [{"media_file_id": key, "picture_count": count} for key, count in counts.items() if count]
    if rows:
        uow.session.connection().execute(sa.insert(EmbeddedPictures), rows)


def waiting(session: Session, *, library_id: int | None, entity_id: int | None, after: int = 0, limit: int) -> list[Holder]:
    """Files of a library, or of an item, that nobody looked into since they were read, or that are another item's by now."""
    of_item = sa.and_(col(ItemFile.file_id) == col(EmbeddedPictures.media_file_id), col(ItemFile.role) == FileRole.MAIN)
    is_anybodys = sa.exists().where(of_item)
    is_mine = sa.exists().where(of_item, col(ItemFile.item_id) == col(Asset.entity_id))
    is_anothers = sa.exists().where(col(Asset.media_file_id) == col(EmbeddedPictures.media_file_id), sa.not_(is_mine))
    query = (
        sa.select(  # unguarded: a job looks at all of them
            col(MediaFile.id), col(MediaFile.uri), col(MediaFile.library_id)
        )
        .join(EmbeddedPictures, col(EmbeddedPictures.media_file_id) == col(MediaFile.id))  # unguarded: a job looks at all of them
        .where(col(MediaFile.id) > after, col(MediaFile.missing_since).is_(None), is_anybodys)
        .where(sa.or_(col(EmbeddedPictures.looked_at).is_(None), is_anothers))
        .order_by(col(MediaFile.id))
        .limit(limit)
    )
    if library_id is not None:
        query = query.where(col(MediaFile.library_id) == library_id)
    if entity_id is not None:
        query = query.where(sa.exists().where(of_item, col(ItemFile.item_id) == entity_id))
    rows = session.execute(query).all()
    roots: dict[int, list[str]] = defaultdict(list)
    for row in rows_of(session, LibraryPath.library_id, {row.library_id for row in rows}):
        roots[row.library_id].append(row.path)
    return [Holder(row.id, row.uri, tuple(roots[row.library_id])) for row in rows]


def settle(uow: UnitOfWork, found: Mapping[int, Sequence[Found]]) -> frozenset[int]:
    """Make these all that is in these files (by key), as candidates of the items that the files are; who shows others now.

    One of each type and file: what fits the type's rules and is named for it, then the largest. What a person chose or
    pinned, or of a locked type, keeps the bytes that it had.
    """
    kept = {one.kept.sha256: keep(uow, one.kept) for pictures in found.values() for one in pictures}
    items = _items(uow, found)
    present = {
        (row.entity_id, row.asset_type, row.media_file_id): row for row in rows_of(uow.session, Asset.media_file_id, found)
    }
    entities = {key for keys in items.values() for key in keys} | {row.entity_id for row in present.values()}
    lock_uses(uow, entities)
    rules, locked = rules_of(uow.session), locked_fields(uow.session, entities)
    kinds = {row.id: row.kind for row in rows_of(uow.session, Entity.id, entities)}
    wanted: dict[tuple[int, str, int], tuple[Found, int]] = {}
    for file, pictures in found.items():
        covers = [Cover(one.name, one.kept.format, one.kept.width, one.kept.height) for one in pictures]
        for item in items[file]:
            for name, number in best(rules, kinds[item], covers).items():
                wanted[item, name, file] = pictures[number], kept[pictures[number].kept.sha256]
    offers = offers_of(uow.session, list(present.values()))
    held = {bytes_of(row, offers) for row in present.values()} | set(kept.values())

    def is_settled(row: Any) -> bool:
        return is_of_person(row) or lock_of(row.asset_type) in locked.get(row.entity_id, ())

    _forget(uow, [row for key, row in present.items() if key not in wanted and not is_settled(row)])
    free = {key: one for key, one in wanted.items() if key not in present or not is_settled(present[key])}
    replaced = _write(uow, rules, free, present)
    _mark(uow, found)
    release(uow, held)
    return show_best(uow, entities) | replaced


def _items(uow: UnitOfWork, files: Iterable[int]) -> dict[int, list[int]]:
    """The items that each file is, in order."""
    items: dict[int, list[int]] = {key: [] for key in files}
    for row in rows_of(uow.session, ItemFile.file_id, items, col(ItemFile.role) == FileRole.MAIN):
        items[row.file_id].append(row.item_id)
    return items


def _write(
    uow: UnitOfWork, rules: Mapping[str, Any], wanted: Mapping[tuple[int, str, int], tuple[Found, int]],
    present: Mapping[tuple[int, str, int], Any],
) -> frozenset[int]:  # fmt: skip
    """The candidate and the use of each; the entities of uses that were shown and have other bytes now."""
    entities = {key[0] for key in wanted}
    known = {(row.entity_id, row.asset_type, row.url): row for row in rows_of(uow.session, ImageCandidate.entity_id, entities)}
    beside = rows_of(uow.session, Asset.entity_id, entities)
    mine = {row.id for row in present.values()}
    taken = {(row.entity_id, row.asset_type, row.cached_file_id) for row in beside if row.id not in mine}
    changed: set[int] = set()
    for (item, name, file), (one, bytes_) in sorted(wanted.items(), key=lambda each: each[0]):
        parts = score(rules[name], width=one.kept.width, height=one.kept.height, provider=LOCAL)
        values = {
            "width": one.kept.width, "height": one.kept.height, "score": parts.total, "cached_file_id": bytes_,
            "score_breakdown": {**parts.as_json(), NUMBER: 0, PREFERENCE: LAST, EMBEDDED: 1}, "last_refreshed_at": uow.now(),
        }  # fmt: skip
        offer = known.get((item, name, f"{SCHEME}{file}"))
        if offer is None:
            row = {"entity_id": item, "asset_type": name, "provider": LOCAL, "url": f"{SCHEME}{file}", "token": new_token()}
            made = sa.insert(ImageCandidate).values(**row, **values).returning(col(ImageCandidate.id))
            offer_id = uow.session.execute(made).scalar_one()
        else:
            offer_id = offer.id
            uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.id) == offer_id).values(values))
        own = None if (item, name, bytes_) in taken else bytes_  # the same bytes have one use; this one knows them by its offer
        taken.add((item, name, bytes_))
        use = present.get((item, name, file))
        if use is None:
            uow.session.execute(
                sa.insert(Asset).values(
                    entity_id=item, asset_type=name, cached_file_id=own, media_file_id=file, token=new_token(),
                    source_type=AssetSource.LOCAL, provider=LOCAL, candidate_id=offer_id, score=parts.total,
                )
            )  # fmt: skip
        elif offer is None or offer.cached_file_id != bytes_:
            fresh = {"cached_file_id": own, "token": new_token(), "score": parts.total, "candidate_id": offer_id}
            uow.session.execute(sa.update(Asset).where(col(Asset.id) == use.id).values(fresh))
            changed |= {item} if use.rank is not None else set()
    return frozenset(changed)


def _forget(uow: UnitOfWork, uses: Sequence[Any]) -> None:
    for model, keys in ((Asset, [row.id for row in uses]), (ImageCandidate, [row.candidate_id for row in uses])):
        for piece in chunks(key for key in keys if key is not None):
            uow.session.execute(sa.delete(model).where(col(model.id).in_(piece)))


def _mark(uow: UnitOfWork, files: Iterable[int]) -> None:
    for piece in chunks(files):
        is_one = col(EmbeddedPictures.media_file_id).in_(piece)
        uow.session.execute(sa.update(EmbeddedPictures).where(is_one).values(looked_at=uow.now()))
