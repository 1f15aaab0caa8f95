"""TVDB's login: a key is changed for a token, which is kept sealed, shared, renewed once, and never shown."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.kit.errors import Invalid, KeyRefused, Unreachable, Upstream
from domain.providers.model import Request
from domain.providers.queries import setups
from tests.peers import tvdb, web
from tests.providers.tvdb_place import PATIENT, TVDB, Place, place

__all__ = ["place"]
STATUSES = Request("/movies/statuses")


@pytest.mark.both
def test_a_key_is_changed_for_a_token_that_processes_share(place: Place) -> None:
    for number in range(3):  # each with a desk of its own
        place.ask(Request("/movies/statuses", {"n": str(number)}))
    assert place.paths == ["/login", *["/movies/statuses"] * 3]
    assert (json.loads(place.peer.asked[0].body), place.peer.asked[0].query) == ({"apikey": tvdb.KEY}, {})
    assert place.row().token.startswith("v1:")
    everything = repr(place.row()) + repr(place.peer.asked[1].query)
    assert place.peer.token not in everything + repr(STATUSES)


def test_many_threads_sign_in_once(place: Place) -> None:
    desk = place.desk()
    with place.database.read() as session:
        (setup,) = [each for each in setups(session) if each.name == "tvdb"]

    def ask(number: int) -> None:
        desk.asking(TVDB, setup, PATIENT)(Request("/movies/statuses", {"n": str(number)}))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(8)))
    assert place.paths.count("/login") == 1


@pytest.mark.both
def test_a_token_that_ran_out_is_renewed_once(place: Place) -> None:
    place.ask(STATUSES)
    place.peer.tokens += 1  # what was given is no longer good
    place.ask(Request("/movies/statuses", {"n": "2"}))
    assert place.paths[2:] == ["/movies/statuses", "/login", "/movies/statuses"]
    place.peer.answer = lambda asked: place.peer.answered(asked) if asked.path == "/v4/login" else web.Given(401, b"{}")
    with pytest.raises(KeyRefused):
        place.ask(Request("/movies/statuses", {"n": "3"}))
    assert place.paths[5:] == ["/movies/statuses", "/login", "/movies/statuses"]
    assert (place.row().breaker, place.row().failures) == ("closed", 0)


def test_a_pin_goes_along_and_a_wrong_key_is_told(place: Place) -> None:
    place.peer.pin = tvdb.PIN
    with pytest.raises(KeyRefused):
        TVDB.test(place.ask)
    assert place.paths == ["/login"]
    place.put_key(f"{tvdb.KEY}:{tvdb.PIN}")
    TVDB.test(place.ask)
    place.put_key(None)
    assert place.row().token is None
    for key in ("short", tvdb.KEY[:-1], f"{tvdb.KEY}:", "0" * 32):
        with pytest.raises(Invalid):
            place.put_key(key)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (web.elsewhere("http://192.168.7.7/"), "REFUSED_BY_POLICY"), (web.HTML, "UNEXPECTED_ANSWER"),
        (web.json_answer(b'{"data": {"token": 5}}'), "UNEXPECTED_ANSWER"), (web.json_answer(b"[]"), "UNEXPECTED_ANSWER"),
        (web.json_answer(b'{"data": {"token": "a\\nb"}}'), "UNEXPECTED_ANSWER"), (web.broken(404), "UNEXPECTED_ANSWER"),
    ],
)  # fmt: skip
def test_a_login_that_goes_wrong_leaves_no_token(place: Place, fault: web.Given, error: str) -> None:
    place.peer.faults = [fault]
    with pytest.raises(Upstream) as raised:
        place.ask(STATUSES)
    assert (raised.value.code, place.row().token) == (error, None)
    assert place.ask(STATUSES)["data"] == [{"id": 5, "name": "Released"}]


def test_a_login_waits_and_tries_again_as_everything_does(place: Place) -> None:
    place.peer.faults = [web.enough("7"), web.broken()]
    place.ask(STATUSES)
    assert place.paths == ["/login", "/login", "/login", "/movies/statuses"]
    place.put_key(tvdb.KEY)
    place.peer.faults = [web.TRUNCATED] * 3
    with pytest.raises(Unreachable):
        place.ask(STATUSES)
