"""Small worlds of the catalog: libraries and items made with the services."""

from typing import Any

from sqlmodel import Session, select

from domain.catalog import queries, service
from domain.catalog.builtin import install_builtins
from domain.catalog.enums import ItemKind
from domain.catalog.sorting import sort_key
from domain.catalog.tables import MediaType
from domain.kit.database import UnitOfWork
from domain.libraries.tables import Library


def types(uow: UnitOfWork) -> dict[str, int]:
    """The built-in media types, installed once, by name."""
    install_builtins(uow)
    return {row.name: row.id for row in uow.session.exec(select(MediaType))}


def library(uow: UnitOfWork, name: str = "Films", *, media_type: str = "movie") -> int:
    """A library without folders."""
    row = Library(name=name, sort_key=sort_key(name), media_type_id=queries.media_type_id(uow.session, media_type))
    uow.session.add(row)
    uow.session.flush()
    return row.id


def movie(uow: UnitOfWork, title: str = "Alien", **values: Any) -> int:
    """A film."""
    media_type_id = queries.media_type_id(uow.session, "movie")
    return service.create_item(uow, media_type_id=media_type_id, kind=ItemKind.MOVIE, title=title, **values)


def series(uow: UnitOfWork, title: str = "Fargo", *, episodes: int = 2, library_id: int | None = None) -> list[int]:
    """A series with one season: the ids of series, season and episodes."""
    media_type_id = queries.media_type_id(uow.session, "tv")
    new = service.NewItem
    items = [
        new(media_type_id=media_type_id, kind=ItemKind.SERIES, title=title, library_id=library_id),
        new(media_type_id=media_type_id, kind=ItemKind.SEASON, title="Season 1", parent_index=0, values={"position": 1}),
    ]
    for number in range(1, episodes + 1):
        values = {"position": number}
        title = f"Episode {number}"
        items.append(new(media_type_id=media_type_id, kind=ItemKind.EPISODE, title=title, parent_index=1, values=values))
    return service.create_items(uow, items)


def count(session: Session, model: Any) -> int:
    """The number of rows of a table."""
    return len(session.exec(select(model)).all())
