"""What is known of items before anybody is asked: what names, NFO files and people say, lengths, episodes that are there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import EntityKind, EpisodeOrdering, ItemKind
from domain.catalog.identity import KINDS, Space, ids_of, said_by_person
from domain.catalog.queries import rows_of
from domain.catalog.sources import FILE, IDENTITY, is_provider
from domain.catalog.tables import EpisodeOrder, FieldValue
from domain.catalog.told import EXTERNAL_IDS
from domain.identify.matching import Wanted
from domain.identify.tables import IdentificationAttempt

_TITLES: Final = ("title", "original_title")
_FIELDS: Final = (*_TITLES, "year", "runtime_ms", EXTERNAL_IDS)
MOST_TITLES: Final = 6


@dataclass(frozen=True, slots=True)
class Known:
    """One film or series. `ids` are its catalogue ids as shown, `asked` what the question is, to compare it."""

    row: Any
    wanted: Wanted
    ids: Mapping[Space, str]
    asked: str
    is_said_by_person: bool
    attempt: Any
    """The row of the last attempt; None = there was none."""

    def is_due(self, now: datetime, *, is_asked_for: bool) -> bool:
        """Whether the providers are to be asked: a new question, one that has waited long enough, or one that a person puts.
        Never for what a person has decided."""
        if self.is_said_by_person:
            return False
        last = self.attempt
        if is_asked_for or last is None or last.asked != self.asked:
            return True
        return last.retry_at is not None and last.retry_at <= now

    @property
    def key(self) -> int:
        """Of the item."""
        return int(self.row.id)


def page(session: Session, *, items: Sequence[int] = (), library_id: int | None = None, after: int, limit: int) -> list[Any]:
    """The next films and series of these items, or of a library, as rows of `media_items` in the order of their keys."""
    query = sa.select(ITEMS).where(*_asked(items, library_id), ITEMS.c.id > after).order_by(ITEMS.c.id).limit(limit)
    return list(session.connection().execute(query).all())  # unguarded: automation looks at every item


def count(session: Session, *, items: Sequence[int] = (), library_id: int | None = None, after: int = 0) -> int:
    """How many `page` would tell of in all."""
    query = sa.select(sa.func.count()).select_from(ITEMS).where(*_asked(items, library_id), ITEMS.c.id > after)
    return int(session.connection().execute(query).scalar_one())  # unguarded: a number, for the progress


def _asked(items: Sequence[int], library_id: int | None) -> list[sa.ColumnElement[bool]]:
    of = ITEMS.c.library_id == library_id if library_id is not None else ITEMS.c.id.in_(items)
    return [of, ITEMS.c.kind.in_(KINDS), ITEMS.c.deleted_at.is_(None)]


def load(session: Session, rows: Sequence[Any]) -> list[Known]:
    """What is known of these rows of `media_items`, films and series, in their order; in a few statements for all."""
    keys = [row.id for row in rows]
    said = _said(session, keys)
    ids = ids_of(session, keys)
    persons = said_by_person(session, keys)
    attempts = {row.item_id: row for row in rows_of(session, IdentificationAttempt.item_id, keys)}
    series = [row.id for row in rows if row.kind == ItemKind.SERIES]
    seasons, absolute = _seasons(session, series), _absolute(session, series)
    unplaced = _absolute(session, series, only_unplaced=True)
    found = []
    for row in rows:
        mine = said.get(row.id, {})
        titles = tuple(dict.fromkeys(value for name in _TITLES for value in mine.get(name, ())))[:MOST_TITLES]
        years = tuple(dict.fromkeys(mine.get("year", ())))
        wanted = Wanted(
            EntityKind(row.kind), titles or (row.title,), years, next(iter(mine.get("runtime_ms", ())), None), not row.edition,
            seasons.get(row.id, {}), absolute.get(row.id, 0),
        )  # fmt: skip
        held = ids.get(row.id, {})
        # What providers add later asks nothing new; an episode that has only an absolute number does.
        asked = repr((wanted.titles, wanted.years, mine.get(EXTERNAL_IDS), *((unplaced[row.id],) if row.id in unplaced else ())))
        found.append(Known(row, wanted, held, asked, row.id in persons, attempts.get(row.id)))
    return found


def _said(session: Session, keys: Iterable[int]) -> dict[int, dict[str, list[Any]]]:
    """What others than providers say, by item and field: what people say first, of lengths what the files say first."""
    found: dict[int, dict[str, list[Any]]] = {}
    rows = rows_of(session, FieldValue.entity_id, keys, col(FieldValue.field).in_(_FIELDS))
    order = {"user": 0, "nfo": 1, FILE: -1}
    for row in sorted(rows, key=lambda row: (order.get(row.source, 2), row.source)):
        if not is_provider(row.source) and row.source != IDENTITY and row.value:
            found.setdefault(row.entity_id, {}).setdefault(row.field, []).append(row.value)
    return found


def _seasons(session: Session, series: Sequence[int]) -> dict[int, dict[int, int]]:
    """The highest episode number of each season that is there, by series."""
    season, episode = ITEMS.alias(), ITEMS.alias()
    query = (
        sa.select(season.c.parent_id, season.c.position, sa.func.max(episode.c.position))
        .join(episode, episode.c.parent_id == season.c.id)
        .where(
            season.c.parent_id.in_(series), season.c.deleted_at.is_(None), episode.c.deleted_at.is_(None),
            season.c.position.is_not(None), episode.c.position.is_not(None),
        )
        .group_by(season.c.parent_id, season.c.position)
    )  # fmt: skip
    found: dict[int, dict[int, int]] = {}
    if series:
        for key, number, highest in session.connection().execute(query):  # unguarded: automation looks at every item
            found.setdefault(key, {})[number] = highest
    return found


def _absolute(session: Session, series: Sequence[int], *, only_unplaced: bool = False) -> dict[int, int]:
    """The highest number of the episodes that are counted over a whole series; or how many have no other number."""
    number = col(EpisodeOrder.episode_number)
    query = (
        sa.select(col(EpisodeOrder.root_id), sa.func.count(number) if only_unplaced else sa.func.max(number))
        .join(ITEMS, ITEMS.c.id == col(EpisodeOrder.item_id))
        .where(
            col(EpisodeOrder.root_id).in_(series), col(EpisodeOrder.ordering) == EpisodeOrdering.ABSOLUTE,
            ITEMS.c.deleted_at.is_(None), *((ITEMS.c.position.is_(None),) if only_unplaced else ()),
        )
        .group_by(col(EpisodeOrder.root_id))
    )  # unguarded: automation looks at every item  # fmt: skip
    return {row[0]: row[1] for row in session.connection().execute(query)} if series else {}
