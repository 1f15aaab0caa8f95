"""Finding, reading, refreshing, removing: with the habits of the real one."""

import pytest

from domain.kit.errors import Conflict, Unreachable
from domain.kit.http import Lan
from domain.players.enums import MediaKind
from domain.players.model import Media, Section
from tests.peers.kodi_player import KodiPlayer
from tests.players.kodi.conftest import FILMS, HARBOUR, LANTERNS, SERIES, SHOW


def film(**values: object) -> Media:
    return Media(**{"kind": MediaKind.MOVIE, "title": "Paper Lanterns", "year": 2019, **values})  # type: ignore[arg-type]


def keys(kodi: KodiPlayer, type_: str) -> list[int]:
    return list(kodi.shelves.rows[type_])


def test_a_film_is_found_at_its_path_with_one_question(kodi: KodiPlayer, lan: Lan) -> None:
    found = kodi.adapter(lan).find(film(path=LANTERNS, ids={"tmdb": "900101"}))
    assert found == Media(
        MediaKind.MOVIE, "Paper Lanterns", key="1", path=LANTERNS, ids={"imdb": "tt9900101", "tmdb": "900101"}, year=2019
    )
    assert kodi.methods() == ["VideoLibrary.GetMovies"]
    assert kodi.asked[0][1]["filter"]["and"][0] == {
        "field": "path", "operator": "is", "value": f"{FILMS}Paper Lanterns (2019)/"
    }  # fmt: skip


def test_either_part_finds_the_film_in_parts(kodi: KodiPlayer, lan: Lan) -> None:
    for part in (1, 2):
        found = kodi.adapter(lan).find(Media(MediaKind.MOVIE, "", path=f"{HARBOUR}harbour-cd{part}.avi"))
        assert found is not None
        assert (found.key, found.path) == ("2", f"{HARBOUR}harbour-cd1.avi")


def test_a_film_that_lies_elsewhere_is_found_by_an_id_among_its_namesakes(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.shelves.add("movie", title="Paper Lanterns", year=2019, file=f"{FILMS}other.mkv", uniqueid={"tmdb": "5"})
    found = kodi.adapter(lan).find(film(path="/mnt/films/paper.mkv", ids={"tmdb": "900101"}))
    assert found is not None
    assert found.key == "1"
    assert len(kodi.asked) == 2


def test_a_film_with_another_title_is_found_by_an_id_page_by_page(kodi: KodiPlayer, lan: Lan) -> None:
    for number in range(450):
        kodi.shelves.add("movie", title=f"Film {number}", file=f"{FILMS}{number}.mkv", uniqueid={"tmdb": str(number)})
    found = kodi.adapter(lan).find(film(title="Papierlaternen", ids={"tmdb": "449"}))
    assert found is not None
    assert found.title == "Film 449"
    pages = [params["limits"] for _, params in kodi.asked if "filter" not in params]
    assert pages == [{"start": 0, "end": 200}, {"start": 200, "end": 400}, {"start": 400, "end": 600}]


def test_at_the_path_another_film_does_not_hide_the_one_with_our_id(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.shelves.rows["movie"][1]["uniqueid"] = {"tmdb": "7"}
    moved = kodi.shelves.add("movie", title="Paper Lanterns", year=2019, file=f"{FILMS}new.mkv", uniqueid={"tmdb": "900101"})
    found = kodi.adapter(lan).find(film(path=LANTERNS, ids={"tmdb": "900101"}))
    assert found is not None
    assert found.key == str(moved["movieid"])
    alone = kodi.adapter(lan).find(film(path=LANTERNS, ids={"tmdb": "900999"}))
    assert alone is not None
    assert alone.key == "1"


def test_nothing_is_found_where_nothing_is(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    assert adapter.find(film(path=f"{FILMS}none.mkv", ids={"tmdb": "1"})) is None
    assert adapter.find(Media(MediaKind.CHANNEL, "One")) is None


def test_of_two_episodes_in_one_file_the_number_decides(kodi: KodiPlayer, lan: Lan) -> None:
    path = f"{SHOW}Season 01/Tidewater S01E01-E02.mkv"
    for number, title in ((1, "Ebb"), (2, "Flood")):
        found = kodi.adapter(lan).find(Media(MediaKind.EPISODE, title, path=path, season=1, episode=number))
        assert found is not None
        assert (found.title, found.show_title, found.season, found.episode) == (title, "Tidewater", 1, number)


def test_an_episode_elsewhere_is_found_by_its_series_id_and_its_number(kodi: KodiPlayer, lan: Lan) -> None:
    wanted = Media(MediaKind.EPISODE, "?", show_title="Ebbe", show_ids={"tvdb": "770001"}, season=1, episode=2)
    found = kodi.adapter(lan).find(wanted)
    assert found is not None
    assert found.title == "Flood"
    other = Media(MediaKind.EPISODE, "?", show_title="Ebbe", show_ids={"tvdb": "770001"}, season=1, episode=9)
    assert kodi.adapter(lan).find(other) is None


def test_a_series_is_found_at_its_folder(kodi: KodiPlayer, lan: Lan) -> None:
    found = kodi.adapter(lan).find(Media(MediaKind.SERIES, "Tidewater", path=SHOW.rstrip("/")))
    assert found is not None
    assert (found.kind, found.key, found.ids) == (MediaKind.SERIES, "3", {"tvdb": "770001"})


def test_a_new_folder_is_listed_before_it_is_scanned(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.shelves.put("movie", f"{FILMS}New (2024)/new.mkv", title="New", uniqueid={"tmdb": "1"})
    adapter = kodi.adapter(lan)
    adapter.scan(f"{FILMS}New (2024)", wait_s=10)
    assert [row["title"] for row in kodi.shelves.rows["movie"].values()] == ["Paper Lanterns", "Harbour", "New"]
    listed = [params["directory"] for method, params in kodi.asked if method == "Files.GetDirectory"]
    assert listed == [FILMS, f"{FILMS}New (2024)/"]
    assert [params for method, params in kodi.asked if method == "VideoLibrary.Scan"] == [
        {"directory": f"{FILMS}New (2024)/", "showdialogs": False}
    ]


def test_the_habit_that_it_is_listed_for(kodi: KodiPlayer) -> None:
    kodi.shelves.put("movie", f"{FILMS}New (2024)/new.mkv", title="New")
    assert kodi.shelves.scan(f"{FILMS}New (2024)/") == []
    assert kodi.shelves.scan(FILMS) == [("movie", 6)]


@pytest.mark.parametrize("websocket", [True, False])
def test_a_scan_that_does_not_end_is_left_to_itself(kodi: KodiPlayer, lan: Lan, websocket: bool) -> None:
    kodi.scans_forever = True
    kodi.adapter(lan, websocket=websocket).scan(FILMS, wait_s=0.4)
    assert kodi.methods().count("VideoLibrary.Scan") == 1
    assert kodi.is_scanning


@pytest.mark.parametrize("websocket", [True, False])
def test_another_scan_is_never_stopped_by_ours(kodi: KodiPlayer, lan: Lan, websocket: bool) -> None:
    kodi.is_scanning = True
    with pytest.raises(Unreachable, match="busy reading its library"):
        kodi.adapter(lan, websocket=websocket).scan(FILMS, wait_s=0.05)
    assert "VideoLibrary.Scan" not in kodi.methods()
    assert kodi.is_scanning


def test_without_a_websocket_a_scan_is_asked_about(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.shelves.put("movie", f"{FILMS}new.mkv", title="New")
    kodi.adapter(lan, websocket=False).scan(FILMS, wait_s=10)
    assert len(keys(kodi, "movie")) == 3
    assert kodi.methods()[-1] == "XBMC.GetInfoBooleans"


def test_music_is_scanned_as_music_and_everything_is_both(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.shelves.sources["music"] = [{"label": "Music", "file": "/music/"}]
    adapter = kodi.adapter(lan)
    adapter.scan("/music/Band/Album", wait_s=10)
    adapter.scan(None, wait_s=10)
    adapter.clean()
    said = [(method, params.get("directory")) for method, params in kodi.asked if method.endswith((".Scan", ".Clean"))]
    assert said == [
        ("AudioLibrary.Scan", "/music/Band/Album/"), ("VideoLibrary.Scan", ""), ("AudioLibrary.Scan", ""),
        ("VideoLibrary.Clean", None), ("AudioLibrary.Clean", None),
    ]  # fmt: skip
    assert all(params["showdialogs"] is False for method, params in kodi.asked if method.endswith((".Scan", ".Clean")))


def test_a_refresh_reads_the_nfo_and_may_change_the_id(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    found = adapter.find(film(path=LANTERNS))
    assert found is not None
    kodi.shelves.disk[LANTERNS] = {"type": "movie", "file": LANTERNS, "title": "Paper Lanterns: The Cut"}
    adapter.refresh(found)
    again = adapter.find(film(path=LANTERNS))
    assert again is not None
    assert (again.title, again.key) == ("Paper Lanterns: The Cut", "6")
    assert ("VideoLibrary.RefreshMovie", {"movieid": 1, "ignorenfo": False}) in kodi.asked


def test_each_kind_is_refreshed_and_removed_by_its_own_method(kodi: KodiPlayer, lan: Lan) -> None:
    adapter = kodi.adapter(lan)
    adapter.refresh(Media(MediaKind.SERIES, "Tidewater", key="3"))
    adapter.refresh(Media(MediaKind.EPISODE, "Ebb", key="4"))
    adapter.remove(Media(MediaKind.EPISODE, "Flood", key="5"))
    adapter.remove(Media(MediaKind.MOVIE, "Harbour", key="2"))
    adapter.remove(Media(MediaKind.MOVIE, "gone already", key="2"))
    assert keys(kodi, "movie") == [1]
    assert [method for method in kodi.methods() if "Re" in method] == [
        "VideoLibrary.RefreshTVShow", "VideoLibrary.RefreshEpisode", "VideoLibrary.RemoveEpisode", "VideoLibrary.RemoveMovie",
        "VideoLibrary.RemoveMovie",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="no such act for a track"):
        adapter.refresh(Media(MediaKind.TRACK, "Song", key="1"))


def test_sources_are_sections_also_those_made_of_several_folders(kodi: KodiPlayer, lan: Lan) -> None:
    both = "multipath://smb%3a%2f%2fnas%2fa%2f/%2fmnt%2fb%2f/"
    kodi.shelves.sources["video"].append({"label": "Both", "file": both})
    kodi.shelves.sources["video"].append({"label": "Add-ons", "file": "addons://sources/video/"})
    assert kodi.adapter(lan).sections() == [
        Section(FILMS, "Films", "video", [FILMS]), Section(SERIES, "Series", "video", [SERIES]),
        Section(both, "Both", "video", ["smb://nas/a/", "/mnt/b/"]),
    ]  # fmt: skip


def test_a_message_is_shown_at_least_as_long_as_kodi_wants(kodi: KodiPlayer, lan: Lan) -> None:
    kodi.adapter(lan).notify("Marquee", "Harbour is here", display_ms=100)
    assert kodi.shown == [{"title": "Marquee", "message": "Harbour is here", "image": "info", "displaytime": 1500}]
