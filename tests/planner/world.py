"""A small household in tables of its own: every kind of column, a guarded tree, links, a to-one that may be missing."""

import enum
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel

from domain.kit import ids, policy
from domain.kit.database import Database
from domain.kit.policy import Shape
from domain.kit.types import Instant, Json, Key, SortText, Thousandths, choice


class World(SQLModel, registry=registry()):
    """Apart from the product's metadata."""


class LabKind(enum.StrEnum):
    MOVIE = "movie"
    SERIES = "series"
    EPISODE = "episode"
    PROMO = "promo"
    AD = "ad"


class LabStatus(enum.StrEnum):
    ANNOUNCED = "announced"
    IN_CINEMAS = "in_cinemas"
    RELEASED = "released"


class PictureType(enum.StrEnum):
    POSTER = "poster"
    BACKDROP = "backdrop"


def _reference(target: str, *, nullable: bool = False) -> Any:
    return Field(default=None, foreign_key=target, nullable=nullable, index=True, sa_type=Key)


_MOOD = sa.Enum(LabStatus, values_callable=lambda cls: [each.value for each in cls], native_enum=False, length=32)


class Place(World, table=True):
    __tablename__ = "lab_places"
    id: int = Field(primary_key=True, sa_type=Key)
    name: str


class Entry(World, table=True):
    """Which user may see which place."""

    __tablename__ = "lab_entries"
    id: int = Field(primary_key=True, sa_type=Key)
    place_id: int = _reference("lab_places.id")
    user_id: int = Field(sa_type=Key)


class Item(World, table=True):
    __tablename__ = "lab_items"
    __table_args__ = (sa.Index("ix_lab_items_list", "kind", "sort_key", "id"),)
    id: int = Field(primary_key=True, sa_type=Key)
    kind: LabKind = Field(sa_type=choice(LabKind), nullable=False)
    place_id: int = _reference("lab_places.id")
    parent_id: int | None = _reference("lab_items.id", nullable=True)
    group_number: int | None = None
    title: str
    sort_key: str = Field(sa_type=SortText, nullable=False)
    year: int | None = None
    number: int | None = None
    score: Decimal | None = Field(default=None, sa_type=Thousandths)
    rating: float | None = Field(default=None, sa_type=sa.Double)
    status: LabStatus = Field(sa_type=choice(LabStatus), nullable=False)
    mood: LabStatus | None = Field(default=None, sa_type=_MOOD)
    size_bytes: int = Field(sa_type=sa.BigInteger, nullable=False)
    runtime_ms: int | None = Field(default=None, sa_type=sa.BigInteger)
    budget: int | None = Field(default=None, sa_type=sa.BigInteger)
    is_monitored: bool
    is_favourite: bool | None = None
    released_on: date | None = None
    added_at: datetime = Field(sa_type=Instant, nullable=False)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    extra: dict[str, Any] | None = Field(default=None, sa_type=Json)
    homepage: str | None = None
    min_age: int | None = None
    is_hidden: bool = False


class Person(World, table=True):
    __tablename__ = "lab_people"
    id: int = Field(primary_key=True, sa_type=Key)
    name: str
    born: int | None = None
    is_private: bool = False


class Credit(World, table=True):
    __tablename__ = "lab_credits"
    __table_args__ = (sa.Index("ix_lab_credits_item", "item_id", "position", "id"),)
    id: int = Field(primary_key=True, sa_type=Key)
    item_id: int = _reference("lab_items.id")
    person_id: int = _reference("lab_people.id")
    role: str
    position: int | None = None


class Genre(World, table=True):
    __tablename__ = "lab_genres"
    id: int = Field(primary_key=True, sa_type=Key)
    name: str


class ItemGenre(World, table=True):
    __tablename__ = "lab_item_genres"
    item_id: int = Field(primary_key=True, foreign_key="lab_items.id", sa_type=Key)
    genre_id: int = Field(primary_key=True, foreign_key="lab_genres.id", index=True, sa_type=Key)
    position: int


class Picture(World, table=True):
    __tablename__ = "lab_pictures"
    __table_args__ = (sa.Index("ix_lab_pictures_item", "item_id", "type", "rank"),)
    id: int = Field(primary_key=True, sa_type=Key)
    item_id: int = _reference("lab_items.id")
    type: PictureType = Field(sa_type=choice(PictureType), nullable=False)
    rank: int | None = None
    token: str


class Work(World, table=True):
    __tablename__ = "lab_work"
    id: int = Field(primary_key=True, sa_type=Key)
    kind: str
    item_id: int | None = _reference("lab_items.id", nullable=True)


MODELS = (Place, Entry, Item, Person, Credit, Genre, ItemGenre, Picture, Work)
CODES = {"xit": Item, "xpe": Person, "xcr": Credit, "xge": Genre, "xpi": Picture, "xwo": Work, "xpl": Place}


def _item_visible(alias: Any, shape: Shape) -> Any:
    conditions = []
    if not shape.is_admin:
        conditions.append(alias.c.is_hidden.is_(False))
    if not shape.all_libraries:
        entry = Entry.__table__.alias()
        mine = sa.select(entry.c.place_id).where(entry.c.user_id == policy.VIEWER_USER_ID)
        conditions.append(alias.c.place_id.in_(mine))
    if shape.has_age_limit:
        young = alias.c.min_age <= policy.VIEWER_MAX_AGE
        conditions.append(sa.or_(young, alias.c.min_age.is_(None)) if shape.sees_unrated else young)
    return sa.and_(*conditions) if conditions else None


def _person_visible(alias: Any, shape: Shape) -> Any:
    return None if shape.is_admin else alias.c.is_private.is_(False)


def register(patch: Any) -> None:
    """Tell policy and ids of the world, for as long as `patch` (a MonkeyPatch) lasts."""
    patch.setattr(policy, "_guards", dict(policy._guards))
    patch.setattr(policy, "_owners", dict(policy._owners))
    for code, model in CODES.items():
        patch.setitem(ids.CODES, code, model.__tablename__)
        patch.setitem(ids.CODE_OF, model.__tablename__, code)
    policy.guard(Item, _item_visible)
    policy.guard(Person, _person_visible)
    for model in (Credit, ItemGenre, Picture):
        policy.follows(model, model.item_id)


TITLES = (
    "Zebra",
    "zebra",
    "Ärger",
    "Arger",
    "ost",
    "Öst",
    "一二",
    "Æon",
    "a_b",
    "a%b",
    "O'Neil",
    'Say "hi"',
    "tab\there",
    "😀 face",
    "",
)


def fill(database: Database, seed: int = 7) -> None:
    """Create the tables and a seeded household: 90 items in 3 places, 20 people, 300 credits, pictures, work."""
    World.metadata.create_all(database.engine)
    if database.dialect == "postgresql":
        with database.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE lab_credits DROP CONSTRAINT lab_credits_person_id_fkey"))
    dice = random.Random(seed)
    rows: list[Any] = [Place(id=n, name=f"place {n}") for n in (1, 2, 3)]
    rows += [Entry(id=n, place_id=place, user_id=user) for n, (user, place) in enumerate([(1, 1), (1, 2), (2, 2), (3, 3)], 1)]
    rows += [
        Person(id=n, name=dice.choice(TITLES) + f" {n}", born=dice.choice([None, 1950, 1960]), is_private=n % 7 == 0)
        for n in range(1, 21)
    ]
    rows += [Genre(id=n, name=name) for n, name in enumerate(TITLES[:8], 1)]
    kinds = list(LabKind)
    for n in range(1, 91):
        kind = kinds[n % 5] if n > 10 else LabKind.SERIES if n > 5 else LabKind.MOVIE
        rows.append(_item(dice, n, kind))
    for item in range(1, 91):
        for genre in dice.sample(range(1, 9), dice.randrange(4)):
            rows.append(ItemGenre(item_id=item, genre_id=genre, position=dice.randrange(3)))
        for type_ in PictureType:
            for _ in range(dice.randrange(3)):
                rows.append(Picture(item_id=item, type=type_, rank=dice.choice([None, 0, 1]), token=f"t{dice.randrange(10**6)}"))
    for n in range(1, 301):
        rows.append(
            Credit(
                id=n,
                item_id=dice.randrange(1, 91),
                person_id=dice.randrange(1, 21),
                role=dice.choice(TITLES),
                position=dice.choice([None, *range(5)]),
            )
        )
    rows += [Work(id=n, kind="scan", item_id=dice.choice([None, *range(1, 91)])) for n in range(1, 21)]
    with Session(database.engine) as session:
        last = None
        for row in rows:
            if type(row) is not last or isinstance(row, Item):  # without relationships, flushing knows no order
                session.flush()
            session.add(row)
            last = type(row)
        session.commit()


def _item(dice: random.Random, n: int, kind: LabKind) -> Item:
    parent = dice.choice([6, 7, 8, 9, 10]) if kind is LabKind.EPISODE else None
    title = dice.choice(TITLES)
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(10**8), microseconds=dice.choice([0, 1, 120000]))
    return Item(
        id=n,
        kind=kind,
        place_id=dice.randrange(1, 4),
        parent_id=parent,
        group_number=dice.choice([None, 1, 2, 3]),
        title=title,
        sort_key=title.casefold(),
        year=dice.choice([None, 1990, 1991, 2000, 2001]),
        number=n if kind is LabKind.EPISODE and n % 3 else None,
        score=dice.choice([None, Decimal("8.123"), Decimal("0.1"), Decimal("9.999"), Decimal("7")]),
        rating=dice.choice([None, 0.1 + 0.2, 1 / 3, 1e300, -0.0, 7.0]),
        status=dice.choice(list(LabStatus)),
        mood=dice.choice([None, *LabStatus]),
        size_bytes=dice.choice([0, 1, 2**31, 2**40 + n]),
        runtime_ms=dice.choice([None, 0, 5_400_000, 61_001]),
        budget=dice.choice([None, 1_000_000]),
        is_monitored=dice.random() < 0.5,
        is_favourite=dice.choice([None, True, False]),
        released_on=dice.choice([None, date(1999, 12, 31), date(2024, 2, 29)]),
        added_at=moment,
        seen_at=dice.choice([None, moment]),
        extra=dice.choice([None, {}, {"b": [1, 2.5, None], "a": {"ä": "\u2028"}}]),
        homepage=dice.choice([None, "https://example.org/?a=1&b=2"]),
        min_age=dice.choice([None, 6, 12, 16]),
        is_hidden=n % 11 == 0,
    )
