"""Plex as a player: what is asked of it, what is made of its answers, and what it refuses."""

from collections.abc import Iterator

import pytest

from domain.kit.errors import Conflict, KeyRefused
from domain.kit.http import Lan
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Ability, Media, Profile, Section
from domain.players.plex import adapter as module
from domain.players.plex.adapter import Plex
from domain.players.plex.items import legacy_ids
from tests.peers.plex import MACHINE, TOKEN, PlexServer, plex, section
from tests.peers.web import Given

GUEST = "token-of-a-guest"
FILM_PATH = "/srv/films/Paper Lanterns (2019)/pl.mkv"


@pytest.fixture
def lan() -> Iterator[Lan]:
    lan = Lan()
    yield lan
    lan.close()


@pytest.fixture
def peer() -> Iterator[PlexServer]:
    with plex() as running:
        yield running


@pytest.fixture
def player(peer: PlexServer, lan: Lan) -> Plex:
    return Plex(peer.target, lan, token=TOKEN, client="c0ffee")


def test_a_check_tells_what_it_is_and_that_it_notifies(player: Plex, peer: PlexServer) -> None:
    health = player.check()
    assert (health.software_version, health.server_id, health.name) == ("1.42.2.10156-f737b826c", MACHINE, "den")
    assert (health.notifies, health.trouble) == (True, None)
    asked = [each.path for each in peer.asked]
    assert asked == ["/identity", "/", "/status/sessions", "/:/websockets/notifications"]
    assert "x-plex-token" not in peer.asked[0].headers
    for each in peer.asked[1:]:
        assert (each.headers["x-plex-token"], each.headers["x-plex-client-identifier"]) == (TOKEN, "c0ffee")
        assert each.query == {}


def test_the_other_spelling_and_no_websocket(player: Plex, peer: PlexServer) -> None:
    peer.is_old = True
    assert player.check().notifies
    assert [each.path for each in peer.asked][-2:] == ["/:/websockets/notifications", "/:/websocket/notifications"]
    peer.has_sockets = False
    health = player.check()
    assert not health.notifies
    assert health.trouble == "Its WebSocket is closed to us, as by a proxy that lets none through: playback is asked for."


def test_tokens_that_may_not(peer: PlexServer, lan: Lan) -> None:
    peer.guests.add(GUEST)
    health = Plex(peer.target, lan, token=GUEST).check()
    assert health.trouble == (
        "This token is not the owner's: what others play is not seen, and the libraries cannot be read anew."
    )
    for wrong in ("no-such-token", "two words", "\r\nx: y", None):
        with pytest.raises(KeyRefused) as refused:
            Plex(peer.target, lan, token=wrong).check()
        assert wrong is None or wrong not in refused.value.message


def test_libraries_and_accounts(player: Plex) -> None:
    assert player.sections() == [
        Section("1", "Films", "movie", ["/srv/films", "/srv/more films"]),
        Section("2", "Series", "show", ["/srv/series"]),
    ]
    assert player.profiles() == [Profile("1", "ana"), Profile("7", "ben")]


def test_what_plays(player: Plex, peer: PlexServer) -> None:
    assert player.sessions() == []
    peer.play("12", "4711", offset=61_500)
    peer.play("13", "4207", offset=0, state="buffering", device="Phone", user=("7", "ben"))
    film, episode = player.sessions()
    assert (film.status, film.session, film.position_ms, film.total_ms) == (PlaybackStatus.PLAYING, "12", 61_500, 6_240_000)
    assert (film.profile, film.device) == (Profile("1", "ana"), "TV")
    assert film.media == Media(
        MediaKind.MOVIE, "Paper Lanterns", "4711", FILM_PATH, {"imdb": "tt9900101", "tmdb": "900101"}, 2019,
    )  # fmt: skip
    assert film.streams == {
        "video": {"index": 0, "codec": "hevc", "width": 1920, "height": 800},
        "audio": {"index": 1, "codec": "eac3", "language": "pol", "title": "Polish (EAC3 5.1)", "channels": 6},
    }
    assert (episode.status, episode.speed, episode.profile) == (PlaybackStatus.BUFFERING, 0.0, Profile("7", "ben"))
    assert episode.media == Media(
        MediaKind.EPISODE,
        "Tide",
        "4207",
        "/srv/series/Old Harbour/oh.2x03.avi",
        {},
        None,
        "Old Harbour",
        {"tvdb": "8000002"},
        2,
        3,
    )


@pytest.mark.parametrize(
    ("guid", "ids"),
    [
        ("com.plexapp.agents.imdb://tt9900102?lang=en", {"imdb": "tt9900102"}),
        ("com.plexapp.agents.themoviedb://900101", {"tmdb": "900101"}),
        ("com.plexapp.agents.thetvdb://8000002/2/3?lang=en", {"tvdb": "8000002"}),
        ("com.plexapp.agents.hama://anidb-123/1/2?lang=en", {"anidb": "123"}),
        ("com.plexapp.agents.hama://tvdb2-8000002/1", {"tvdb": "8000002"}),
        ("com.plexapp.agents.xbmcnfo://tt9900102?lang=en", {"imdb": "tt9900102"}),
        ("com.plexapp.agents.xbmcnfo://900101?lang=en", {}),
        ("com.plexapp.agents.none://abc", {}), ("local://4711", {}), ("plex://movie/5d77", {}),
        ("tv.plex.agents.none://4711", {}), ("com.plexapp.agents.imdb://tt1'; drop", {}), (None, {}), (7, {}),
    ],
)  # fmt: skip
def test_ids_of_legacy_agents(guid: object, ids: dict[str, str]) -> None:
    assert legacy_ids(guid) == ids


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Media(MediaKind.MOVIE, "Papierlaternen", ids={"tmdb": "900101"}), "4711"),
        (Media(MediaKind.MOVIE, "Paper Lanterns", ids={"imdb": "tt9900101"}), "4711"),
        (Media(MediaKind.MOVIE, "Glass Kites", ids={"imdb": "tt9900102"}), "4712"),
        (Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "7"}), None),
        (Media(MediaKind.MOVIE, "x", path=FILM_PATH, ids={"tmdb": "7"}), "4711"),
        (Media(MediaKind.SERIES, "x", ids={"tvdb": "8000002"}), "4002"),
        (Media(MediaKind.EPISODE, "?", season=1, episode=4, show_ids={"tvdb": "8000001"}), "4107"),
        (Media(MediaKind.EPISODE, "?", season=2, episode=3, show_ids={"tvdb": "8000002"}, show_title="Old"), "4207"),
        (Media(MediaKind.EPISODE, "?", season=2, episode=4, show_ids={"tvdb": "8000002"}), None),
        (Media(MediaKind.EPISODE, "?", ids={"tvdb": "8100001"}), "4107"),
        (Media(MediaKind.UNKNOWN, "", path="/srv/series/Old Harbour/oh.2x03.avi"), "4207"),
        (Media(MediaKind.TRACK, "Slow Ferry"), None),
        (Media(MediaKind.CHANNEL, "News"), None),
    ],
)
def test_items_are_found_by_ids_then_by_path(player: Plex, wanted: Media, key: str | None) -> None:
    found = player.find(wanted)
    assert (found and found.key) == key


def test_a_series_lies_where_its_episodes_do_and_an_item_where_one_of_its_files_does(player: Plex, peer: PlexServer) -> None:
    wanted = Media(MediaKind.SERIES, "Harbour Nine", path="/srv/series/Harbour Nine", ids={"tvdb": "8000001"})
    found = player.find(wanted)
    assert (found and found.path) == "/srv/series/Harbour Nine"
    peer.items[0]["Media"].append({"id": 5, "Part": {"id": 13, "file": "/srv/more films/pl-2160p.mkv"}})
    for path in (FILM_PATH, "/srv/more films/pl-2160p.mkv"):
        found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", path=path, ids={"tmdb": "900101"}))
        assert (found and found.path) == path
    found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", path="/elsewhere", ids={"tmdb": "900101"}))
    assert (found and found.path) == FILM_PATH


def test_a_large_library_is_read_page_by_page_and_not_twice_for_what_it_lacks(player: Plex, peer: PlexServer) -> None:
    filler = [{**peer.items[1], "ratingKey": str(n), "title": f"Film {n}", "guid": f"com.plexapp.agents.imdb://tt{n:07}",
               "Media": []} for n in range(10_000, 11_203)]  # fmt: skip
    peer.items = [*filler, peer.items[0]]
    found = player.find(Media(MediaKind.MOVIE, "Laternen", ids={"imdb": "tt9900101"}))
    assert (found and found.key) == "4711"
    pages = [each.headers for each in peer.of("GET", "/library/sections/1/all") if "title" not in each.query]
    assert [(page["x-plex-container-start"], page["x-plex-container-size"]) for page in pages] == [
        ("0", "500"), ("500", "500"), ("1000", "500"),
    ]  # fmt: skip
    lacking = Media(MediaKind.MOVIE, "Nowhere", path="/srv/films/n.mkv", ids={"imdb": "tt7"})
    assert player.find(lacking) is None
    count = len(peer.of("GET", "/library/sections/1/all"))
    assert player.find(lacking) is None
    assert len(peer.of("GET", "/library/sections/1/all")) == count
    player.scan("/srv/films", wait_s=0)
    peer.items.append({**peer.items[0], "ratingKey": "5000", "Guid": [{"id": "imdb://tt7"}], "Media": []})
    found = player.find(lacking)
    assert (found and found.key) == "5000"


def test_the_right_library_reads_the_right_folder(player: Plex, peer: PlexServer) -> None:
    peer.sections.append(section("3", "movie", "Children", "/srv/films/children", "D:\\Films"))
    player.scan("/srv/films/New (2026)", wait_s=0)
    player.scan("/srv/films/children/New & Old (2026)", wait_s=0)
    player.scan("d:/films/X", wait_s=0)
    player.scan("/srv", wait_s=0)
    player.scan(None, wait_s=0)
    assert peer.scans == [
        ("1", "/srv/films/New (2026)"), ("3", "/srv/films/children/New & Old (2026)"), ("3", "d:/films/X"),
        ("1", "/srv"), ("2", "/srv"), ("3", "/srv"), ("1", None), ("2", None), ("3", None),
    ]  # fmt: skip
    with pytest.raises(Conflict) as nowhere:
        player.scan("/srv/films2/X", wait_s=0)
    assert nowhere.value.message == (
        "No library of this Plex holds /srv/films2/X: see its libraries' folders and the path mappings."
    )


def test_an_old_server_scans_at_get(player: Plex, peer: PlexServer) -> None:
    peer.is_old = True
    player.scan("/srv/films/New (2026)", wait_s=0)
    assert [each.method for each in peer.asked if each.path == "/library/sections/1/refresh"] == ["POST", "GET"]
    assert peer.scans == [("1", "/srv/films/New (2026)")]


def test_a_scan_comes_back_when_the_library_rests(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.01)
    peer.is_busy = True
    answer = peer.answer
    looks: list[str] = []

    def counted(asked: object) -> Given:
        given = answer(asked)  # type: ignore[arg-type]
        if asked.path == "/library/sections" and peer.scans:  # type: ignore[attr-defined]
            looks.append(peer.sections[0]["refreshing"])
            if len(looks) == 3:
                peer.scanned()
        return given

    monkeypatch.setattr(peer, "answer", counted)
    player.scan("/srv/films/New (2026)", wait_s=600)
    assert looks == ["1", "1", "1", "0"]


def test_a_scan_that_nobody_sees_begin_is_over_soon(player: Plex, peer: PlexServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BEGINS_S", 0.02)
    monkeypatch.setattr(module, "_LOOK_S", 0.01)
    player.scan("/srv/films", wait_s=600)
    peer.has_sockets = False
    player.scan("/srv/films", wait_s=600)
    assert peer.scans == [("1", "/srv/films")] * 2


def test_items_are_refreshed_let_go_and_never_deleted(player: Plex, peer: PlexServer) -> None:
    found = player.find(Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "900101"}))
    assert found is not None
    player.refresh(found)
    assert peer.refreshes == ["4711"]
    player.remove(found)
    assert peer.scans == [("1", "/srv/films/Paper Lanterns (2019)")]
    player.clean()
    assert peer.emptied == ["1", "2"]
    assert [each.method for each in peer.asked if each.method == "DELETE"] == []
    for gone in (Media(MediaKind.MOVIE, "x", "9999"), Media(MediaKind.MOVIE, "x"), Media(MediaKind.MOVIE, "x", "../1")):
        with pytest.raises(Conflict):
            player.refresh(gone)


def test_its_players_take_no_orders(player: Plex, peer: PlexServer) -> None:
    film = Media(MediaKind.MOVIE, "", "4711")
    for act in (
        lambda: player.open(film), lambda: player.queue([film]), player.pause, player.resume, player.stop,
        lambda: player.seek(1), lambda: player.notify("a", "b"),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            act()
    assert peer.asked == []
    assert frozenset(Ability) - player.abilities == {
        Ability.NOTIFY, Ability.CONTROL, Ability.SEEK, Ability.OPEN, Ability.PLAYLIST,
    }  # fmt: skip
