"""Acceptance check 1 of pictures: every type of every kind, as the registry names them, stays as it is where it is locked."""

from typing import Final

from domain.catalog.enums import EntityKind, LockState
from domain.catalog.fields import ARTWORK
from domain.catalog.queries import media_type_id
from domain.catalog.service import create_entity
from domain.catalog.tables import Collection, FieldLock, Person
from tests.artwork.conftest import Gallery, drawing, encoded
from tests.artwork.offers import Shop, shop
from tests.factories import catalog

KINDS: Final = (
    EntityKind.MOVIE,
    EntityKind.SERIES,
    EntityKind.SEASON,
    EntityKind.EPISODE,
    EntityKind.PERSON,
    EntityKind.COLLECTION,
)
SHAPES: Final = {"tall": (500, 750), "wide": (1280, 720), "banner": (758, 140), "logo": (800, 310), "square": (500, 500)}
"""Width and height in pixels."""
SHAPE: Final = {
    **dict.fromkeys(("fanart", "landscape", "thumb", "clearart"), "wide"), "banner": "banner", "clearlogo": "logo",
    **dict.fromkeys(("discart", "characterart"), "square"),
}  # fmt: skip


def pair(store: Shop, kind: EntityKind) -> tuple[int, int]:
    """Two things of a kind."""
    with store.gallery.house.database.transaction() as uow:
        made = []
        for number in range(2):
            library = store.gallery.disk.id
            if kind is EntityKind.MOVIE:
                made.append(catalog.movie(uow, f"Film {number}", library_id=library))
            elif kind in (EntityKind.PERSON, EntityKind.COLLECTION):
                made.append(key := create_entity(uow, kind))
                named = {"id": key, "name": f"Name {number}", "name_normalized": f"name {number}", "sort_key": "name"}
                person = Person(**named, identity_key=f"name:{number}")
                uow.session.add(
                    person
                    if kind is EntityKind.PERSON
                    else Collection(**named, media_type_id=media_type_id(uow.session, "movie"))
                )
            else:
                tree = catalog.series(uow, f"Series {kind} {number}", library_id=library)
                made.append(tree[(EntityKind.SERIES, EntityKind.SEASON, EntityKind.EPISODE).index(kind)])
        uow.session.flush()
    return made[0], made[1]


async def test_acceptance_1_each_locked_type_of_pictures_is_unchanged_by_better_offers(gallery: Gallery) -> None:
    """Of two things of a kind one has every other type locked, the other the rest: what changes here stays there."""
    await gallery.work()
    with shop(gallery) as store:
        for shape, size in SHAPES.items():
            for number, name in enumerate(("first", "second")):
                store.put(f"{name}-{shape}", encoded(drawing(40 + number, *size), "PNG"), "image/png")
        pairs = {kind: pair(store, kind) for kind in KINDS}
        types = {kind: sorted(name for name, kinds in ARTWORK.items() if kind in kinds) for kind in KINDS}
        every = [key for keys in pairs.values() for key in keys]

        async def offer(*names: str) -> None:
            for kind, keys in pairs.items():
                for key in keys:
                    shapes = [(type_, SHAPE.get(type_, "tall")) for type_ in types[kind]]
                    offers = [
                        store.picture(
                            f"{name}-{shape}", type_, votes=10 + 900 * at, width=SHAPES[shape][0], height=SHAPES[shape][1]
                        )
                        for type_, shape in shapes
                        for at, name in enumerate(names)
                    ]
                    store.offer(*offers, of=key)
            await store.fetch(*every, user_id=gallery.house.users["admin"].id)

        await offer("first")
        locked = {
            (pairs[kind][number % 2], name) for kind in KINDS for number, name in enumerate(types[kind])
        }  # fmt: skip
        with gallery.house.database.transaction() as uow:
            for key, name in locked:
                lock = FieldLock(entity_id=key, field=f"artwork.{name}", state=LockState.LOCKED, locked_at=uow.now())
                uow.session.add(lock)
        before = {(key, name): store.shown(name, key) for kind in KINDS for key in pairs[kind] for name in types[kind]}
        assert {tuple(name.partition("-")[0] for name in names) for names in before.values()} == {("first",)}
        await offer("first", "second")
        after = {place: store.shown(place[1], place[0]) for place in before}
        assert {place for place in before if after[place] == before[place]} == locked
        assert all(after[place][0].startswith("second-") for place in before.keys() - locked)
        assert len(locked) == sum(map(len, types.values())) > 25
