"""A made-up household for measurements: 10,000 films with 100,000 credits, and a member who may not see all of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col, select

from domain.accounts import service as accounts
from domain.accounts import tokens
from domain.accounts.enums import Scope
from domain.artwork.builtin import install_builtins as install_artwork
from domain.artwork.enums import AssetSource, CachedKind
from domain.artwork.tables import Asset, CachedFile
from domain.catalog import queries, service
from domain.catalog.builtin import install_builtins as install_catalog
from domain.catalog.enums import Department, EntityKind, ItemKind
from domain.catalog.sorting import normal_name, sort_key
from domain.catalog.tables import Credit, Genre, ItemGenre, Person
from domain.kit.database import Database, UnitOfWork
from domain.kit.database.migrations import upgrade
from domain.libraries.access_service import set_user_libraries
from domain.libraries.tables import Library

FILMS: Final = 10_000
CREDITS_A_FILM: Final = 10
PEOPLE: Final = 20_000
GENRES: Final = 30
YEARS: Final = (1950, 2024)
MAX_AGE: Final = 16
"""Of the member who asks."""
BATCH: Final = 5_000

_STARTS: Final = [
    "Al",
    "Be",
    "Co",
    "Da",
    "El",
    "Fa",
    "Go",
    "Ha",
    "Is",
    "Jo",
    "Ka",
    "Lo",
    "Mi",
    "No",
    "Or",
    "Pa",
    "Qui",
    "Ro",
    "Sa",
    "Ta",
]
_ENDS: Final = ("ban", "cher", "dor", "fel", "gan", "ho", "kin", "lis", "mar", "nor")
_WORDS: Final = [start + end for start in _STARTS for end in _ENDS]
_FAMILIES: Final = [f"{word}{end}" for word in _WORDS[::2] for end in ("", "son")]


@dataclass(frozen=True, slots=True)
class Household:
    """Who asks: a clear token with the scope `read`, and what its user may see (to say the same in other words)."""

    token: str
    library_id: int
    max_age: int


def fill(database: Database, *, key: bytes, seed: int = 7, films: int = FILMS) -> Household:
    """Migrate an empty database and put the household into it. The same seed makes the same rows."""
    upgrade(database)
    chance = random.Random(seed)
    with database.transaction(actor="benchmark") as uow:
        install_catalog(uow)
        install_artwork(uow)
        shared, hidden = (_library(uow, name) for name in ("Films", "Not for everybody"))
        made = _films(uow, chance, shared, hidden, films)
        _genres(uow, chance, made)
        _credits(uow, chance, made, _people(uow))
        _posters(uow, made)
        token = _member(uow, key, shared)
    database.refresh_statistics()  # as a scan does when it is done
    return Household(token, shared, MAX_AGE)


def _library(uow: UnitOfWork, name: str) -> int:
    row = Library(name=name, sort_key=sort_key(name), media_type_id=queries.media_type_id(uow.session, "movie"))
    uow.session.add(row)
    uow.session.flush()
    return row.id


def _films(uow: UnitOfWork, chance: random.Random, shared: int, hidden: int, number_of: int) -> list[int]:
    """One in twenty lies in the library that the member does not see; some are above the member's age."""
    media_type_id = queries.media_type_id(uow.session, "movie")
    made = []
    for number in range(number_of):
        year = chance.randint(*YEARS)
        values = {
            "year": year,
            "min_age": chance.choice((None, None, 0, 6, 12, 12, 16, 18)),
            "runtime_ms": chance.randint(70, 190) * 60_000,
            "original_language": chance.choice(("en", "de", "fr", "ja")),
            "tagline": f"The year is {year}.",
            "plot": " ".join(chance.choices(_WORDS, k=45)),
            "popularity": chance.random() * 100,
        }
        made.append(
            service.NewItem(
                media_type_id=media_type_id,
                kind=ItemKind.MOVIE,
                title=f"{'The ' if number % 3 == 0 else ''}{' '.join(chance.choices(_WORDS, k=2))} {number}",
                library_id=hidden if number % 20 == 0 else shared,
                values=values,
            )
        )
    return service.create_items(uow, made)


def _genres(uow: UnitOfWork, chance: random.Random, films: Sequence[int]) -> None:
    names = [f"Genre {number}" for number in range(GENRES)]
    _insert(uow, Genre, ({"name": name, "name_normalized": normal_name(name), "sort_key": sort_key(name)} for name in names))
    keys = list(uow.session.exec(select(Genre.id).order_by(col(Genre.id))))
    _insert(
        uow,
        ItemGenre,
        (
            {"item_id": film, "genre_id": genre, "position": position}
            for film in films
            for position, genre in enumerate(chance.sample(keys, chance.randint(1, 4)))
        ),
    )


def _people(uow: UnitOfWork) -> list[int]:
    names = [f"{given} {family}" for given in _WORDS for family in _FAMILIES][:PEOPLE]
    keys = service.create_entities(uow, [EntityKind.PERSON] * PEOPLE)
    _insert(
        uow,
        Person,
        (
            {
                "id": key,
                "name": name,
                "identity_key": f"name:{name}",
                "name_normalized": normal_name(name),
                "sort_key": sort_key(name),
            }
            for key, name in zip(keys, names, strict=True)
        ),
    )
    return keys


def _credits(uow: UnitOfWork, chance: random.Random, films: Sequence[int], people: Sequence[int]) -> None:
    _insert(
        uow,
        Credit,
        (
            {
                "item_id": film,
                "person_id": person,
                "department": Department.CAST if position < CREDITS_A_FILM - 1 else Department.DIRECTING,
                "job": "" if position < CREDITS_A_FILM - 1 else "Director",
                "role": f"{chance.choice(_WORDS)} {position}" if position < CREDITS_A_FILM - 1 else "",
                "position": position,
            }
            for film in films
            for position, person in enumerate(chance.sample(people, CREDITS_A_FILM))
        ),
    )


def _posters(uow: UnitOfWork, films: Sequence[int]) -> None:
    """Each film shows one and has another in its pool."""
    files = (
        {
            "kind": CachedKind.IMAGE,
            "sha256": f"{number:064x}",
            "path": f"{number:06x}.webp",
            "size_bytes": 90_000,
            "format": "webp",
            "width": 1000,
            "height": 1500,
        }
        for number in range(2)
    )
    _insert(uow, CachedFile, files)
    shown, pooled = uow.session.exec(select(CachedFile.id).order_by(col(CachedFile.id)))  # unguarded: made just now
    common = {"asset_type": "poster", "source_type": AssetSource.PROVIDER, "provider": "tmdb"}
    _insert(
        uow,
        Asset,
        (
            {**common, "entity_id": film, "cached_file_id": file, "rank": rank, "token": f"{film:x}-{file:x}"}
            for film in films
            for file, rank in ((shown, 0), (pooled, None))
        ),
    )


def _member(uow: UnitOfWork, key: bytes, library_id: int) -> str:
    user = accounts.create_user(uow, username="member", password_hash="-", max_age=MAX_AGE)
    set_user_libraries(uow, user_id=user.id, library_ids=[library_id])
    return tokens.create_token(uow, key=key, user_id=user.id, name="benchmark", scopes=[Scope.READ])[1]


def _insert(uow: UnitOfWork, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            uow.session.connection().execute(sa.insert(model), batch)
            batch = []
    if batch:
        uow.session.connection().execute(sa.insert(model), batch)
