"""A random walk of edits: whatever an edit did, undoing it brings back all that stood there, and undoing that does it again."""

import random
from typing import Any

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from domain.catalog.tables import FieldLock, FieldValue, ItemCountry, ItemGenre, ItemStudio, MediaItem, Tag
from tests.catalog.bulk.conftest import UNDO, Desk
from tests.sampling import some

NAMES = ("Drama", "drama", "Noir", "Été", "ete", "Été!", "from a file", "x", "X ")
TEXTS = ("", "A", "a A", "Ünï", " two  words ", "Long" * 20)
FIELDS = ("title", "sortTitle", "originalTitle", "edition", "tagline", "plot", "outline")
LOCKS = (*FIELDS, "genres", "tags", "studios", "countries", "year", "releaseDate", "artwork.poster", "cast")
COLUMNS = (
    "title", "sort_title", "original_title", "edition", "tagline", "plot", "outline", "year", "release_date", "runtime_ms",
    "is_kids_friendly", "sort_key", "is_monitored", "deleted_at",
)  # fmt: skip


def held(desk: Desk) -> Any:
    """All that an edit can touch."""
    rows = desk.house.rows
    items = {row.id: tuple(getattr(row, name) for name in COLUMNS) for row in rows(MediaItem) if row.id in desk.films}
    values = sorted((row.entity_id, row.field, row.source, repr(row.value)) for row in rows(FieldValue))
    locks = sorted((row.entity_id, row.field, row.state) for row in rows(FieldLock))
    tags = sorted((row.item_id, row.key, row.origin) for row in rows(Tag))
    links = [
        sorted((row.item_id, row.position, getattr(row, column)) for row in rows(model))
        for model, column in ((ItemGenre, "genre_id"), (ItemStudio, "studio_id"), (ItemCountry, "country_id"))
    ]
    return {"items": items, "values": values, "locks": locks, "tags": tags, "links": links}


def differ(one: Any, other: Any) -> list[Any]:
    """What differs between two states."""
    found: list[Any] = [
        (key, name, before, after)
        for key in one["items"]
        for name, before, after in zip(COLUMNS, one["items"][key], other["items"][key], strict=True)
        if before != after
    ]
    for part in ("values", "locks", "tags"):
        found += [("-", each) for each in one[part] if each not in other[part]]
        found += [("+", each) for each in other[part] if each not in one[part]]
    return found + [pair for pair in zip(one["links"], other["links"], strict=True) if pair[0] != pair[1]]


def names(chance: random.Random) -> Any:
    """What is asked of a list."""
    some = lambda: chance.sample(NAMES, chance.randint(0, 3))  # noqa: E731
    return chance.choice([lambda: {"set": some()}, lambda: {"set": None}, lambda: {"add": some(), "remove": some()}])()


def changes(chance: random.Random) -> dict[str, Any]:
    """A random edit."""
    found: dict[str, Any] = {"lock": chance.random() < 0.6}
    for name in chance.sample(FIELDS, chance.randint(0, 3)):
        found[name] = chance.choice([None, *TEXTS])
    for name in chance.sample(["genres", "studios", "tags"], chance.randint(0, 2)):
        found[name] = names(chance)
    for name, values in (("year", (None, 1999, 2001)), ("releaseDate", (None, "2001-02-03")), ("runtimeMs", (None, 60_000))):
        if chance.random() < 0.2:
            found[name] = chance.choice(values)
    if chance.random() < 0.2:
        found["countries"] = chance.choice([None, [], ["US", "Atlantis"], ["fr"]])
    if chance.random() < 0.2:
        found["replace"] = [{"field": chance.choice(FIELDS), "find": "a", "replace": "b", "ignoreCase": True}]
    if chance.random() < 0.3:
        found[chance.choice(["lockFields", "unlockFields"])] = chance.sample(LOCKS, chance.randint(1, 3))
    if chance.random() < 0.3:
        found["isMonitored"] = chance.random() < 0.5
    return found


def scanned(desk: Desk, chance: random.Random) -> None:
    """What an NFO says by now."""
    told = {
        "title": chance.choice([None, "NFO's", "A"]), "plot": chance.choice([None, "Told."]),
        "genres": chance.choice([None, [], ["Drama"], ["Noir", "x"]]),
        "tags": chance.choice([None, ["from a file"], ["x", "Noir"]]),
        "year": chance.choice([None, 1990]), "studios": chance.choice([None, ["x"]]),
    }  # fmt: skip
    some = dict(chance.sample(sorted(told.items()), 3))
    with desk.house.database.transaction() as uow:
        store_values(uow, NFO, {chance.choice(desk.films): some})


@pytest.mark.parametrize("seed", some([0, 2, 47, 55], 2))
async def test_undoing_brings_back_all_there_was(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    undone = 0
    for _ in range(25):
        if chance.random() < 0.3:
            scanned(desk, chance)
        before, asked = held(desk), changes(chance)
        keys = chance.sample(desk.films, chance.randint(1, 3))
        done = await desk.same(keys, asked, errorPolicy=chance.choice(["REJECT_FAILED", "IGNORE_FAILED"]))
        if done["change"] is None:
            assert differ(before, held(desk)) == [], asked
            continue
        after = held(desk)
        back = await desk.act(UNDO, change=done["change"]["id"])
        assert {row["outcome"] for row in back["rows"]} == {"CHANGED"}, asked
        assert differ(before, held(desk)) == [], (asked, keys)
        undone += 1
        if chance.random() < 0.7:
            await desk.act(UNDO, change=back["change"]["id"])
            assert differ(after, held(desk)) == [], asked
    assert undone > 10
