"""A made-up household of any size as plain rows: what the databases are filled with, and what the oracle reads.

Each value that a filter may ask for is common with some rows and rare with others; what may be NULL sometimes is.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.artwork.tables import Asset, CachedFile
from domain.catalog import tables as t
from domain.catalog.sorting import sort_key
from domain.jobs.tables import Job
from domain.libraries import tables as f
from tests.factories.loading import MOMENT

KINDS = {
    "movie": (30, "movie"), "series": (1, "tv"), "season": (2, "tv"), "episode": (50, "tv"), "artist": (1, "music"),
    "album": (3, "music"), "track": (13, "music"),
}  # fmt: skip
"""Kind -> (how many of a hundred, media type)."""
PARENTS = {"season": "series", "episode": "season", "album": "artist", "track": "album"}
WORDS = ("alba", "the", "Über", "corda", "a", "élan", "nord", "Sud", "quai", "stern", "moon", "kino", "zug", "fjord", "oro")
SOURCES = ("imdb", "tmdb")
LIBRARIES = {"movie": 1, "tv": 2, "music": 3}


@dataclass
class World:
    """Rows by model; links by name."""

    size: int
    chance: random.Random
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, model: Any, **values: Any) -> int:
        """Put a row; its key where it has one of its own."""
        some = self.rows.setdefault(model, [])
        if "id" in model.__table__.c and "id" not in values:
            values["id"] = len(some) + 1
        some.append(values)
        return int(values.get("id", 0))

    def rare(self) -> bool:
        """A few times in the whole world."""
        return self.chance.random() < 3 / self.size

    def maybe(self, value: Any, share: float = 0.2) -> Any:
        """The value, or sometimes None."""
        return None if self.chance.random() < share else value


def make(size: int, *, media_types: dict[str, int], country_ids: Sequence[int], seed: int = 1) -> World:
    """`size` items with all that hangs on them. The same seed makes the same rows."""
    world = World(size, random.Random(seed))
    for name, key in LIBRARIES.items():
        world.add(f.Library, id=key, name=name, sort_key=name, media_type_id=media_types[name])
    entity = _names(world)
    for key, kind, row in _items(world, media_types, entity):
        world.add(t.Entity, id=key, kind=kind)
        world.rows.setdefault(t.MediaItem, []).append(row)
        _links(world, key, kind, country_ids)
        if kind in ("movie", "episode", "track"):
            _files(world, key, kind)
    for number in range(max(20, size // 20)):
        _job(world, number)
    return world


def _names(world: World) -> int:
    """Genres, studios, people, collections; the last number that they use up."""
    chance, key = world.chance, 0
    for number in range(20):
        name = f"Genre {number}"
        world.add(t.Genre, name=name, name_normalized=name.lower(), sort_key=sort_key(name))
    for model, kind, count in (
        (t.Studio, "studio", 50), (t.Person, "person", max(30, world.size // 5)),
        (t.Collection, "collection", max(10, world.size // 100)),
    ):  # fmt: skip
        for number in range(count):
            key += 1
            name = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}"
            world.add(t.Entity, id=key, kind=kind)
            more: dict[str, Any] = {"name": name, "name_normalized": name.lower(), "sort_key": sort_key(name)}
            if model is t.Person:
                born = world.maybe(dt.date(1900, 1, 1) + dt.timedelta(days=chance.randrange(36500)))
                more |= {"identity_key": f"name:{name}", "birth_date": born}
                more |= {
                    "death_date": world.maybe(dt.date(2000, 1, 1), 0.9),
                    "biography": world.maybe("Lived."),
                    "updated_at": _moment(world),
                }
            if model is t.Collection:
                more |= {"media_type_id": 1, "plot": world.maybe("Parts.")}
            world.add(model, id=key, created_at=_moment(world), **more)
    return key


def _moment(world: World) -> dt.datetime:
    return MOMENT - dt.timedelta(hours=world.chance.randrange(20_000))


def _items(world: World, media_types: dict[str, int], entity: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
    chance, made = world.chance, dict[str, list[dict[str, Any]]]()
    total = sum(share for share, _ in KINDS.values())
    for kind, (share, type_) in KINDS.items():
        made[kind] = []
        for number in range(max(2, world.size * share // total)):
            entity += 1
            parent = chance.choice(made[PARENTS[kind]]) if kind in PARENTS else None
            title = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.randrange(world.size)}"
            released = world.maybe(dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(27000)))
            availability = "missing" if world.rare() else chance.choice(("present", "none"))
            row = {
                "id": entity, "kind": kind, "media_type_id": media_types[type_], "level": parent["level"] + 1 if parent else 0,
                "parent_id": parent and parent["id"], "root_id": parent["root_id"] if parent else entity,
                "position": world.maybe(number),
                "library_id": world.maybe(LIBRARIES[type_], 0.05), "edition": "Director's Cut" if world.rare() else "",
                "title": title, "sort_key": sort_key(title), "plot": world.maybe("Something happens. " * 5),
                "year": released and released.year,
                "release_date": released, "runtime_ms": world.maybe(chance.randrange(60, 12_000) * 1000),
                "original_language": "eo" if world.rare() else world.maybe(chance.choice(("en", "de", "fr"))),
                "popularity": world.maybe(chance.randrange(10_000) / 8, 0.5),
                "min_age": 21 if world.rare() else world.maybe(chance.choice((0, 6, 12, 16))),
                "is_kids_friendly": world.rare(), "identification": "ambiguous" if world.rare() else "identified",
                "enrichment": "failed" if world.rare() else chance.choice(("never", "complete")),
                "publication": "outdated" if world.rare() else chance.choice(("never", "published")),
                "availability": availability, "missing_since": MOMENT if availability == "missing" else None,
                "production_status": "pilot" if world.rare() else world.maybe("released"), "is_monitored": not world.rare(),
                "created_at": _moment(world), "updated_at": _moment(world),
                "deleted_at": MOMENT if chance.random() < 0.02 else None,
            }  # fmt: skip
            made[kind].append(row)
            yield entity, kind, row


def _some(world: World, model: Any, most: int) -> list[int]:
    """A few rows of a model, each once; the last one almost never."""
    rows = world.rows[model]
    found = {world.chance.choice(rows[:-1])["id"] for _ in range(world.chance.randrange(most + 1))}
    return [*found, *([rows[-1]["id"]] if world.rare() else [])]


def _links(world: World, key: int, kind: str, country_ids: Sequence[int]) -> None:
    chance = world.chance
    for number, genre in enumerate(_some(world, t.Genre, 2)):
        world.add(t.ItemGenre, item_id=key, genre_id=genre, position=number)
    for studio in _some(world, t.Studio, 1):
        world.add(t.ItemStudio, item_id=key, studio_id=studio, role="studio")
    if chance.random() < 0.5:
        world.add(t.ItemCountry, item_id=key, country_id=country_ids[7] if world.rare() else country_ids[chance.randrange(2)])
    for name in {"seen" if world.rare() else chance.choice(("4k", "loved", "kids")) for _ in range(chance.randrange(3))}:
        world.add(t.Tag, item_id=key, namespace="user", key=name, sort_key=sort_key(name), origin="user")
    for number, person in enumerate(_some(world, t.Person, 2)):
        department, job = chance.choice((("cast", ""), ("directing", "Director"), ("writing", "Writer")))
        world.add(
            t.Credit,
            item_id=key,
            person_id=person,
            department=department,
            job=job,
            position=number,
            is_removed=chance.random() < 0.1,
        )
    if kind == "movie" and chance.random() < 0.3:
        world.add(t.CollectionMember, item_id=key, collection_id=chance.choice(world.rows[t.Collection])["id"])
    for source in SOURCES:
        if chance.random() < 0.5:
            value = Decimal(9999 if world.rare() else chance.randrange(1000, 9500)) / 1000
            world.add(t.ItemRating, item_id=key, source=source, value=value, votes=world.maybe(chance.randrange(100_000)))
    if chance.random() < 0.7:
        world.add(
            t.ExternalId, entity_id=key, entity_kind=kind, provider="tmdb", namespace=kind, external_id=str(key), is_primary=True
        )
    if world.rare():
        world.add(t.FieldLock, entity_id=key, field="title", state="locked")
    if world.rare():
        world.add(f.ReviewItem, item_id=key, reason="ambiguous", status="pending", confidence=0.5, created_at=_moment(world))
    for type_ in ("poster", "fanart"):
        if chance.random() < 0.8:
            image = world.add(
                CachedFile,
                kind="image",
                sha256=f"{key}{type_}",
                path=f"{key}{type_}",
                size_bytes=1,
                format="jpg",
                width=1,
                height=1,
            )
            world.add(
                Asset,
                entity_id=key,
                asset_type=type_,
                cached_file_id=image,
                token=f"t{key}{type_}",
                rank=world.maybe(0, 0.1),
                source_type="local",
            )
    if chance.random() < 0.3:
        world.add(t.ItemCertification, item_id=key, system="FSK", code=chance.choice(("12", "16")), country="DE", is_primary=True)


def _files(world: World, key: int, kind: str) -> None:
    chance = world.chance
    for copy in range(1, 3 if world.rare() else 2):
        if chance.random() < 0.1:
            continue
        file = world.add(
            f.MediaFile, library_id=LIBRARIES[KINDS[kind][1]], uri=f"/media/{chance.randrange(10**9)}/{key}.{copy}.mkv",
            file_kind="audio" if kind == "track" else "video",
            size_bytes=10**12 if world.rare() else chance.randrange(10**6, 10**10),
            container="avi" if world.rare() else "matroska", duration_ms=world.maybe(chance.randrange(10**7)),
            discovered_at=_moment(world), missing_since=MOMENT if world.rare() else None,
            probe_error="broken" if world.rare() else None,
        )  # fmt: skip
        if chance.random() < 0.95:
            world.add(f.ItemFile, item_id=key, file_id=file, role="main", copy_number=copy, is_default=copy == 1)
        if kind != "track":
            height = 4320 if world.rare() else chance.choice((480, 720, 800, 1080, 2160))
            world.add(
                f.VideoStream, file_id=file, stream_index=0, codec="av1" if world.rare() else chance.choice(("h264", "hevc")),
                width=height * 16 // 9, height=height, hdr_format="hlg" if world.rare() else world.maybe("hdr10", 0.8),
            )  # fmt: skip
        for index in range(1, chance.randrange(2, 4)):
            language = "eo" if world.rare() else world.maybe(chance.choice(("eng", "deu")))
            codec, channels = (
                "opus" if world.rare() else chance.choice(("aac", "ac3")),
                12 if world.rare() else chance.choice((2, 6)),
            )
            world.add(f.AudioStream, file_id=file, stream_index=index, codec=codec, language=language, channels=channels)
        if chance.random() < 0.5:
            language = "eo" if world.rare() else chance.choice(("eng", "deu", "und"))
            world.add(f.SubtitleStream, file_id=file, stream_index=9, codec="subrip", language=language, is_forced=world.rare())


def _job(world: World, number: int) -> None:
    status = "failed" if world.rare() else "completed"
    world.add(
        Job, kind="libraries.scan" if number % 7 else "system.backup", queue="default", status=status,
        failure="error" if status == "failed" else None,
        run_at=MOMENT, created_at=_moment(world), finished_at=_moment(world), priority=5 if number % 3 else 2,
        subject="lib_1" if number % 50 == 0 else "lib_2",
    )  # fmt: skip
