"""The loopback Jellyfin and Plex themselves: they refuse what their sheets do not know, and fail their test for it."""

import pytest

from domain.kit.http import Lan
from tests.peers.jellyfin import KEY, jellyfin
from tests.peers.plex import TOKEN, plex

HEADER = {"authorization": f'MediaBrowser Client="a", Device="b", DeviceId="c", Version="1", Token="{KEY}"'}


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "wrong"),
    [
        ("GET", "/Emby/Items", {}, HEADER, "GET /Emby/Items: no such path"),
        ("GET", "/Library/Refresh", {}, HEADER, "GET /Library/Refresh: no such verb"),
        ("GET", "/Items", {"AnyProviderIdEquals": "tmdb.1"}, HEADER, "GET /Items: query ['AnyProviderIdEquals']"),
        ("GET", "/Users", {}, {"x-emby-token": KEY}, "GET /Users: headers ['x-emby-token']"),
        ("POST", "/Sessions/" + "0" * 32 + "/Playing", {}, HEADER, "POST /Sessions/" + "0" * 32 + "/Playing: query []"),
    ],
)
def test_jellyfin_refuses_what_its_sheet_does_not_know(
    method: str, path: str, query: dict[str, str], headers: dict[str, str], wrong: str
) -> None:
    seen: list[tuple[int, list[str]]] = []

    def ask() -> None:
        with jellyfin() as peer:
            lan = Lan()
            seen.append((lan.request(peer.target, method, path, query=query, headers=headers).status, peer.offences))
            lan.close()

    with pytest.raises(AssertionError):
        ask()
    assert seen == [(418, [wrong])]


def test_plex_answers_with_xml_to_whom_does_not_ask_for_json() -> None:
    lan = Lan()
    with plex() as peer:
        answer = lan.request(peer.target, "GET", "/identity", headers={"accept": "*/*"})
        assert (answer.status, answer.headers["content-type"]) == (200, "text/xml")
        answer = lan.request(peer.target, "GET", "/library/sections", headers={"x-plex-token": TOKEN})
        assert (answer.status, answer.headers["content-type"]) == (401, "text/html")  # nobody without an identifier
    lan.close()


def test_a_websocket_is_answered() -> None:
    lan = Lan()
    with jellyfin() as peer:
        with lan.websocket(peer.target, "/socket", query={"ApiKey": KEY, "deviceId": "c"}) as socket:
            assert socket.receive(5) == '{"MessageType": "ForceKeepAlive", "Data": 60, "MessageId": "1"}'
            peer.drop()
            with pytest.raises(Exception, match="closed its WebSocket"):
                socket.receive(5)
        peer.wait(lambda: not peer.links)
    lan.close()
