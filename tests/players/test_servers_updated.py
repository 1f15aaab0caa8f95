"""A Jellyfin and a Plex brought up to date as every player is: new files found, changed ones read anew, those gone let go."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.kit.http import Lan
from domain.libraries.mapping import Rule
from domain.players.enums import MediaKind
from domain.players.jellyfin.adapter import Jellyfin
from domain.players.model import Media
from domain.players.places import Place, Subject
from domain.players.plex import adapter as plex_adapter
from domain.players.plex.adapter import Plex
from domain.players.updating import Account, update
from tests.peers import jellyfin as j
from tests.peers import plex as p
from tests.peers.house import Asked
from tests.peers.web import Given

RULES = [Rule("/srv/films", "/media/films"), Rule("/srv/series", "/media/series")]
NEW = Media(MediaKind.MOVIE, "Glass Kites 2", ids={"tmdb": "900103"}, year=2026)
FOLDER = "/media/films/Glass Kites 2 (2026)"
FILE = f"{FOLDER}/gk2.mkv"
KNOWN = Media(MediaKind.MOVIE, "Paper Lanterns", ids={"tmdb": "900101"}, year=2019)
KNOWN_FILE = "/media/films/Paper Lanterns (2019)/pl.mkv"


@pytest.fixture
def lan() -> Iterator[Lan]:
    lan = Lan()
    yield lan
    lan.close()


def new() -> Place:
    return Place(FOLDER, "/media/films", [Subject(1, NEW, [FILE], is_told=True)])


def told(player: Any, *places: Place) -> Account:
    account = Account()
    update(player, places, RULES, account, is_gone=lambda path: False, check=lambda: None)
    return account


def test_a_new_film_comes_to_jellyfin(lan: Lan) -> None:
    with j.jellyfin() as peer:
        remote = "/srv/films/Glass Kites 2 (2026)"
        item = {
            **j.MOVIE,
            "Id": "7" * 32,
            "Name": "Glass Kites 2",
            "ProviderIds": {"Tmdb": "900103"},
            "Path": f"{remote}/gk2.mkv",
        }

        class Scanning(list[Any]):
            """It reads when it is told to, and says so."""

            def __iter__(self) -> Iterator[Any]:
                peer.items.append(item)
                return iter([{"MessageType": "LibraryChanged", "Data": {"ItemsAdded": [item["Id"]]}}])

        peer.after_scan = Scanning()
        account = told(Jellyfin(peer.target, lan, api_key=j.KEY), new())
        assert (account.added, account.missing, account.scanned) == (1, [], [remote])
        assert peer.updates == [(remote, "Created")]


def test_a_new_film_comes_to_plex(lan: Lan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plex_adapter, "_LOOK_S", 0.01)
    monkeypatch.setattr(plex_adapter, "_BEGINS_S", 0.02)
    with p.plex() as peer:
        remote = "/srv/films/Glass Kites 2 (2026)"
        parts = [{"id": 1, "Part": [{"id": 1, "file": f"{remote}/gk2.mkv"}]}]
        item = {**p.MOVIE, "ratingKey": "5000", "title": "Glass Kites 2", "Guid": [{"id": "tmdb://900103"}], "Media": parts}
        answer = peer.answer

        def reading(asked: Asked) -> Given:
            given = answer(asked)
            if asked.path.endswith("/refresh") and item not in peer.items:
                peer.items.append(item)
            return given

        monkeypatch.setattr(peer, "answer", reading)
        account = told(Plex(peer.target, lan, token=p.TOKEN), new())
        assert (account.added, account.missing, account.scanned) == (1, [], [remote])
        assert peer.scans == [("1", remote)]


def test_what_changed_is_read_anew_and_what_is_gone_let_go(lan: Lan) -> None:
    changed = Place("/media/films/Paper Lanterns (2019)", "/media/films", [Subject(1, KNOWN, [KNOWN_FILE], is_told=True)])
    gone = Place("/media/films/Paper Lanterns (2019)", "/media/films", [Subject(1, KNOWN, [], [KNOWN_FILE])])
    with j.jellyfin() as one, p.plex() as other:
        first, second = Jellyfin(one.target, lan, api_key=j.KEY), Plex(other.target, lan, token=p.TOKEN)
        for player in (first, second):
            account = told(player, changed)
            assert (account.refreshed, account.added, account.scanned) == (1, 0, [])
            assert told(player, gone).removed == 1
        assert (one.refreshes, one.updates) == ([j.FILM], [("/srv/films/Paper Lanterns (2019)/pl.mkv", "Deleted")])
        assert (other.refreshes, other.scans) == (["4711"], [("1", "/srv/films/Paper Lanterns (2019)")])


def test_an_episode_of_a_series_is_known_by_its_number(lan: Lan) -> None:
    low_tide = Media(
        MediaKind.EPISODE, "Ebbe", show_title="Hafen Neun", show_ids={"tvdb": "8000001"}, season=1, episode=4,
    )  # fmt: skip
    path = "/media/series/Harbour Nine/Season 01/h9.s01e04.mkv"
    series = Media(MediaKind.SERIES, "Hafen Neun", ids={"tvdb": "8000001"})
    folder = "/media/series/Harbour Nine"
    place = Place(
        folder, "/media/series", [Subject(1, series, [folder], is_told=True), Subject(2, low_tide, [path], is_told=True)]
    )
    with j.jellyfin() as one, p.plex() as other:
        assert told(Jellyfin(one.target, lan, api_key=j.KEY), place).refreshed == 2
        assert one.refreshes == [j.SERIES, j.EPISODE]
        assert told(Plex(other.target, lan, token=p.TOKEN), place).refreshed == 2
        assert other.refreshes == ["4001", "4107"]
