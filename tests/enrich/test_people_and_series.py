"""People and film series: their details, whose words stand, who is who, and which film follows which."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.catalog.enums import EntityKind, Relation
from domain.catalog.relating import relate, unrelate
from domain.catalog.service import create_entity
from domain.catalog.tables import Credit, Person
from tests.enrich.conftest import World, identify
from tests.peers import web

COLLECTION = "/collection/7001"


def person(world: World, name: str = "C. Actor") -> dict[str, object]:
    with world.house.database.read() as session:
        found = session.connection().execute(sa.text("SELECT * FROM people WHERE name = :name"), {"name": name})
        return dict(found.mappings().one())


@pytest.mark.both
def test_a_persons_details(world: World) -> None:
    world.enrich(world.film())
    actor = person(world)
    result = world.enrich(int(str(actor["id"])), by="editor")
    assert (result["changed"], result["failures"]) == (1, [])
    actor = person(world)
    assert (actor["biography"], str(actor["birth_date"]), actor["death_date"], actor["birthplace"], actor["enrichment"]) == (
        "Acts.", "1980-02-29", None, "Łódź, Poland", "complete",
    )  # fmt: skip
    ids = world.rows("SELECT provider, external_id FROM external_ids WHERE entity_id = :id ORDER BY 1", id=actor["id"])
    assert ids == [("imdb", "nm0000071"), ("tmdb", "71"), ("wikidata", "Q71")]
    assert world.enrich(int(str(actor["id"])), by="editor").get("changed", 0) == 0
    assert [type_ for type_, _ in world.events() if type_.startswith("person.")] == ["person.changed"]


def test_an_id_that_another_person_has_is_left_to_them(world: World) -> None:
    world.enrich(world.film())
    other = person(world, "D. Second")["id"]
    with world.house.database.transaction() as uow:
        uow.session.connection().execute(
            sa.text(
                "INSERT INTO external_ids (entity_id, entity_kind, provider, namespace, external_id, is_primary, is_default,"
                " created_at, updated_at) SELECT :id, 'person', 'imdb', 'person', 'nm0000071', true, false, created_at,"
                " updated_at FROM entities WHERE id = :id"
            ),
            {"id": other},
        )
    world.enrich(int(str(person(world)["id"])))
    owners = world.rows("SELECT entity_id FROM external_ids WHERE external_id = 'nm0000071'")
    assert owners == [(other,)]
    assert person(world)["biography"] == "Acts."


def test_namesakes_with_different_ids_are_two_people(world: World) -> None:
    document = world.changed("/movie/900101")
    document["credits"]["cast"].append({"id": 99, "name": "C. Actor", "character": "Double", "order": 2})
    film = world.film()
    world.enrich(film)
    assert world.rows("SELECT count(*) FROM people WHERE name = 'C. Actor'") == [(2,)]
    roles = [role for _, _, name, role in world.credits(film) if name == "C. Actor"]
    assert roles == ["Hanna", "Double"]


def test_a_removed_actor_stays_removed_and_a_locked_role_stays(world: World) -> None:
    film = world.film()
    world.enrich(film)
    with world.house.database.transaction() as uow:
        for name, values in (("D. Second", {"is_removed": True}), ("C. Actor", {"role": "Hannah", "is_role_locked": True})):
            mine = sa.select(Person.id).where(Person.name == name).scalar_subquery()  # type: ignore[arg-type]
            uow.session.execute(sa.update(Credit).where(Credit.person_id == mine).values(**values))  # type: ignore[arg-type]
    document = world.changed("/movie/900101")
    document["credits"]["cast"].append({"id": 77, "name": "N. New", "character": "Eve", "order": 3})
    world.enrich(film, renewed=True)
    rows = world.rows(
        "SELECT p.name, c.role, c.is_removed FROM credits c JOIN people p ON p.id = c.person_id"
        " WHERE department = 'cast' ORDER BY p.name"
    )
    assert [(name, role, bool(gone)) for name, role, gone in rows] == [
        ("C. Actor", "Hannah", False), ("D. Second", "Ola", True), ("N. New", "Eve", False),
    ]  # fmt: skip


def make_films(world: World) -> list[int]:
    """Three films of a film series, the third first; TMDB tells them in no order."""
    again = {"id": 900102, "title": "Paper Lanterns II", "release_date": "2021-02-03", "media_type": "movie"}
    third = {"id": 900103, "title": "Paper Lanterns III", "release_date": "2023-04-05", "media_type": "movie"}
    first = {"id": 900101, "title": "Paper Lanterns", "release_date": "2019-11-05", "media_type": "movie"}
    world.changed(COLLECTION, parts=[third, again, first], overview="All of them.")
    for key, title in (("900102", "Paper Lanterns II"), ("900103", "Paper Lanterns III")):
        document = world.changed("/movie/900101", id=int(key), title=title, imdb_id=None, external_ids={})
        world.documents[f"/3/movie/{key}"] = document
    del world.documents["/3/movie/900101"]
    return [world.film(key, f"film {key}") for key in ("900103", "900101", "900102")]


def follows(world: World) -> list[tuple[int, int]]:
    sql = "SELECT from_item_id, to_item_id FROM media_relationships WHERE NOT is_removed AND type = 'sequel'"
    return sorted(world.rows(sql))


@pytest.mark.both
def test_the_films_of_a_series_stand_in_their_order_and_follow_each_other(world: World) -> None:
    films = make_films(world)
    world.enrich(library=world.house.open_library)
    places = world.rows("SELECT item_id, sort_order FROM collection_members ORDER BY sort_order")
    assert places == [(films[1], 1), (films[2], 2), (films[0], 3)]
    assert follows(world) == sorted([(films[1], films[2]), (films[2], films[0])])
    assert world.rows("SELECT name, plot FROM collections") == [("Lantern Collection", "All of them.")]
    result = world.enrich(library=world.house.open_library)
    assert result.get("changed", 0) == 0
    assert len(world.rows("SELECT * FROM media_relationships")) == 2
    assert [subject for type_, subject in world.events() if type_ == "item.changed"][-3:] == [
        f"itm_{key}" for key in sorted(films)
    ]


@pytest.mark.both
def test_what_people_say_of_relationships_stands_and_the_rest_follows_the_order(world: World) -> None:
    third, first, second = make_films(world)
    with world.house.database.transaction() as uow:
        relate(uow, item_id=third, related_id=second, relation=Relation.SEQUEL)
        relate(uow, item_id=first, related_id=third, relation=Relation.SEQUEL)
    world.enrich(library=world.house.open_library)
    assert follows(world) == sorted([(third, second), (first, third), (first, second)])
    with world.house.database.transaction() as uow:
        unrelate(uow, item_id=second, related_id=first, relation=Relation.PREQUEL)
        unrelate(uow, item_id=third, related_id=second, relation=Relation.SEQUEL)
    world.enrich(library=world.house.open_library, renewed=True)
    assert follows(world) == sorted([(first, third), (second, third)])
    document = world.documents[f"/3{COLLECTION}"]
    document["parts"][1]["release_date"] = "2030-01-01"  # the second is the last now
    world.enrich(library=world.house.open_library, renewed=True)
    assert follows(world) == [(first, third)]  # whose sequel the second is not was said by a person


@pytest.mark.both
def test_recommendations_are_kept_by_id_and_withdrawn(world: World) -> None:
    film, other = world.film(), world.film("900102", "kites")
    documents = {"900101": world.changed("/movie/900101"), "900102": {**world.changed("/movie/900101"), "id": 900102}}
    for key, document in documents.items():
        world.documents[f"/3/movie/{key}"] = document
    world.enrich(film)
    sql = "SELECT rank, provider, namespace, external_id FROM recommendations WHERE item_id = :id ORDER BY rank"
    assert world.rows(sql, id=film) == [(0, "tmdb", "movie", "900102")]
    documents["900101"]["recommendations"]["results"] = [
        {"id": 5, "title": "A"},
        {"id": 900102, "title": "B"},
        {"id": 5, "title": "A"},
    ]
    world.enrich(film, renewed=True)
    assert [row[3] for row in world.rows(sql, id=film)] == ["5", "900102"]
    assert world.rows(sql, id=other) == []
    documents["900101"]["recommendations"]["results"] = []
    assert world.enrich(film, renewed=True)["changed"] == 1
    assert world.rows(sql, id=film) == []
    assert world.enrich(film, renewed=True).get("changed", 0) == 0


def test_a_film_series_text_is_the_providers_unless_somebody_else_said_one(world: World) -> None:
    world.film()
    world.enrich(library=world.house.open_library)
    ((collection,),) = world.rows("SELECT id FROM collections")
    assert world.rows("SELECT plot FROM collections") == [("All lanterns.",)]
    world.changed(COLLECTION, overview="Every one.")
    world.enrich(collection, renewed=True)
    assert world.rows("SELECT plot FROM collections") == [("Every one.",)]
    with world.house.database.transaction() as uow:  # as an NFO file's
        uow.session.connection().execute(sa.text("UPDATE collections SET plot = 'The file says.'"))
    world.changed(COLLECTION, overview="Another.")
    world.enrich(collection, renewed=True)
    assert world.rows("SELECT plot FROM collections") == [("The file says.",)]


def test_entities_go_by_their_ids(world: World) -> None:
    """Who has no id of a provider is left alone."""
    with world.house.database.transaction() as uow:
        key = create_entity(uow, EntityKind.PERSON)
        uow.session.add(Person(id=key, identity_key="name:x", name="X", name_normalized="x", sort_key="x"))
    assert world.enrich(key)["unknown"] == 1
    with world.house.database.transaction() as uow:
        identify(uow, key, EntityKind.PERSON, "71")
    assert world.enrich(key)["changed"] == 1


@pytest.mark.both
def test_a_librarys_people_are_asked_about_once_and_leading_roles_first(world: World, manual_clock: Any) -> None:
    library, asked = world.house.open_library, lambda: [each.path for each in world.peer.asked if "/person/" in each.path]
    world.changed("/movie/900101")["credits"]["cast"].append({"id": 99, "name": "Z. Extra", "character": "", "order": 12})
    world.film()
    world.enrich(library=library)
    assert asked() == []
    world.enrich(library=library, people=2)
    first = asked()
    assert len(first) == 2
    assert "/3/person/71" in first
    assert "/3/person/99" not in first
    assert person(world)["biography"] == "Acts."
    world.peer.faults = [web.enough("3600")]
    status, _ = world.enrich(library=library, people=100)
    assert status == "pending"
    manual_clock.advance(3_601)
    ((job_id,),) = world.rows("SELECT id FROM jobs WHERE status = 'pending' AND kind = 'enrich.enrich'")
    result = world.work(job_id)
    assert result["failures"] == []
    every = set(asked())
    assert {"/3/person/99", *first} <= every
    before = len(asked())
    world.enrich(library=library, people=100)
    assert len(asked()) == before  # also those of whom TMDB knows nothing
