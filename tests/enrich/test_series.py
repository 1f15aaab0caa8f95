"""Enriching series: the seasons' answers fill the episodes."""

import pytest

from tests.enrich.conftest import World, make_series


@pytest.mark.both
def test_a_series_its_season_and_episodes(world: World) -> None:
    series, season, first, second = make_series(world)
    result = world.enrich(series)
    assert result["providers"] == {"tmdb": {"answered": 3, "not_there": 1, "failed": 0}}
    row = world.item(series)
    assert (row["title"], row["plot"], row["production_status"], str(row["end_date"])) == (
        "Lamplighters", "They keep light.", "ended", "2021-02-20",
    )  # fmt: skip
    networks = world.names("studios", "studio_id", series, where="l.role = 'network'")
    assert networks == ["TV Latarnia"]
    assert world.credits(series) == [
        ("cast", "", "C. Actor", "Keeper"), ("cast", "", "C. Actor", "Ghost"), ("writing", "Creator", "B. Director", ""),
        ("writing", "Writer", "W. Writer", ""),
    ]  # fmt: skip
    assert str(world.item(season)["release_date"]) == "2020-01-05"
    row = world.item(second)
    assert (row["title"], row["plot"], str(row["release_date"]), row["runtime_ms"]) == (
        "The Second Lamp", "It goes out.", "2020-01-12", 47 * 60_000,
    )  # fmt: skip
    assert world.credits(second) == [("cast", "", "G. Guest", "The Sexton"), ("directing", "Director", "B. Director", "")]
    assert world.item(first)["title"] == "Episode 1"
    states = [world.item(key)["enrichment"] for key in (series, season, first, second)]
    assert states == ["complete", "complete", "never", "complete"]
    assert [each.path for each in world.peer.asked if "/tv/" in each.path] == ["/3/tv/880001", "/3/tv/880001/season/1"]
    ids = "SELECT provider, namespace, external_id FROM external_ids WHERE entity_id = :id ORDER BY provider"
    assert world.rows(ids, id=second) == [("tmdb", "episode", "330002")]
    assert world.rows(ids, id=season) == [("tmdb", "season", "660001"), ("tvdb", "season", "555001")]


def test_one_episode_is_enriched_by_way_of_its_series(world: World) -> None:
    made = make_series(world)
    world.enrich(made[3], by="editor")
    assert world.item(made[3])["title"] == "The Second Lamp"
    assert [world.item(key)["enrichment"] for key in made] == ["never", "never", "never", "complete"]
