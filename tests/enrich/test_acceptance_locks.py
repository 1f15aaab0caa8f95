"""Acceptance check 1 beyond films: every lockable field of series, seasons, episodes, people and film series."""

from typing import Any, Final

import pytest
import sqlalchemy as sa

from domain.catalog.enums import EntityKind, LockState
from domain.catalog.fields import FIELDS, FieldForm
from domain.catalog.queries import media_type_id
from domain.catalog.resolving import store_values
from domain.catalog.service import create_entity
from domain.catalog.sources import NAME
from domain.catalog.tables import Collection, FieldLock, Person
from tests.enrich.conftest import World, identify, make_series
from tests.enrich.test_acceptance import BEFORE, shown
from tests.peers import web

LEVELS: Final = {EntityKind.SERIES: 0, EntityKind.SEASON: 1, EntityKind.EPISODE: 3}
"""Where in a tree the lock is: the second episode is the one that the provider knows."""
TOLD: Final = {
    EntityKind.SERIES: {"title", "plot", "genres", "certifications", "release_date", "end_date"},
    EntityKind.SEASON: {"title", "plot", "release_date"},
    EntityKind.EPISODE: {"title", "plot", "cast", "directors"},
}
"""What the provider says otherwise, at least."""


def lockable(kind: EntityKind) -> list[str]:
    """Every field of a kind but its pictures and trailers, which no provider's words are about."""
    return sorted(name for name, form in FIELDS[kind].items() if form not in (FieldForm.ARTWORK, FieldForm.TRAILER))


def lock(world: World, entity: int, field: str) -> None:
    with world.house.database.transaction() as uow:
        uow.session.add(FieldLock(entity_id=entity, field=field, state=LockState.LOCKED, locked_at=uow.now()))


def test_acceptance_1_each_locked_field_of_series_seasons_and_episodes_is_unchanged_after_enrichment(world: World) -> None:
    """In each tree another field is locked at each level, in one none: what changes there changes unless it is locked."""
    world.changed("/tv/880001/season/1", overview="The first year.", air_date="2020-01-05")
    fields = {kind: lockable(kind) for kind in LEVELS}
    count = max(map(len, fields.values()))
    trees = [make_series(world) for _ in range(count + 1)]
    with world.house.database.transaction() as uow:
        for tree in trees:
            for key, kind in zip(tree, (*LEVELS, EntityKind.EPISODE), strict=True):
                said = {field: value for field, value in BEFORE.items() if field in FIELDS[kind]}
                store_values(uow, NAME, {key: said | ({"end_date": "1999-01-01"} if kind is EntityKind.SERIES else {})})

    def look() -> list[dict[EntityKind, dict[str, Any]]]:
        return [
            {kind: {name: shown(world, tree[at], name) for name in fields[kind]} for kind, at in LEVELS.items()} for tree in trees
        ]

    before, locked = look(), [dict[EntityKind, str]() for _ in trees]
    for number, tree in enumerate(trees[1:], start=1):
        for shift, (kind, at) in enumerate(LEVELS.items()):
            locked[number][kind] = field = fields[kind][(number + 7 * shift) % len(fields[kind])]
            lock(world, tree[at], field)
    world.enrich(*(tree[0] for tree in trees), by="admin")
    after, ever = look(), {kind: set[str]() for kind in LEVELS}
    for number in range(len(trees)):
        held: set[str] = set()
        for kind in LEVELS:  # a lock holds below, too
            changing = {name for name in fields[kind] if before[0][kind][name] != after[0][kind][name]}
            assert TOLD[kind] <= changing
            held |= {locked[number][kind]} if number else set()
            held |= {"cast", "cast_order"} if held & {"cast", "cast_order"} else set()
            same = {name for name in fields[kind] if before[number][kind][name] == after[number][kind][name]}
            assert same & changing == held & changing, (number, kind)
            assert held & set(fields[kind]) <= same
            ever[kind] |= held
    assert all(set(fields[kind]) <= ever[kind] for kind in LEVELS)


@pytest.mark.parametrize("kind", [EntityKind.PERSON, EntityKind.COLLECTION])
def test_acceptance_1_each_locked_field_of_people_and_film_series_is_unchanged_after_enrichment(
    world: World, kind: EntityKind
) -> None:
    path, key = ("person", 71) if kind is EntityKind.PERSON else ("collection", 7001)
    fields, made = lockable(kind), dict[str, int]()
    for number, field in enumerate(["", *fields]):
        told = world.changed(f"/{path}/{key}", id=key + number + 1000)
        world.documents[f"/3/{path}/{key + number + 1000}"] = told | {
            "external_ids": {}, "imdb_id": None, "overview": "Theirs.", "biography": "Theirs.", "deathday": "2020-02-03",
        }  # fmt: skip
        with world.house.database.transaction() as uow:
            one = made[field] = create_entity(uow, kind)
            names = {"id": one, "name": f"Own {number}", "name_normalized": f"own {number}", "sort_key": "own"}
            is_person = kind is EntityKind.PERSON
            own = {"identity_key": f"name:{number}"} if is_person else {"media_type_id": media_type_id(uow.session, "movie")}
            uow.session.add((Person if is_person else Collection)(**names, **own))
            uow.session.flush()
            identify(uow, one, kind, str(key + number + 1000))
    for field in fields:
        lock(world, made[field], field)
    table = "people" if kind is EntityKind.PERSON else "collections"

    def look() -> dict[str, dict[str, Any]]:
        with world.house.database.read() as session:
            rows = session.connection().execute(sa.text(f"SELECT * FROM {table}")).mappings()
            by_key = {row["id"]: dict(row) for row in rows}
        return {field: by_key[one] for field, one in made.items()}

    before = look()
    world.enrich(*made.values(), by="admin")
    after = look()
    changing = {name for name in fields if name in before[""] and before[""][name] != after[""][name]}
    assert {"biography", "birth_date", "birthplace"} <= changing if kind is EntityKind.PERSON else "plot" in changing
    for field in fields:
        same = {name for name in changing if before[field][name] == after[field][name]}
        assert same == changing & {field}, field


def test_acceptance_2_enrichment_without_a_network_leaves_everything_as_it_was(world: World) -> None:
    """13.6, check 2, its half about enrichment: words, credits, pictures on offer and those beside the media."""
    film = world.film()
    world.enrich(film)
    with world.house.database.transaction() as uow:
        moment = "'2026-01-01T00:00:00.000000Z'"
        run = uow.session.connection().exec_driver_sql
        run(
            "INSERT INTO cached_files (kind, sha256, path, size_bytes, format, width, height, created_at, updated_at) VALUES"
            f" ('image', '{'ab' * 32}', 'ab/ab/x.jpg', 5, 'jpeg', 1000, 1500, {moment}, {moment})"
        )
        run(
            "INSERT INTO assets (entity_id, asset_type, cached_file_id, token, rank, source_type, score, is_pinned, created_at,"
            f" updated_at) SELECT {film}, 'poster', id, 'localtokenlocaltoken', 0, 'local', 0.5, false, {moment}, {moment}"
            " FROM cached_files"
        )
    tables = ("assets", "image_candidates", "credits", "field_values", "external_ids", "item_genres", "collection_members")

    def look() -> list[Any]:
        item = {name: value for name, value in world.item(film).items() if name in FIELDS[EntityKind.MOVIE]}
        return [item, *(world.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables)]

    before = look()
    assert all(before)
    world.peer.faults = [web.broken(), web.Given(500), web.Given(200, b"<html>"), web.Given(404)] * 4
    for _ in range(2):
        world.enrich(film, by="admin", renewed=True)
    assert look() == before


@pytest.mark.both
def test_acceptance_6_the_same_tmdb_id_in_two_libraries_is_two_items_with_the_same_pictures_on_offer(world: World) -> None:
    """13.6, check 6, its half about items; that their pictures are one file is in tests/artwork/test_fetching.py."""
    films = [world.film(), world.film(library=world.house.closed_library)]
    world.enrich(*films, by="admin")
    assert [world.item(key)["title"] for key in films] == ["Paper Lanterns"] * 2
    assert len({world.item(key)["library_id"] for key in films}) == 2
    offers, ids = (
        [world.rows(sql, id=key) for key in films]
        for sql in (
            "SELECT asset_type, url FROM image_candidates WHERE entity_id = :id ORDER BY 1, 2",
            "SELECT provider, external_id FROM external_ids WHERE entity_id = :id ORDER BY 1, 2",
        )
    )
    assert offers[0] == offers[1] != []
    assert ids[0] == ids[1]
    assert ("tmdb", "900101") in ids[0]
