"""Anime whose files count over the whole series: its episodes find their seasons by the provider's."""

from pathlib import Path

import pytest

from domain.identify.numbering import aired_number
from tests.identify.conftest import World
from tests.libraries.scan.conftest import Disk


@pytest.mark.parametrize(
    ("absolute", "expected"), [(1, (1, 1)), (25, (1, 25)), (26, (2, 1)), (37, (2, 12)), (38, None), (0, None)]
)
def test_absolute_numbers_count_through_the_seasons(absolute: int, expected: tuple[int, int] | None) -> None:
    assert aired_number(absolute, {0: 30, 1: 25, 2: 12}) == expected


@pytest.mark.both
def test_episodes_with_absolute_numbers_get_their_season_and_number_once(world: World, tmp_path: Path) -> None:
    disk = Disk(world.database, tmp_path / "anime", media_type="tv", name="Anime")
    for number in (1, 25, 26, 90):
        disk.put(f"Attack on Titan (2013)/[Group] Attack on Titan - {number:02} [1080p].mkv")
    disk.scan()
    world.work()
    sql = (
        "SELECT season.position, episode.position, orders.episode_number FROM media_items episode"
        " JOIN media_items season ON season.id = episode.parent_id JOIN episode_orders orders ON orders.item_id = episode.id"
        " WHERE episode.deleted_at IS NULL ORDER BY orders.episode_number"
    )
    placed = [(1, 1, 1), (1, 25, 25), (2, 1, 26), (None, None, 90)]
    assert disk.rows(sql) == placed
    assert world.rows("SELECT count(*) FROM media_items WHERE kind = 'season' AND deleted_at IS NULL") == [(3,)]
    disk.put("Attack on Titan (2013)/[Group] Attack on Titan - 27 [1080p].mkv")
    disk.scan()
    world.work()
    disk.scan()
    world.work()
    assert disk.rows(sql) == [*placed[:3], (2, 2, 27), placed[3]]
