"""Webhooks of Jellyfin's two plugins and of Plex, as their sheet has them, as playback and library events."""

import json
from typing import Any, Final

import pytest

from domain.kit.errors import Unexpected
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.jellyfin import webhook as jellyfin
from domain.players.model import Media, Playing, Profile
from domain.players.plex import webhook as plex
from domain.players.webhooks import Happening, LibraryEvent, Told

STOP: Final[dict[str, Any]] = {
    "ServerId": "0f" * 16, "ServerName": "den", "ServerVersion": "10.11.8", "ServerUrl": "http://den:8096",
    "NotificationType": "PlaybackStop", "Timestamp": "2026-01-05T21:00:00.1+01:00", "UtcTimestamp": "2026-01-05T20:00:00.1Z",
    "Name": 'The \\"Low\\" Tide', "ItemId": "11112222333344445555666677778888", "ItemType": "Episode",
    "RunTimeTicks": 26_400_000_000,
    "RunTime": "00:44:00", "Year": 2021, "SeriesName": "Harbour Nine", "SeriesId": "aaaabbbbccccddddeeeeffff00001111",
    "SeasonNumber": 1, "SeasonNumber00": "01", "EpisodeNumber": 4, "EpisodeNumber00": "04", "Provider_tvdb": "8100001",
    "PlaybackPositionTicks": 26_100_000_000, "PlaybackPosition": "00:43:30", "IsPaused": False, "DeviceName": "Living room",
    "DeviceId": "d3v1ce", "ClientName": "Android TV", "PlayedToCompletion": True, "NotificationUsername": "ana",
    "UserId": "9" * 32,
}  # fmt: skip
EPISODE: Final = Media(
    MediaKind.EPISODE,
    'The "Low" Tide',
    "11112222333344445555666677778888",
    None,
    {"tvdb": "8100001"},
    None,
    "Harbour Nine",
    {},
    1,
    4,
)
OTHER: Final[dict[str, Any]] = {
    "Event": "Pause", "Server": {"Id": "0f" * 16, "Name": "den", "Version": "10.11.8"}, "User": {"Id": "9" * 32, "Name": "ana"},
    "Item": {"Name": "Low Tide", "Id": "1" * 32, "Type": "Episode", "ProviderIds": {"Tvdb": "8100001"}, "ParentIndexNumber": 1,
             "IndexNumber": 4, "SeriesName": "Harbour Nine", "RunTimeTicks": 26_400_000_000, "Path": "/srv/h9.mkv"},
    "Series": {"Name": "Harbour Nine", "ProviderIds": {"Tvdb": "8000001", "Imdb": "tt9980001"}},
    "Session": {"Id": "5e55", "Client": "Android TV", "DeviceId": "d3v1ce", "DeviceName": "Living room",
                "PlayState": {"PositionTicks": 600_000_000, "IsPaused": True}}, "AdditionalData": None,
}  # fmt: skip
SCROBBLE: Final[dict[str, Any]] = {
    "event": "media.scrobble", "user": True, "owner": True, "Account": {"id": 1, "thumb": "https://x.example/", "title": "ana"},
    "Server": {"title": "den", "uuid": "01" * 20},
    "Player": {"local": True, "publicAddress": "198.51.100.7", "title": "TV", "uuid": "client-TV"},
    "Metadata": {
        "librarySectionType": "show", "ratingKey": "4107", "key": "/library/metadata/4107", "parentRatingKey": "4100",
        "grandparentRatingKey": "4001", "guid": "plex://episode/5d9c", "type": "episode", "title": "Low Tide",
        "Guid": [{"id": "imdb://tt99000003"}, {"id": "tmdb://9100001"}, {"id": "tvdb://8100001"}], "index": 4, "parentIndex": 1,
        "grandparentTitle": "Harbour Nine", "year": 2021, "viewOffset": 2_610_000, "duration": 2_640_000, "viewCount": 1,
        "lastViewedAt": 1_767_643_200, "userRating": 8.0},
}  # fmt: skip
BOUNDARY: Final = "------------------------5c2e8c0b1f"


def form(payload: object, *, thumb: bytes = b"\xff\xd8\xff\xe0\r\n--no boundary\x00") -> tuple[bytes, str]:
    """As Plex sends it, with a picture."""
    said = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    body = b"\r\n".join([
        f"--{BOUNDARY}".encode(), b'Content-Disposition: form-data; name="payload"', b"Content-Type: application/json", b"", said,
        f"--{BOUNDARY}".encode(), b'Content-Disposition: form-data; name="thumb"; filename="thumb.jpg"',
        b"Content-Type: image/jpeg", b"", thumb, f"--{BOUNDARY}--".encode(), b"",
    ])  # fmt: skip
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def of(told: Told) -> Playing:
    assert isinstance(told.news, Playing)
    return told.news


def heard(**changes: Any) -> Told:
    return jellyfin.told(json.dumps({**STOP, **changes}).encode())


def test_an_end_that_the_official_plugin_tells() -> None:
    told = heard()
    assert (told.type, told.server_id) == ("PlaybackStop", "0f" * 16)
    playing = of(told)
    assert playing.media == EPISODE
    assert (playing.status, playing.position_ms, playing.total_ms, playing.speed) == (
        PlaybackStatus.STOPPED,
        2_610_000,
        2_640_000,
        0,
    )
    assert (playing.session, playing.device, playing.profile) == ("d3v1ce", "Living room", Profile("9" * 32, "ana"))
    assert playing.is_finished
    assert not of(heard(PlayedToCompletion=False)).is_finished
    assert of(heard(Id="5e55")).session == "5e55"


@pytest.mark.parametrize(
    ("kind", "is_paused", "status"),
    [
        ("PlaybackStart", False, PlaybackStatus.PLAYING), ("PlaybackProgress", False, PlaybackStatus.PLAYING),
        ("PlaybackProgress", True, PlaybackStatus.PAUSED), ("PlaybackProgress", "True", PlaybackStatus.PAUSED),
        ("PlaybackStop", True, PlaybackStatus.STOPPED),
    ],
)  # fmt: skip
def test_playback_of_the_official_plugin(kind: str, is_paused: object, status: PlaybackStatus) -> None:
    playing = of(heard(NotificationType=kind, IsPaused=is_paused, PlayedToCompletion=None))
    assert (playing.status, playing.is_finished) == (status, False)


def test_library_events_of_the_official_plugin() -> None:
    film = {"ItemType": "Movie", "Name": "Paper Lanterns", "Year": 2019, "Provider_tmdb": "900101", "Provider_tvdb": None}
    media = Media(MediaKind.MOVIE, "Paper Lanterns", STOP["ItemId"], None, {"tmdb": "900101"}, 2019)
    assert heard(NotificationType="ItemAdded", **film).news == LibraryEvent(Happening.ADDED, media)
    assert heard(NotificationType="ItemDeleted", **film).news == LibraryEvent(Happening.REMOVED, media)


@pytest.mark.parametrize("kind", ["UserDataSaved", "SessionStart", "TaskCompleted", "Generic", "SomethingNew"])
def test_what_is_no_playback_is_understood_as_nothing(kind: str) -> None:
    assert heard(NotificationType=kind) == Told(kind, "0f" * 16, None)


def test_the_other_plugin_nests_and_knows_the_series() -> None:
    playing = of(jellyfin.told(json.dumps(OTHER).encode()))
    assert (playing.status, playing.position_ms, playing.session, playing.device) == (
        PlaybackStatus.PAUSED, 60_000, "5e55", "Living room",
    )  # fmt: skip
    assert playing.media is not None
    assert (playing.media.ids, playing.media.show_ids) == ({"tvdb": "8100001"}, {"tvdb": "8000001", "imdb": "tt9980001"})
    assert (playing.media.season, playing.media.episode, playing.media.path) == (1, 4, "/srv/h9.mkv")
    for event, status in {"Play": "paused", "Stop": "stopped"}.items():  # its state is paused
        assert of(jellyfin.told(json.dumps({**OTHER, "Event": event}).encode())).status == status
    news = jellyfin.told(json.dumps({**OTHER, "Event": "ItemUpdated"}).encode()).news
    assert isinstance(news, LibraryEvent)
    assert news.happening is Happening.CHANGED
    assert jellyfin.told(json.dumps({**OTHER, "Event": "MarkPlayed"}).encode()).news is None


def test_plex_sends_a_form_with_a_picture() -> None:
    told = plex.told(*form(SCROBBLE))
    assert (told.type, told.server_id) == ("media.scrobble", "01" * 20)
    playing = of(told)
    assert playing.media == Media(
        MediaKind.EPISODE, "Low Tide", "4107", None, {"imdb": "tt99000003", "tmdb": "9100001", "tvdb": "8100001"}, 2021,
        "Harbour Nine", {}, 1, 4,
    )  # fmt: skip
    assert (playing.position_ms, playing.total_ms, playing.profile) == (2_610_000, 2_640_000, Profile("1", "ana"))
    assert (playing.session, playing.device) == ("client-TV", "TV")
    bare = of(plex.told(json.dumps(SCROBBLE).encode(), "application/json"))
    assert (bare.media, bare.position_ms) == (playing.media, playing.position_ms)


@pytest.mark.parametrize(
    ("event", "status", "is_finished"),
    [
        ("media.play", PlaybackStatus.PLAYING, False), ("media.resume", PlaybackStatus.PLAYING, False),
        ("media.scrobble", PlaybackStatus.PLAYING, False), ("playback.started", PlaybackStatus.PLAYING, False),
        ("media.pause", PlaybackStatus.PAUSED, False), ("media.stop", PlaybackStatus.STOPPED, False),
    ],
)  # fmt: skip
def test_playback_of_plex(event: str, status: PlaybackStatus, is_finished: bool) -> None:
    playing = of(plex.told(*form({**SCROBBLE, "event": event})))
    assert (playing.status, playing.is_finished) == (status, is_finished)
    at_the_end = {**SCROBBLE["Metadata"], "viewOffset": "2630000"}
    assert of(plex.told(*form({**SCROBBLE, "event": event, "Metadata": at_the_end}))).is_finished is (event == "media.stop")


def test_the_rest_of_plex() -> None:
    news = plex.told(*form({**SCROBBLE, "event": "library.new"})).news
    assert isinstance(news, LibraryEvent)
    assert (news.happening, news.media.key) == (Happening.ADDED, "4107")
    for event in ("media.rate", "library.on.deck", "admin.database.backup", "device.new", "something.new"):
        assert plex.told(*form({"event": event})) == Told(event, None, None)
    legacy = {**SCROBBLE["Metadata"], "guid": "com.plexapp.agents.thetvdb://8000001/1/4?lang=en", "Guid": None}
    playing = of(plex.told(*form({**SCROBBLE, "Metadata": legacy})))
    assert playing.media is not None
    assert (playing.media.ids, playing.media.show_ids) == ({}, {"tvdb": "8000001"})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"{}", b'{"NotificationType": 7}', b'{"Event": {}}', b"[" * 9_000, b"payload=x", b"\xff\xfe"]
)
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(Unexpected):
        jellyfin.told(body)
    with pytest.raises(Unexpected):
        plex.told(*form(body))
    with pytest.raises(Unexpected):
        plex.told(body, "application/json")
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        'multipart/form-data; "\n',
    ):
        with pytest.raises(Unexpected):
            plex.told(form(SCROBBLE)[0], kind)


@pytest.mark.parametrize("strange", [None, 7, [], {}, "x" * 50_000, -1, 1e300, True, [[[]]], {"a": {"b": 1}}])
def test_strange_properties_do_no_harm(strange: object) -> None:
    for name in STOP.keys() - {"NotificationType"}:
        assert of(heard(**{name: strange})).position_ms >= 0
    for name in ("Item", "Session", "User", "Server", "Series"):
        assert of(jellyfin.told(json.dumps({**OTHER, name: strange}).encode())).position_ms >= 0
    for name in ("Account", "Server", "Player", "Metadata"):
        assert of(plex.told(*form({**SCROBBLE, name: strange}))).position_ms >= 0
    for name in SCROBBLE["Metadata"]:
        metadata = {**SCROBBLE["Metadata"], name: strange}
        assert of(plex.told(*form({**SCROBBLE, "Metadata": metadata}))).position_ms >= 0
