"""Writes what providers offer: one candidate for each picture, scored; people's decisions about them stand."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.artwork.enums import CachedKind
from domain.artwork.languages import preferred_languages
from domain.artwork.rules import rules_of
from domain.artwork.scoring import score
from domain.artwork.tables import Asset, ImageCandidate, ImageChoice
from domain.artwork.wanting import OWN
from domain.catalog.enums import EntityKind
from domain.catalog.fields import ARTWORK
from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import Entity
from domain.kit.database import UnitOfWork
from domain.providers.model import Picture

MOST_OFFERS: Final = 40
"""Pictures of one type that are kept of one provider for one entity: the best. What is in use is kept beyond that."""
_LONGEST_URL: Final = 2000
_THOUSANDTH: Final = Decimal("0.001")
_Key = tuple[int, str, str]


def offer(uow: UnitOfWork, provider: str, pictures: Mapping[int, Sequence[Picture]]) -> frozenset[int]:
    """Make these all that `provider` offers for these entities (by key). Returns the entities for which something changed.

    Blocks stay. What it no longer offers goes, unless it is blocked or chosen or its bytes are here. Types that an
    entity has not, or that are switched off, are left out; so is an address that somebody else offers for the same.
    """
    rules, kinds = rules_of(uow.session), _kinds(uow, pictures)
    present = {(row.entity_id, row.asset_type, row.url): row for row in rows_of(uow.session, ImageCandidate.entity_id, pictures)}
    languages = preferred_languages(uow.session)
    offered = {key: [one for one in sight if _is_wanted(rules, kinds.get(key), one)] for key, sight in pictures.items()}
    wanted: dict[_Key, dict[str, Any]] = {}
    for entity_id, sight in offered.items():
        for one in sight:
            key = (entity_id, one.asset_type, one.url)
            if key not in wanted and (key not in present or present[key].provider == provider):
                wanted[key] = _values(rules[one.asset_type], one, present.get(key), provider, languages)
    mine = {key: row for key, row in present.items() if row.provider == provider}
    used = _used(uow, mine.values())
    best = _best(wanted, lambda key: key in mine and mine[key].id in used)
    gone = [row for key, row in mine.items() if key not in best and row.id not in used]
    changed = [row for key, row in mine.items() if key in best and _differs(row, best[key])]
    new = [(key, values) for key, values in best.items() if key not in present]
    _write(
        uow, provider, new, [(row.id, best[row.entity_id, row.asset_type, row.url]) for row in changed], [row.id for row in gone]
    )
    return frozenset({row.entity_id for row in (*gone, *changed)} | {key[0] for key, _ in new})


def _kinds(uow: UnitOfWork, entities: Iterable[int]) -> dict[int, EntityKind]:
    """What they are. Nobody else writes what is offered for them until the transaction ends (SQLite's writers wait anyway)."""
    found: dict[int, EntityKind] = {}
    for piece in chunks(sorted(entities)):
        query = sa.select(col(Entity.id), col(Entity.kind)).where(col(Entity.id).in_(piece))  # unguarded: written on below
        rows = uow.session.execute(query.order_by(col(Entity.id)).with_for_update(key_share=True))
        found |= {row.id: row.kind for row in rows}
    return found


def _is_wanted(rules: Mapping[str, Any], kind: EntityKind | None, one: Picture) -> bool:
    rule = rules.get(one.asset_type)
    return (
        rule is not None
        and rule.media is CachedKind.IMAGE
        and rule.max_limit > 0
        and kind in ARTWORK.get(one.asset_type, ())
        and one.url.startswith(("https://", "http://"))
        and len(one.url) <= _LONGEST_URL
    )


def _values(rule: Any, one: Picture, row: Any, provider: str, languages: Sequence[str]) -> dict[str, Any]:
    """What a candidate says. Of bytes that are here the true size is known."""
    is_measured = row is not None and row.cached_file_id is not None
    width, height = (row.width, row.height) if is_measured else (one.width, one.height)
    found = score(
        rule, width=width, height=height, language=one.language, provider=provider, preferred=languages, vote_count=one.votes,
        vote_average=None if one.score is None else float(one.score),
    )  # fmt: skip
    return {
        "provider_image_id": one.provider_image_id, "width": width, "height": height, "language": one.language,
        "season_number": one.season_number, "vote_count": one.votes, "score": found.total, "score_breakdown": found.as_json(),
        "vote_average": None if one.score is None else one.score.quantize(_THOUSANDTH),
    }  # fmt: skip


def _used(uow: UnitOfWork, rows: Collection[Any]) -> set[int]:
    """Keys of the candidates that must stay: blocked, chosen, or with bytes that are here."""
    held = {row.id for row in rows if row.is_blocked or row.cached_file_id is not None}
    for model in (Asset, ImageChoice):
        held |= {row.candidate_id for row in rows_of(uow.session, model.candidate_id, [row.id for row in rows])}
    return held


def _best(wanted: Mapping[_Key, dict[str, Any]], is_used: Callable[[_Key], bool]) -> dict[_Key, dict[str, Any]]:
    """The best of each entity and type, and those in use."""
    counts: dict[tuple[int, str], int] = {}
    kept = {}
    for key in sorted(wanted, key=lambda key: (-wanted[key]["score"], key)):
        place = counts[key[:2]] = counts.get(key[:2], 0) + 1
        if place <= MOST_OFFERS or is_used(key):
            kept[key] = wanted[key]
    return kept


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _write(
    uow: UnitOfWork, provider: str, new: Sequence[tuple[_Key, dict[str, Any]]], changed: Sequence[tuple[int, dict[str, Any]]],
    gone: Sequence[int],
) -> None:  # fmt: skip
    connection = uow.session.connection()
    for piece in chunks(gone):
        connection.execute(sa.delete(ImageCandidate).where(col(ImageCandidate.id).in_(piece)))
    if changed:
        table: Any = ImageCandidate.__table__  # type: ignore[attr-defined]
        rows = [{"key": key, **values} for key, values in changed]
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam("key")), rows)
    if new:
        connection.execute(
            sa.insert(ImageCandidate),
            [{"entity_id": key[0], "asset_type": key[1], "url": key[2], "provider": provider, **values} for key, values in new],
        )


def rescored(session: Session, entities: Iterable[int]) -> list[dict[str, Any]]:
    """What the scores of providers' candidates should be and are not, since people prefer other languages by now."""
    rules, languages, found = rules_of(session), preferred_languages(session), []
    for row in rows_of(session, ImageCandidate.entity_id, entities, col(ImageCandidate.provider).not_in(OWN)):
        now = score(
            rules[row.asset_type], width=row.width, height=row.height, language=row.language, provider=row.provider,
            preferred=languages, vote_count=row.vote_count,
            vote_average=None if row.vote_average is None else float(row.vote_average),
        )  # fmt: skip
        if (now.total, now.as_json()) != (row.score, row.score_breakdown):
            found.append({"key": row.id, "score": now.total, "score_breakdown": now.as_json()})
    return found


def write_scores(uow: UnitOfWork, scores: Sequence[Mapping[str, Any]]) -> None:
    """Write scores that `rescored` found."""
    table: Any = ImageCandidate.__table__  # type: ignore[attr-defined]
    if scores:
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), list(scores))
