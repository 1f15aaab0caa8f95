"""Other orders of episodes than the aired one: files go by the one that a person chose, and back, and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from domain.jobs.kinds import IDENTIFY, Identify
from domain.jobs.service import enqueue
from tests.api.conftest import Client
from tests.enrich.conftest import World
from tests.libraries.scan.conftest import Disk
from tests.peers.tmdb import EPISODE

CHOOSE = """mutation Choose($item: ID!, $ordering: EpisodeOrdering!) {
  setEpisodeOrder(input: { item: { id: $item }, ordering: $ordering }) {
    mediaItem { ... on Series { episodeOrders { ordering provider name isChosen } } }
    job { id } errors { __typename ... on UserError { message path } }
  }
}"""
FETCH = """mutation Fetch($item: ID!) {
  refreshEpisodeOrders(input: { item: { id: $item } }) { job { id } errors { __typename } }
}"""
NUMBERS = """query Numbers($item: ID!) { series: node(id: $item) { ... on Series { episodes(first: 9) { nodes {
  position orders { ordering seasonNumber episodeNumber } } } } } }"""
FOLDER = "Lamplighters {tmdb-880001}/Season 1/Lamplighters "
PLACES = (
    "SELECT substr(f.uri, length(f.uri) - 9, 6), s.position, e.position, e.id FROM media_files f"
    " JOIN item_files l ON l.file_id = f.id JOIN media_items e ON e.id = l.item_id JOIN media_items s ON s.id = e.parent_id"
    " WHERE f.file_kind = 'video' AND e.deleted_at IS NULL ORDER BY f.uri, e.position"
)


def group(order: str, kind: int, *aired: tuple[int, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what a series' answer says of an order, the order's own answer), with these episodes in it."""
    episodes = [
        {**EPISODE, "id": 900 + number, "season_number": season, "episode_number": episode, "order": number}
        for number, (season, episode) in enumerate(aired)
    ]
    groups = [{"id": "g", "name": "All", "order": 1, "episodes": episodes}]
    return {"id": order, "name": order, "type": kind}, {"id": order, "type": kind, "groups": groups}


def job(world: World, done: dict[str, Any]) -> Any:
    """The result of the job that a mutation named."""
    return world.work(int(done["job"]["id"].removeprefix("job_")))


@pytest.mark.both
async def test_files_go_by_the_order_that_a_person_chose_and_back(world: World, client: Client, tmp_path: Path) -> None:
    disk = Disk(world.house.database, tmp_path / "tv", media_type="tv", name="TV")
    disk.put(f"{FOLDER}S01E01.mkv")
    said = "<season>1</season><episode>1</episode><outline>Out.</outline>"
    disk.put(f"{FOLDER}S01E01.nfo", f"<episodedetails>{said}</episodedetails>")
    disk.put(f"{FOLDER}S01E02.mkv")
    disk.scan()
    ((series,),) = world.rows("SELECT id FROM media_items WHERE kind = 'series'")
    world.enrich(series)
    before = world.rows(PLACES)
    first, second = (row[3] for row in before)
    with world.house.database.transaction() as uow:
        store_values(uow, USER, {first: {"title": "Mine"}})
    item = f"itm_{series}"

    async def choose(ordering: str, key: str = item) -> Any:
        return (await client.data(CHOOSE, {"item": key, "ordering": ordering}, who="admin"))["setEpisodeOrder"]

    done = await choose("DVD")
    assert done["mediaItem"]["episodeOrders"] == [
        {"ordering": "DVD", "provider": "tmdb", "name": "DVD order", "isChosen": True}
    ]  # fmt: skip
    assert job(world, done) == {"orders": 1, "moved_files": 2, "new_episodes": 0}
    swapped = [("S01E01", 1, 2, second), ("S01E02", 1, 1, first)]
    assert world.rows(PLACES) == swapped
    disk.put(f"{FOLDER}S01E02 720p.mkv")
    disk.put(f"{FOLDER}S01E03.mkv")
    disk.scan()
    assert world.rows("SELECT outline FROM media_items WHERE id IN (:a, :b) ORDER BY position", a=first, b=second) == [
        (None,), ("Out.",),
    ]  # fmt: skip
    assert world.item(first)["title"] == "Mine"
    assert sorted(row[:3] for row in world.rows(PLACES)) == [
        ("2 720p", 1, 1), ("S01E01", 1, 2), ("S01E02", 1, 1), ("S01E03", 1, 3)
    ]  # fmt: skip
    shown = (await client.data(NUMBERS, {"item": item}, who="admin"))["series"]["episodes"]["nodes"]
    numbers = {one["position"]: [tuple(each.values()) for each in one["orders"]] for one in shown}
    assert numbers == {1: [("DVD", 1, 2)], 2: [("DVD", 1, 1)], 3: []}
    asked = len(world.peer.asked)
    assert world.enrich(series)["changed"] == 0
    assert job(world, await choose("DVD")) == {"orders": 0, "moved_files": 0, "new_episodes": 0}
    assert len(world.peer.asked) == asked

    assert job(world, await choose("AIRED"))["moved_files"] == 3
    disk.scan()
    assert [row for row in world.rows(PLACES) if row[0] in ("S01E01", "S01E02")] == before
    assert (world.item(first)["outline"], world.item(second)["outline"]) == ("Out.", None)

    refused = await choose("STORY")
    assert refused["errors"] == [
        {"__typename": "ConflictError", "path": ["ordering"],
         "message": "No provider offers this order of its episodes. There are DVD and AIRED."}
    ]  # fmt: skip
    assert (await choose("DVD", f"itm_{first}"))["errors"][0]["__typename"] == "InvalidError"


async def test_episodes_that_only_names_spoke_of_go_and_come(world: World, client: Client, tmp_path: Path) -> None:
    """Two boxes with one episode each: as aired there is no second season."""
    offered, answer = group("5e0000cc", 3, (1, 2))
    other = {**EPISODE, "id": 7, "episode_number": 1, "order": 0}
    answer["groups"].append({"id": "h", "name": "Two", "order": 2, "episodes": [other]})
    world.changed("/tv/880001", episode_groups={"results": [offered]})
    world.documents["/3/tv/episode_group/5e0000cc"] = answer
    disk = Disk(world.house.database, tmp_path / "tv", media_type="tv", name="TV")
    for name in ("S01E01", "S01E02", "S02E01"):
        disk.put(f"{FOLDER.replace('/Season 1', '')}{name}.mkv")
    disk.scan()
    ((series,),) = world.rows("SELECT id FROM media_items WHERE kind = 'series'")
    world.enrich(series)
    chosen = (await client.data(CHOOSE, {"item": f"itm_{series}", "ordering": "DVD"}, who="admin"))["setEpisodeOrder"]
    assert job(world, chosen)["moved_files"] == 3
    # S01E02 is in no box, and the aired one of that number is in the first: nobody knows which episode it is
    assert [row[:3] for row in world.rows(PLACES)] == [("S01E01", 1, 2), ("S01E02", None, None), ("S02E01", 1, 1)]
    assert world.rows("SELECT count(*) FROM media_items WHERE kind = 'season' AND position = 2 AND deleted_at IS NULL") == [(0,)]
    disk.scan()
    assert [row[:3] for row in world.rows(PLACES)] == [("S01E01", 1, 2), ("S01E02", None, None), ("S02E01", 1, 1)]
    world.documents["/3/tv/episode_group/5e0000cc"] = group("5e0000cc", 3, (1, 1), (1, 2))[1]
    world.enrich(series, renewed=True)  # the boxes were packed anew: a job gives files their episodes
    assert [row[:3] for row in world.rows(PLACES)] == [("S01E01", 1, 1), ("S01E02", 1, 2), ("S02E01", 2, 1)]
    world.documents["/3/tv/episode_group/5e0000cc"] = answer
    world.enrich(series, renewed=True)
    assert [row[:3] for row in world.rows(PLACES)] == [("S01E01", 1, 2), ("S01E02", None, None), ("S02E01", 1, 1)]
    back = (await client.data(CHOOSE, {"item": f"itm_{series}", "ordering": "AIRED"}, who="admin"))["setEpisodeOrder"]
    job(world, back)
    assert [row[:3] for row in world.rows(PLACES)] == [("S01E01", 1, 1), ("S01E02", 1, 2), ("S02E01", 2, 1)]
    live = "SELECT count(*) FROM media_items WHERE kind IN ('season', 'episode') AND deleted_at IS NULL"
    assert world.rows(live) == [(5,)]


async def test_absolute_numbers_go_by_the_providers_absolute_order(world: World, client: Client, tmp_path: Path) -> None:
    offered, answer = group("5e0000bb", 2, (1, 2), (0, 1), (1, 1))
    dvd, _ = group("5e0000aa", 3)
    world.changed("/tv/880001", episode_groups={"results": [offered, dvd]})
    world.documents["/3/tv/episode_group/5e0000bb"] = answer
    disk = Disk(world.house.database, tmp_path / "tv", media_type="tv", name="Anime")
    for number in (1, 2, 3, 4):
        disk.put(f"Lamplighters {{tmdb-880001}}/[G] Lamplighters - {number:02} [1080p].mkv")
    disk.scan()
    with world.house.database.transaction() as uow:
        made = enqueue(uow, IDENTIFY, Identify(library_id=disk.id))
    world.work(made.job.id)
    order = (
        "SELECT o.episode_number, s.position, e.position FROM episode_orders o JOIN media_items e ON e.id = o.item_id"
        " JOIN media_items s ON s.id = e.parent_id WHERE o.ordering = 'absolute' ORDER BY o.episode_number"
    )
    assert world.rows(order) == [(1, 1, 2), (2, 0, 1), (3, 1, 1), (4, None, None)]
    disk.put("Lamplighters {tmdb-880001}/[H] Lamplighters - 03 [720p].mkv")
    disk.scan()
    ((series,),) = world.rows("SELECT id FROM media_items WHERE kind = 'series'")
    assert len(world.rows(PLACES)) == 5
    done = (await client.data(FETCH, {"item": f"itm_{series}"}, who="admin"))["refreshEpisodeOrders"]
    assert job(world, done) == {"orders": 2, "moved_files": 0, "new_episodes": 0}
    assert ("dvd", 2) in world.rows("SELECT ordering, count(*) FROM episode_orders GROUP BY ordering")
