"""Publishing a series on a real disk: names of seasons and episodes, and whose NFO a new title outdates."""

import pytest

from domain.libraries.nfo import parse_nfo
from tests.publish.conftest import SAID, SHOWN, Shelf

pytestmark = pytest.mark.both


SERIES = "Show (2010)"


def test_acceptance_3_and_4_a_series_with_specials_and_a_double_episode(series: Shelf) -> None:
    for name in ("Season 01/Show S01E01-E02", "Season 01/Show S01E03", "Specials/Show S00E01"):
        series.put(f"{SERIES}/{name}.mkv")
    series.scan()
    (top,) = series.items("series")
    one, specials = series.rows("SELECT id, position FROM media_items WHERE kind = 'season' ORDER BY position DESC")
    series.cached(top, "poster", b"show")
    series.cached(one[0], "poster", b"season one")
    series.cached(specials[0], "poster", b"specials")
    for (episode,) in series.rows("SELECT id FROM media_items WHERE kind = 'episode'"):
        series.cached(episode, "thumb", b"thumb of %d" % episode)
    series.publish()
    assert sorted(series.files()) == sorted(
        f"{SERIES}/{name}"
        for name in (
            "Season 01/Show S01E01-E02-thumb.jpg", "Season 01/Show S01E01-E02.mkv", "Season 01/Show S01E01-E02.nfo",
            "Season 01/Show S01E03-thumb.jpg", "Season 01/Show S01E03.mkv", "Season 01/Show S01E03.nfo",
            "Season 01/season.nfo", "Specials/Show S00E01-thumb.jpg", "Specials/Show S00E01.mkv", "Specials/Show S00E01.nfo",
            "Specials/season.nfo", "poster.jpg", "season-specials-poster.jpg", "season01-poster.jpg", "tvshow.nfo",
        )
    )  # fmt: skip
    double = parse_nfo(series.files()[f"{SERIES}/Season 01/Show S01E01-E02.nfo"])
    assert [(root.season, root.episode, root.show_title) for root in double.roots] == [(1, 1, "Show"), (1, 2, "Show")]
    (said,) = parse_nfo(series.files()[f"{SERIES}/tvshow.nfo"]).roots
    assert [(name.number, name.title) for name in said.named_seasons] == [(0, "Specials"), (1, "Season 1")]
    before, known, shown = series.state(), series.rows(SAID), series.rows(SHOWN)
    series.publish()
    assert series.state() == before
    series.scan()
    assert (series.rows(SAID), series.rows(SHOWN), series.rows("SELECT id FROM review_queue")) == (known, shown, [])
    assert all(action == "keep" for action, _ in series.plan().values())


def test_a_new_title_of_a_series_outdates_its_episodes_and_one_of_a_season_its_series(series: Shelf) -> None:
    series.put(f"{SERIES}/Season 01/Show S01E01.mkv")
    series.scan()
    series.publish()
    states = "SELECT kind, publication FROM media_items ORDER BY level"
    assert {state for _, state in series.rows(states)} == {"published"}

    def rename(kind: str) -> None:
        with series.database.transaction() as uow:
            uow.session.connection().exec_driver_sql(f"UPDATE media_items SET title = 'New {kind}' WHERE kind = '{kind}'")

    rename("series")
    assert series.rows(states) == [("series", "outdated"), ("season", "published"), ("episode", "outdated")]
    series.publish()
    rename("season")
    assert series.rows(states) == [("series", "outdated"), ("season", "outdated"), ("episode", "published")]
