"""What people ask for: named things, or a whole library, to be enriched."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session

from domain.catalog.queries import living_of, rows_of
from domain.catalog.tables import Collection, MediaItem, Person
from domain.enrich import casting
from domain.enrich.subjects import KINDS
from domain.identify.requesting import PEOPLE
from domain.jobs import service as jobs
from domain.jobs.kinds import A_PERSON_ASKED, ENRICH, Enrich
from domain.jobs.service import Enqueued
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id, parse_id
from domain.kit.policy import Viewer
from domain.libraries.visibility import require_library, visible_item_ids
from domain.providers.known import PROVIDERS
from domain.providers.queries import nobody_to_ask, setups

MOST_ENTITIES: Final = 100
"""Things that one request names."""
_MODELS: Final[Mapping[str, Any]] = {"people": Person, "collections": Collection}


def entity_of(session: Session, viewer: Viewer, text: str, *, path: str = "id") -> int:
    """The key of an item of any kind, a person or a film series that the viewer may see. Raises Invalid, NotFound."""
    (key,) = _entities(session, viewer, [text], path)
    return key


def entities_of(session: Session, viewer: Viewer, texts: Sequence[str], *, path: str = "items") -> list[int]:
    """Keys of things by their ids. Raises Invalid for none, too many and what providers know nothing of, NotFound."""
    keys = _entities(session, viewer, texts, path)
    for row in rows_of(session, MediaItem.id, keys):
        if row.kind not in KINDS:
            message = f"{global_id('media_items', row.id)} is not enriched: films, series, seasons and episodes are."
            raise Invalid(message, path=(path,))
    return keys


def _entities(session: Session, viewer: Viewer, texts: Sequence[str], path: str) -> list[int]:
    if not 1 <= len(texts) <= MOST_ENTITIES:
        raise Invalid(f"Name 1 to {MOST_ENTITIES} things.", path=(path,))
    found: dict[str, list[int]] = {}
    for text in texts:
        try:
            table, key = parse_id(text)
        except Invalid as error:
            raise Invalid(error.message, path=(path,)) from None
        if table not in ("media_items", *_MODELS):
            raise Invalid("Items, people and film series are enriched: itm_1, per_1, col_1.", path=(path,))
        found.setdefault(table, []).append(key)
    keys: list[int] = []
    for table, named in found.items():
        now = living_of(session, named)
        seen = _visible(session, viewer, table, list(now.values()))
        if missing := [key for key in named if now[key] not in seen]:
            raise NotFound(f"There is no {global_id(table, missing[0])}, or none that you may see.", path=(path,))
        keys += now.values()
    return sorted(set(keys))


def request_entities(uow: UnitOfWork, keys: Sequence[int], *, is_renewed: bool, user_id: int | None) -> Enqueued:
    """Ask for things to be enriched. Raises Conflict where no provider can be asked."""
    _check_usable(uow.session)
    payload, subject = Enrich(items=tuple(keys), is_renewed=is_renewed), None
    if len(keys) == 1:
        table = next((name for name, model in _MODELS.items() if uow.session.get(model, keys[0])), "media_items")
        subject = global_id(table, keys[0])
    return jobs.enqueue(
        uow, ENRICH, payload, priority=A_PERSON_ASKED, subject=subject, dedupe_key=payload.key(user_id),
        requested_by_user_id=user_id,
    )  # fmt: skip


def request_library(
    uow: UnitOfWork, viewer: Viewer, library_id: int, *, is_renewed: bool, people: int = PEOPLE, user_id: int | None
) -> Enqueued:
    """Ask for everything in a library to be enriched, with so many of its people. Raises NotFound, Invalid, Conflict."""
    if not 0 <= people <= casting.MOST:
        raise Invalid(f"0 to {casting.MOST} people are asked about in one run.", path=("people",))
    require_library(uow.session, viewer, library_id)
    _check_usable(uow.session)
    payload = Enrich(library_id=library_id, is_renewed=is_renewed, people=people)
    return jobs.enqueue(
        uow, ENRICH, payload, priority=A_PERSON_ASKED, subject=global_id("libraries", library_id),
        dedupe_key=payload.key(user_id), requested_by_user_id=user_id,
    )  # fmt: skip


def _check_usable(session: Session) -> None:
    if not any(each.is_usable and each.name in PROVIDERS for each in setups(session)):
        raise nobody_to_ask()


def _visible(session: Session, viewer: Viewer, table: str, keys: Sequence[int]) -> set[int]:
    if table != "media_items":
        return {row.id for row in rows_of(session, _MODELS[table].id, keys)}
    return set(visible_item_ids(session, viewer, list(keys)))
