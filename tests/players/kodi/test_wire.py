"""JSON-RPC over HTTP and WebSocket: what is sent, and what faults become."""

import json

import pytest

from domain.kit.errors import Conflict, KeyRefused, Unexpected, Unreachable
from domain.kit.http import Lan, Target
from domain.players.kodi.adapter import Kodi
from domain.players.kodi.line import Line
from domain.players.kodi.wire import Http, Refused
from tests.peers import web
from tests.peers.kodi_player import KodiPlayer
from tests.peers.servers import free_port


def http(kodi: KodiPlayer, lan: Lan) -> Http:
    return Http(lan, Target("127.0.0.1", kodi.port), kodi.username, kodi.password)


def test_a_request_is_a_small_post_with_kodis_content_type_and_basic_credentials(kodi: KodiPlayer, lan: Lan) -> None:
    assert http(kodi, lan).call("JSONRPC.Ping") == "pong"
    (asked,) = kodi.http.asked
    assert (asked.path, asked.headers["content-type"]) == ("/jsonrpc", "application/json")
    assert asked.headers["authorization"] == "Basic a29kaTpsYW1w"
    sent = json.loads(asked.body)
    assert sent == {"jsonrpc": "2.0", "id": sent["id"], "method": "JSONRPC.Ping"}


def test_parameters_that_are_none_are_left_out(kodi: KodiPlayer, lan: Lan) -> None:
    http(kodi, lan).call("VideoLibrary.GetMovies", {"properties": ["title"], "filter": None})
    assert kodi.asked == [("VideoLibrary.GetMovies", {"properties": ["title"]})]


def test_what_kodi_refuses_names_the_parameter_and_the_code(kodi: KodiPlayer, lan: Lan) -> None:
    with pytest.raises(Refused, match=r"refused VideoLibrary.GetMovieDetails: Invalid params. \(movieid\)") as raised:
        http(kodi, lan).call("VideoLibrary.GetMovieDetails", {"movieid": 4000, "properties": ["title"]})
    assert (raised.value.number, raised.value.parameter, raised.value.is_gone) == (-32602, "movieid", True)
    with pytest.raises(Refused) as unknown:
        http(kodi, lan).call("VideoLibrary.Refresh")
    assert (unknown.value.number, unknown.value.is_gone) == (-32601, False)


def test_the_same_property_twice_is_refused_as_by_the_real_one(kodi: KodiPlayer, lan: Lan) -> None:
    with pytest.raises(Refused) as raised:
        http(kodi, lan).call("VideoLibrary.GetMovies", {"properties": ["title", "title"]})
    assert raised.value.parameter == "properties"


def test_what_cannot_be_done_at_the_moment_is_a_conflict(kodi: KodiPlayer, lan: Lan) -> None:
    with pytest.raises(Conflict, match=r"Player\.Stop"):
        http(kodi, lan).call("Player.Stop", {"playerid": 1})


def test_a_wrong_password_is_a_refused_key(kodi: KodiPlayer, lan: Lan) -> None:
    with pytest.raises(KeyRefused, match="user name and password"):
        Http(lan, Target("127.0.0.1", kodi.port), "kodi", "wrong").call("JSONRPC.Ping")


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (web.TRUNCATED, Unreachable, "127.0.0.1"),
        (web.HTML, Unexpected, "no JSON-RPC"),
        (web.broken(500), Unreachable, "does not work"),
        (web.Given(404, b"", {}), Unexpected, "web server's port"),
        (web.Given(415, b"", {}), Unexpected, "status 415"),
        (web.json_answer(b'{"jsonrpc":"2.0","id":0,"result":"pong"}'), Unexpected, "no JSON-RPC"),
        (web.json_answer(b'["pong"]'), Unexpected, "no JSON-RPC"),
        (web.json_answer(b'{"jsonrpc":"2.0","id":null}'), Unexpected, "neither a result nor an error"),
    ],
    ids=["cut off", "another program", "broken", "not there", "another type", "another id", "a list", "nothing"],
)
def test_faults_are_typed(kodi: KodiPlayer, lan: Lan, given: web.Given, error: type[Exception], words: str) -> None:
    kodi.http.faults.append(given)
    with pytest.raises(error, match=words):
        http(kodi, lan).call("JSONRPC.Ping")
    assert http(kodi, lan).call("JSONRPC.Ping") == "pong"


def test_a_websocket_calls_hears_and_survives_two_stray_bytes(kodi: KodiPlayer, lan: Lan) -> None:
    with Line(lan, Target("127.0.0.1", kodi.websocket_port)).open() as talk:
        kodi.tell("VideoLibrary.OnUpdate", {"id": 1, "type": "movie"})
        kodi.stray()
        assert talk.call("JSONRPC.Ping") == "pong"
        told = talk.next(5)
        assert told is not None
        assert (told.method, told.data) == ("VideoLibrary.OnUpdate", {"id": 1, "type": "movie"})
        assert talk.next(0) is None
        kodi.break_off()
        with pytest.raises(Unreachable):
            talk.next(5)
    assert kodi.asked[0][0] == "JSONRPC.SetConfiguration"
    assert kodi.asked[0][1]["notifications"] == dict.fromkeys(
        ["GUI", "Input", "System", "Application", "Playlist", "PVR", "Other"], False
    )


def test_a_websocket_that_answers_nothing_is_unreachable(kodi: KodiPlayer, lan: Lan) -> None:
    with Line(lan, Target("127.0.0.1", kodi.websocket_port)).open(is_quiet=False) as talk:
        kodi.is_deaf = True
        with pytest.raises(Unreachable, match=r"did not answer JSONRPC\.Ping"):
            talk.call("JSONRPC.Ping", wait_s=0.05)


def test_a_check_tells_versions_and_whether_it_notifies(kodi: KodiPlayer, lan: Lan) -> None:
    health = kodi.adapter(lan).check()
    assert (health.software_version, health.api_version, health.name) == ("20.1", "13.0.0", "Kodi")
    assert (health.notifies, health.trouble) == (True, None)


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_closed_websocket_is_a_trouble_and_no_failure(kodi: KodiPlayer, lan: Lan, is_closed: bool) -> None:
    kodi.refuses_websocket = True
    port = free_port() if is_closed else kodi.websocket_port
    adapter = Kodi(lan, Target("127.0.0.1", kodi.port), username="kodi", password="lamp", websocket_port=port)
    health = adapter.check()
    assert health.notifies is False
    assert health.trouble is not None
    assert f"WebSocket (port {port}) cannot be had" in health.trouble
    assert "Allow remote control from applications on other systems" in health.trouble


def test_without_a_websocket_a_check_knows_no_trouble(kodi: KodiPlayer, lan: Lan) -> None:
    health = kodi.adapter(lan, websocket=False).check()
    assert (health.notifies, health.trouble) == (False, None)
