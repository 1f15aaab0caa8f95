"""Jellyfin as a player: what is asked of it, what is made of its answers, and what it refuses."""

from collections.abc import Iterator

import pytest

from domain.kit.errors import Conflict, KeyRefused
from domain.kit.http import Lan
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.jellyfin.adapter import Jellyfin
from domain.players.model import Ability, Media, Profile, Section
from tests.peers.jellyfin import ANA, BEN, EPISODE, FILM, KEY, PHONE, SERIES, TV, JellyfinServer, jellyfin

HEADER = f'MediaBrowser Client="Marquee", Device="Marquee", DeviceId="c0ffee", Version="0.1.0", Token="{KEY}"'


@pytest.fixture
def lan() -> Iterator[Lan]:
    lan = Lan()
    yield lan
    lan.close()


@pytest.fixture
def peer() -> Iterator[JellyfinServer]:
    with jellyfin() as running:
        yield running


@pytest.fixture
def player(peer: JellyfinServer, lan: Lan) -> Jellyfin:
    return Jellyfin(peer.target, lan, api_key=KEY, client="c0ffee")


def test_a_check_tells_what_it_is_and_that_it_notifies(player: Jellyfin, peer: JellyfinServer) -> None:
    health = player.check()
    assert (health.software_version, health.server_id, health.name) == ("10.11.8", "0a" * 16, "den")
    assert (health.notifies, health.trouble, health.api_version) == (True, None, None)
    assert [each.path for each in peer.asked] == ["/System/Info/Public", "/System/Info", "/socket"]
    assert peer.asked[1].headers["authorization"] == HEADER
    assert "Token" not in peer.asked[0].headers["authorization"]


def test_a_closed_websocket_is_told_and_no_failure(player: Jellyfin, peer: JellyfinServer) -> None:
    peer.has_sockets = False
    health = player.check()
    assert not health.notifies
    assert health.trouble == "Its WebSocket is closed to us, as by a proxy that lets none through: playback is asked for."


def test_a_wrong_key_is_refused(peer: JellyfinServer, lan: Lan) -> None:
    for wrong in (Jellyfin(peer.target, lan, api_key="f" * 32), Jellyfin(peer.target, lan)):
        with pytest.raises(KeyRefused) as refused:
            wrong.check()
        assert "f" * 32 not in refused.value.message


def test_a_user_logs_in_once_and_again_when_the_login_has_run_out(peer: JellyfinServer, lan: Lan) -> None:
    def of(name: str) -> Jellyfin:
        return Jellyfin(peer.target, lan, username=name, password=f"secret of {name}", client="c0ffee")

    assert of("ana").check().trouble is None
    assert [each.name for each in of("ana").profiles()] == ["ana", "ben"]
    assert len(peer.of("POST", "/Users/AuthenticateByName")) == 1
    peer.tokens.clear()
    assert [each.id for each in of("ana").profiles()] == [ANA, BEN]
    assert len(peer.of("POST", "/Users/AuthenticateByName")) == 2
    assert peer.of("POST", "/Users/AuthenticateByName")[0].json == {"Username": "ana", "Pw": "secret of ana"}
    trouble = "This user is no administrator of it: libraries cannot be read and items not refreshed."
    assert of("ben").check().trouble == trouble
    with pytest.raises(KeyRefused):
        of("ben").sections()
    with pytest.raises(KeyRefused) as refused:
        Jellyfin(peer.target, lan, username="ana", password="wrong").sections()
    assert refused.value.message == "127.0.0.1 does not accept that name and password."


def test_it_may_live_under_a_path(lan: Lan) -> None:
    with jellyfin(base_path="/media") as peer:
        player = Jellyfin(peer.target, lan, api_key=KEY)
        assert player.check().notifies
        assert player.find(Media(MediaKind.MOVIE, "", ids={"tmdb": "900101"})) is not None


def test_libraries_and_users(player: Jellyfin) -> None:
    assert player.sections() == [
        Section("f0000000000000000000000000000001", "Films", "movies", ["/srv/films", "/srv/more films"]),
        Section("f0000000000000000000000000000002", "Series", "tvshows", ["/srv/series"]),
    ]
    assert player.profiles() == [Profile(ANA, "ana"), Profile(BEN, "ben")]


def test_what_plays_on_its_devices(player: Jellyfin, peer: JellyfinServer) -> None:
    assert player.sessions() == []
    peer.play(TV, FILM, position_ms=1_200_500)
    peer.play(PHONE, EPISODE, position_ms=60_000, is_paused=True)
    film, episode = player.sessions()
    assert (film.status, film.session, film.position_ms, film.total_ms, film.speed) == (
        PlaybackStatus.PLAYING, TV, 1_200_500, 6_240_000, 1.0,
    )  # fmt: skip
    assert (film.profile, film.device) == (Profile(ANA, "ana"), "Living room")
    assert film.media == Media(
        MediaKind.MOVIE, "Paper Lanterns", FILM, "/srv/films/Paper Lanterns (2019)/pl.mkv",
        {"tmdb": "900101", "imdb": "tt9900101"}, 2019,
    )  # fmt: skip
    assert film.streams == {
        "video": {"index": 0, "codec": "hevc", "width": 3840, "height": 2160},
        "audio": {"index": 1, "codec": "eac3", "language": "pol", "title": "Polish 5.1", "channels": 6},
    }
    assert (episode.status, episode.speed, episode.profile) == (PlaybackStatus.PAUSED, 0.0, Profile(BEN, "ben"))
    assert episode.media is not None
    assert (episode.media.show_title, episode.media.season, episode.media.episode) == ("Harbour Nine", 1, 4)


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Media(MediaKind.MOVIE, "Papierlaternen", ids={"imdb": "TT9900101"}), FILM),
        (Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "900101"}), FILM),
        (Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "7"}), None),
        (Media(MediaKind.MOVIE, "x", path="/srv/films/Paper Lanterns (2019)/pl.mkv", ids={"tmdb": "7"}), FILM),
        (Media(MediaKind.EPISODE, "?", season=1, episode=4, show_ids={"tvdb": "8000001"}), EPISODE),
        (Media(MediaKind.EPISODE, "?", season=1, episode=5, show_ids={"tvdb": "8000001"}), None),
        (Media(MediaKind.EPISODE, "?", season=1, episode=4, show_ids={"tvdb": "1"}, ids={"tvdb": "8100001"}), EPISODE),
        (Media(MediaKind.UNKNOWN, "", path="/srv/series/Harbour Nine/Season 01/h9.s01e04.mkv"), EPISODE),
        (Media(MediaKind.TRACK, "Slow Ferry", ids={"musicbrainztrack": "1"}), None),
        (Media(MediaKind.CHANNEL, "News"), None),
    ],
)
def test_items_are_found_by_ids_then_by_path(player: Jellyfin, wanted: Media, key: str | None) -> None:
    found = player.find(wanted)
    assert (found and found.key) == key


def test_a_large_library_is_read_page_by_page(player: Jellyfin, peer: JellyfinServer) -> None:
    filler = [{**peer.items[0], "Id": f"{n:032x}", "Name": f"Film {n}", "ProviderIds": {"Tmdb": str(n)}, "Path": f"/{n}"}
              for n in range(1_203)]  # fmt: skip
    peer.items = [*filler, peer.items[0]]
    found = player.find(Media(MediaKind.MOVIE, "Laternen", ids={"imdb": "tt9900101"}))
    assert (found and found.key) == FILM
    pages = [each.query for each in peer.of("GET", "/Items") if "searchTerm" not in each.query]
    assert [(page["startIndex"], page["limit"]) for page in pages] == [("0", "500"), ("500", "500"), ("1000", "500")]


def test_a_folder_is_told_by_its_path_and_else_everything_is_read(player: Jellyfin, peer: JellyfinServer) -> None:
    player.scan("/srv/films/New (2026)", wait_s=0)
    assert (peer.updates, peer.scans) == ([("/srv/films/New (2026)", "Created")], 0)
    assert peer.of("POST", "/Library/Media/Updated")[0].headers["content-type"] == "application/json"
    peer.knows_paths = False
    player.scan("/srv/films/New (2026)", wait_s=0)
    assert peer.scans == 1
    player.scan(None, wait_s=0)
    player.clean()
    assert peer.scans == 3


@pytest.mark.parametrize(
    ("folder", "news"),
    [
        ("/srv/films", {"MessageType": "LibraryChanged", "Data": {"ItemsAdded": [FILM], "ItemsUpdated": []}}),
        (None, {"MessageType": "ScheduledTaskEnded", "Data": {"Key": "RefreshLibrary", "Status": "Completed"}}),
    ],
)
def test_a_scan_comes_back_when_the_server_says_that_it_is_done(
    player: Jellyfin, peer: JellyfinServer, folder: str | None, news: object
) -> None:
    peer.after_scan = [{"MessageType": "LibraryChanged", "Data": {"ItemsAdded": []}}, news]
    player.scan(folder, wait_s=600)
    assert (len(peer.updates), peer.scans) == ((1, 0) if folder else (0, 1))


def test_a_scan_without_a_websocket_comes_back_at_once(player: Jellyfin, peer: JellyfinServer) -> None:
    peer.has_sockets = False
    player.scan("/srv/films", wait_s=600)
    assert peer.updates == [("/srv/films", "Created")]


def test_items_are_refreshed_and_forgotten_never_deleted(player: Jellyfin, peer: JellyfinServer) -> None:
    found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "900101"}))
    assert found is not None
    player.refresh(found)
    assert peer.refreshes == [FILM]
    assert peer.asked[-1].query == {
        "metadataRefreshMode": "FullRefresh", "imageRefreshMode": "FullRefresh", "replaceAllMetadata": "false",
        "replaceAllImages": "false",
    }  # fmt: skip
    player.remove(found)
    assert peer.updates == [("/srv/films/Paper Lanterns (2019)/pl.mkv", "Deleted")]
    assert [each.method for each in peer.asked if each.method == "DELETE"] == []
    for gone in (Media(MediaKind.MOVIE, "x", "0" * 32), Media(MediaKind.MOVIE, "x"), Media(MediaKind.MOVIE, "x", "..")):
        with pytest.raises(Conflict):
            player.refresh(gone)


def test_playback_is_controlled(player: Jellyfin, peer: JellyfinServer) -> None:
    with pytest.raises(Conflict) as several:
        player.open(Media(MediaKind.MOVIE, "", FILM))
    assert several.value.message == "Several devices of this Jellyfin could be meant: name the session."
    with pytest.raises(Conflict) as nothing:
        player.pause()
    assert nothing.value.message == "No device of this Jellyfin plays anything that can be controlled at the moment."
    player.open(Media(MediaKind.MOVIE, "", ids={"tmdb": "900101"}), position_ms=61_500, session=TV)
    player.pause()
    player.resume(TV)
    player.seek(90_000)
    player.stop(TV)
    player.queue([Media(MediaKind.MOVIE, "", FILM), Media(MediaKind.EPISODE, "", EPISODE)], session=PHONE)
    assert peer.commands == [
        (TV, f"PlayNow {FILM}"), (TV, "Pause"), (TV, "Unpause"), (TV, "Seek 900000000"), (TV, "Stop"),
        (PHONE, f"PlayNow {FILM},{EPISODE}"),
    ]  # fmt: skip
    assert peer.of("POST", f"/Sessions/{TV}/Playing")[0].query["startPositionTicks"] == "615000000"
    for session in ("0" * 32, "../Users", ".."):
        with pytest.raises(Conflict):
            player.pause(session)
    with pytest.raises(Conflict) as unknown:
        player.open(Media(MediaKind.MOVIE, "Nowhere", ids={"tmdb": "1"}), session=TV)
    assert unknown.value.message == "Jellyfin does not have Nowhere in its library."
    assert player.abilities == frozenset(Ability)


def test_messages_go_to_every_screen_that_shows_them(player: Jellyfin, peer: JellyfinServer) -> None:
    peer.sessions[PHONE]["SupportedCommands"] = ["Mute"]
    player.notify("Marquee", "New: Paper Lanterns", display_ms=4_000)
    assert peer.messages == [(TV, {"Header": "Marquee", "Text": "New: Paper Lanterns", "TimeoutMs": 4_000})]
    peer.sessions.clear()
    with pytest.raises(Conflict):
        player.notify("Marquee", "x")


def test_an_item_lies_where_one_of_its_files_does(player: Jellyfin, peer: JellyfinServer) -> None:
    """The list names the first file alone."""
    first, second = "/srv/films/Paper Lanterns (2019)/pl.mkv", "/srv/more films/pl-2160p.mkv"
    peer.items[0]["MediaSources"] = [{"Path": first}, {"Path": second}]
    for path in (first, second):
        found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", path=path, ids={"tmdb": "900101"}))
        assert (found and found.path) == path
    found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", path="/elsewhere", ids={"tmdb": "900101"}))
    assert (found and found.path) == first
    series = player.find(Media(MediaKind.SERIES, "x", path="/srv/series/Harbour Nine/", ids={"tvdb": "8000001"}))
    assert (series and series.key) == SERIES


def test_a_library_is_not_read_twice_for_what_it_lacks(player: Jellyfin, peer: JellyfinServer) -> None:
    lacking = Media(MediaKind.MOVIE, "", path="/srv/films/n.mkv", ids={"imdb": "tt7"})
    assert [player.find(lacking), player.find(lacking)] == [None, None]
    assert len(peer.of("GET", "/Items")) == 1
    player.scan("/srv/films", wait_s=0)
    peer.items.append({**peer.items[0], "Id": "7" * 32, "ProviderIds": {"imdb": "tt7"}, "Path": "/srv/films/n.mkv"})
    found = player.find(lacking)
    assert (found and found.key) == "7" * 32
