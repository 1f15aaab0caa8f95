"""Asking providers: cache, limits, retries, breaker and statistics, against a loopback TMDB that misbehaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.kit.errors import KeyRefused, Paused, RateLimited, RefusedByPolicy, Unexpected, Unreachable, Upstream
from domain.kit.http import Limits
from domain.kit.types import instant_text
from domain.providers.desk import PERSON, Patience
from domain.providers.known import provider_named
from domain.providers.model import Request
from domain.providers.responses import RULES
from domain.system.retention import prune_all
from tests.peers import tmdb, web
from tests.peers.web import Given
from tests.providers.conftest import World

ONCE = Patience(3_600, 1)
STATE = "SELECT breaker, failures, successes FROM provider_configs WHERE name = 'tmdb'"


@pytest.mark.both
def test_an_answer_is_kept_while_it_is_fresh(world: World) -> None:
    assert world.ask() == tmdb.CONFIGURATION
    assert world.ask() == tmdb.CONFIGURATION
    assert len(world.peer.asked) == 1
    assert world.another().asking(provider_named("tmdb"), world.setup, PERSON)(Request("/configuration")) == tmdb.CONFIGURATION
    assert len(world.peer.asked) == 1


@pytest.mark.both
def test_what_is_no_longer_fresh_is_asked_for_by_its_etag(world: World) -> None:
    first = world.ask()
    world.clock.advance(8 * 86_400)
    assert world.ask() == first
    assert world.ask() == first
    assert ["if-none-match" in asked.headers for asked in world.peer.asked] == [False, True]
    ((status, fetched_at),) = world.rows("SELECT status, fetched_at FROM provider_responses")
    assert status == 200
    moment = fetched_at if isinstance(fetched_at, datetime) else datetime.fromisoformat(fetched_at)
    assert moment == world.clock.moment


def test_a_renewal_asks_even_where_an_answer_is_fresh(world: World) -> None:
    world.ask()
    assert world.asking(is_renewed=True)(Request("/configuration")) == tmdb.CONFIGURATION
    assert len(world.peer.asked) == 2


def test_what_the_provider_does_not_have_is_believed_for_a_day(world: World) -> None:
    assert world.ask("/movie/1") is None
    assert world.ask("/movie/1") is None
    assert len(world.peer.asked) == 1
    world.clock.advance(86_401)
    assert world.ask("/movie/1") is None
    assert len(world.peer.asked) == 2
    assert world.rows(STATE) == [("closed", 0, 0)]


def test_answers_in_two_languages_are_two(world: World) -> None:
    for language in ("pl", "de", "pl"):
        world.ask(language=language, params={"language": language})
    assert [asked.query["language"] for asked in world.peer.asked] == ["pl", "de"]


def test_no_key_is_stored_in_clear(world: World) -> None:
    world.ask()
    everything = repr(world.rows("SELECT * FROM provider_configs")) + repr(world.rows("SELECT * FROM provider_responses"))
    everything += repr(world.rows("SELECT * FROM audit_log")) + repr(world.rows("SELECT * FROM events")) + repr(world.setup)
    assert tmdb.KEY not in everything
    assert world.peer.asked[0].query["api_key"] == tmdb.KEY


def test_a_token_travels_in_a_header(world: World) -> None:
    world.change(key=tmdb.TOKEN)
    world.ask()
    (asked,) = world.peer.asked
    assert (asked.headers["authorization"], asked.query) == (f"Bearer {tmdb.TOKEN}", {})


def test_a_key_that_is_refused_is_not_tried_again_and_breaks_nothing(world: World) -> None:
    world.change(key="f" * 32)
    for _ in range(6):
        with pytest.raises(KeyRefused):
            world.ask()
    assert len(world.peer.asked) == 6
    assert world.rows(STATE) == [("closed", 0, 0)]


def test_a_key_of_another_installation_is_told(world: World) -> None:
    other = type(world.desk)(world.database, world.peer.egress(), key=b"o" * 32)
    with pytest.raises(KeyRefused, match="another installation"):
        other.asking(provider_named("tmdb"), world.setup, PERSON)


@pytest.mark.both
def test_a_storm_of_429_is_waited_out(world: World) -> None:
    later = world.clock.moment + timedelta(seconds=11)
    world.peer.faults = [web.enough("7"), web.enough(later.strftime("%a, %d %b %Y %H:%M:%S GMT")), web.enough("soon")]
    assert world.ask() == tmdb.CONFIGURATION
    assert world.pauses[:2] == [7.0, 4.0]
    assert 0.8 * 4 <= sum(world.pauses[2:]) <= 1.2 * 4
    assert world.rows(STATE) == [("closed", 0, 0)]


@pytest.mark.both
def test_who_has_less_patience_is_told_when_to_come_again(world: World) -> None:
    world.peer.faults = [web.enough("300")]
    with pytest.raises(RateLimited) as limited:
        world.ask(patience=PERSON)
    assert limited.value.retry_at == world.clock.moment + timedelta(seconds=300)
    with pytest.raises(RateLimited) as still:  # also another process knows, and asks nobody
        world.another().asking(provider_named("tmdb"), world.setup, PERSON)(Request("/configuration"))
    assert still.value.retry_at == limited.value.retry_at
    assert (len(world.peer.asked), world.pauses) == (1, [])


def test_a_server_that_fails_is_asked_again(world: World) -> None:
    world.peer.faults = [web.broken(), web.TRUNCATED, web.broken(502)]
    assert world.ask() == tmdb.CONFIGURATION
    assert len(world.pauses) == 3
    assert all(0.8 * 2**n <= pause <= 1.2 * 2**n for n, pause in enumerate(world.pauses))
    assert world.rows(STATE) == [("closed", 0, 0)]


@pytest.mark.parametrize(
    ("fault", "error", "requests"),
    [
        (web.HTML, Unexpected, 1),
        (web.json_answer(b'{"id": 9001'), Unexpected, 1),
        (web.json_answer(b"[]"), Unexpected, 1),
        (web.elsewhere("http://192.168.7.7/"), RefusedByPolicy, 1),
        (web.TRUNCATED, Unreachable, 3),
        (web.broken(), Unreachable, 3),
    ],
)
def test_faults_are_typed_counted_and_stored_nowhere(world: World, fault: Given, error: type[Upstream], requests: int) -> None:
    world.peer.faults = [fault] * requests
    with pytest.raises(error):
        world.ask(patience=Patience(3_600, requests))
    assert len(world.peer.asked) == requests
    assert world.rows("SELECT count(*) FROM provider_responses") == [(0,)]
    assert world.rows(STATE) == [("closed", requests, 0)]
    assert world.ask() == tmdb.CONFIGURATION


@pytest.mark.parametrize("limits", [Limits(total_s=0.4, read_s=10)])
def test_a_byte_a_second_ends(world: World) -> None:
    world.peer.faults = [web.slow()]
    with pytest.raises(Unreachable, match="takes too long"):
        world.ask(patience=ONCE)


def test_our_own_mistake_is_not_the_providers(world: World) -> None:
    for _ in range(6):
        world.peer.faults = [tmdb.error(400, 22, "Invalid page: Pages start at 1 and max at 500.")]
        with pytest.raises(Unexpected):
            world.ask()
    assert world.rows(STATE) == [("closed", 0, 0)]


def events(world: World) -> list[Any]:
    return [row[0] for row in world.rows("SELECT type FROM events WHERE topic = 'providers' ORDER BY sequence")]


@pytest.mark.both
def test_the_breaker_opens_tries_and_closes(world: World) -> None:
    world.peer.faults = [web.broken()] * 6
    for _ in range(5):
        with pytest.raises(Unreachable):
            world.ask(patience=ONCE)
    with pytest.raises(Paused) as paused:
        world.ask(patience=ONCE)
    assert paused.value.retry_at == world.clock.moment + timedelta(minutes=5)
    assert len(world.peer.asked) == 5
    world.clock.advance(301)
    with pytest.raises(Unreachable):  # the trial fails
        world.ask(patience=ONCE)
    with pytest.raises(Paused):
        world.ask(patience=ONCE)
    world.clock.advance(301)
    assert world.ask(patience=ONCE) == tmdb.CONFIGURATION
    assert world.rows(STATE) == [("half_open", 5, 1)]
    assert world.ask("/movie/1", patience=ONCE) is None  # "not here" is an answer
    assert world.rows(STATE) == [("closed", 0, 0)]
    assert events(world) == [
        "provider.updated", "provider.breaker_opened", "provider.breaker_half_opened", "provider.breaker_opened",
        "provider.breaker_half_opened", "provider.breaker_closed",
    ]  # fmt: skip


@pytest.mark.both
def test_while_one_tries_nobody_else_does(world: World) -> None:
    world.peer.faults = [web.broken()] * 5
    for _ in range(5):
        with pytest.raises(Unreachable):
            world.ask(patience=ONCE)
    world.clock.advance(301)
    met = []

    def answer(asked: web.Asked) -> Given:
        with pytest.raises(Paused) as paused:
            world.another().asking(provider_named("tmdb"), world.setup, PERSON)(Request("/movie/1"))
        met.append(paused.value.retry_at)
        return tmdb.answer(asked)

    world.peer.answer = answer
    assert world.ask(patience=ONCE) == tmdb.CONFIGURATION
    assert met == [world.clock.moment + timedelta(minutes=1)]


def test_failures_that_are_not_in_a_row_open_nothing(world: World) -> None:
    for _ in range(3):
        world.peer.faults = [web.broken()] * 4
        for _ in range(4):
            with pytest.raises(Unreachable):
                world.asking(ONCE, is_renewed=True)(Request("/configuration"))
        world.asking(ONCE, is_renewed=True)(Request("/configuration"))
    assert world.rows(STATE) == [("closed", 0, 0)]


@pytest.mark.both
def test_the_limit_is_a_window_that_processes_share(world: World) -> None:
    world.change(rate_limit=4.0)
    other = world.another().asking(provider_named("tmdb"), world.setup, Patience(3_600, 100))
    mine = world.asking()
    moments = []
    for number in range(12):
        (mine if number % 2 else other)(Request(f"/movie/{number + 1}"))
        moments.append(world.clock.moment)
        world.clock.advance(0.1)
    for first, fifth in zip(moments, moments[4:], strict=False):
        assert fifth - first >= timedelta(seconds=1)
    assert moments[-1] - moments[0] < timedelta(seconds=2.5)


def test_a_limit_below_one_a_second_is_kept(world: World) -> None:
    world.change(rate_limit=0.1)
    world.ask("/movie/1")
    world.ask("/movie/2")
    assert world.pauses == [10.0]
    with pytest.raises(RateLimited):
        world.ask("/movie/3", patience=Patience(5, 3))
    assert len(world.peer.asked) == 2


@pytest.mark.both
def test_a_day_is_counted_by_type_of_media(world: World) -> None:
    world.ask()
    world.ask("/movie/1", media_type="movie")
    world.peer.faults = [web.broken()]
    with pytest.raises(Unreachable):
        world.ask("/movie/2", patience=ONCE, media_type="movie")
    world.ask()  # from the cache: that is no request
    world.clock.advance(86_400)
    world.ask("/movie/3", media_type="movie")
    found = world.rows(
        "SELECT m.name, s.success_count, s.failure_count, s.day FROM provider_stats s"
        " LEFT JOIN media_types m ON m.id = s.media_type_id ORDER BY s.id"
    )
    assert [(name, well, ill, str(day)) for name, well, ill, day in found] == [
        (None, 1, 0, "2026-01-15"), ("movie", 1, 1, "2026-01-15"), ("movie", 1, 0, "2026-01-16"),
    ]  # fmt: skip


def test_old_answers_go_a_month_after_they_were_fresh(world: World) -> None:
    world.ask()
    world.clock.advance(36 * 86_400)
    assert prune_all(world.database, RULES, between=lambda: None) == {"provider_responses": 0}
    world.clock.advance(2 * 86_400)
    assert prune_all(world.database, RULES, between=lambda: None) == {"provider_responses": 1}


def test_times_in_events_are_ours(world: World) -> None:
    world.peer.faults = [web.broken()] * 5
    for _ in range(5):
        with pytest.raises(Unreachable):
            world.ask(patience=ONCE)
    ((payload,),) = world.rows("SELECT payload FROM events WHERE type = 'provider.breaker_opened'")
    assert instant_text(world.clock.moment.astimezone(UTC) + timedelta(minutes=5)) in str(
        payload
    )  # text on SQLite, an object on PostgreSQL
