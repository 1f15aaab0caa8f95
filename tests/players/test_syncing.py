"""A synchronization: which member does it, who is spared, what is put off, and that nothing is lost."""

import pytest
import sqlalchemy as sa

from domain.kit.ids import global_id
from domain.players import requesting, syncing
from domain.players.enums import PlaybackPolicy
from tests.conftest import ManualClock
from tests.peers.servers import free_port
from tests.players.conftest import THEIRS, Home, player
from tests.players.kodi_films import LANTERNS, laid, scans, shown, text_of


@pytest.mark.both
def test_acceptance_13_group_scan_the_first_member_fails_and_the_second_gets_it(home: Home) -> None:
    group = home.group()
    with home.database.transaction() as uow:
        away = player(uow, group, "Bedroom", port=free_port())
    living = home.kodi("Living", of=group)
    study = home.kodi("Study", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    for each in (living, study):
        laid(each)
    result = home.sync(film)
    (told,) = result["groups"]
    assert (told["name"], told["added"], told["missing"]) == ("Living", 1, [])
    assert told["skipped"] == [{"player": global_id("players", away), "name": "Bedroom", "reason": told["skipped"][0]["reason"]}]
    assert "127.0.0.1" in told["skipped"][0]["reason"]
    assert told["scanned"] == [f"{THEIRS}/Paper Lanterns (2019)"]
    assert (shown(living), shown(study)) == (["Paper Lanterns"], [])
    assert scans(living) == [f"{THEIRS}/Paper Lanterns (2019)/"]
    assert study.asked == []


def test_acceptance_13_group_scan_a_member_that_fails_half_way_is_followed_by_the_next(home: Home) -> None:
    group = home.group()
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    for each in (one, two):
        laid(each)
    one.shelves.sources["video"] = "broken"  # type: ignore[assignment]
    (told,) = home.sync(film)["groups"]
    assert (told["name"], [each["name"] for each in told["skipped"]]) == ("Two", ["One"])
    assert (scans(one), shown(two)) == ([], ["Paper Lanterns"])


@pytest.mark.both
def test_acceptance_13_group_scan_a_playing_member_is_skipped(home: Home) -> None:
    group = home.group()
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    for each in (one, two):
        laid(each)
    one.play("unknown", {"file": "pvr://1", "title": "News"})
    one.pause()  # who pauses watches
    (told,) = home.sync(film)["groups"]
    assert told["name"] == "Two"
    assert [(each["name"], each["reason"]) for each in told["skipped"]] == [("One", "somebody watches on it")]
    assert (scans(one), shown(two)) == ([], ["Paper Lanterns"])


@pytest.mark.both
def test_acceptance_13_group_scan_all_playing_is_put_off_and_not_lost(home: Home, manual_clock: ManualClock) -> None:
    group = home.group()
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    for each in (one, two):
        laid(each)
        each.play("unknown", {"file": "pvr://1", "title": "News"})
    key = home.ask(film)
    for evening in range(20):  # longer than any number of attempts
        home.work()
        job = home.job(key)
        assert (job["status"], job["attempts"]) == ("pending", 0), evening
        assert "Put off: One: somebody watches on it; Two: somebody watches on it" in job["error"]
        home.work()
        assert len([method for method in one.methods() if method == "Player.GetActivePlayers"]) == evening + 1
        manual_clock.advance(syncing.AGAIN.total_seconds())
    assert scans(one) == scans(two) == []
    two.stop()
    home.work()
    job = home.job(key)
    assert (job["status"], job["result"]["groups"][0]["name"]) == ("completed", "Two")
    assert shown(two) == ["Paper Lanterns"]


def test_a_group_that_is_put_off_does_not_keep_the_others(home: Home, manual_clock: ManualClock) -> None:
    busy, idle = home.group("A busy one"), home.group("Idle")
    one, two = home.kodi("One", of=busy), home.kodi("Two", of=idle)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    for each in (one, two):
        laid(each)
    one.play("unknown", {"file": "pvr://1", "title": "News"})
    key = home.ask(film)
    home.work()
    assert (home.job(key)["status"], shown(two)) == ("pending", ["Paper Lanterns"])
    one.stop()
    manual_clock.advance(60)
    home.work()
    assert [each["name"] for each in home.job(key)["result"]["groups"]] == ["Two", "One"]
    assert (len(scans(one)), len(scans(two))) == (1, 1)


def test_who_ignores_playback_reads_on_the_first(home: Home) -> None:
    group = home.group(policy=PlaybackPolicy.IGNORE)
    one = home.kodi("One", of=group)
    home.kodi("Two", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(one)
    one.play("unknown", {"file": "pvr://1", "title": "News"})
    assert home.sync(film)["groups"][0]["name"] == "One"


def test_switched_off_groups_and_players_are_left_alone(home: Home) -> None:
    off, on = home.group("Off", is_enabled=False), home.group("On")
    silent, quiet, two = home.kodi("Silent", of=off), home.kodi("Quiet", of=on, is_enabled=False), home.kodi("Two", of=on)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(two)
    result = home.sync(film)
    assert [each["name"] for each in result["groups"]] == ["Two"]
    assert silent.asked == quiet.asked == []
    why = {"group": global_id("player_groups", off), "name": "Off", "reason": "it is switched off"}
    assert result["untold"] == [why]
    assert home.sync(film, group_id=off) == {"groups": [], "untold": [why]}


def test_who_is_not_told_and_why(home: Home) -> None:
    home.kodi("Quiet", of=home.group("Off"), is_enabled=False)
    home.group("Empty")
    key = home.ask(home.film("Paper Lanterns", LANTERNS, tmdb="1"))
    home.work()
    assert home.job(key)["result"]["untold"] == [
        {"group": "plg_1", "name": "Off", "reason": "its players are switched off"},
        {"group": "plg_2", "name": "Empty", "reason": "it has no players"},
    ]
    assert text_of(home, key) == "nobody was told: Off: its players are switched off; Empty: it has no players"


@pytest.mark.both
def test_without_groups_there_is_nothing_to_do(home: Home) -> None:
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    key = home.ask(film)
    home.work()
    assert (home.job(key)["result"], text_of(home, key)) == ({"groups": [], "untold": []}, "no group shows it")


def test_nobody_to_be_reached_is_tried_again_with_a_growing_delay(home: Home, manual_clock: ManualClock) -> None:
    group = home.group()
    with home.database.transaction() as uow:
        player(uow, group, "Away", port=free_port())
    key = home.ask(home.film("Paper Lanterns", LANTERNS, tmdb="1"))
    home.work()
    job = home.job(key)
    assert (job["status"], job["attempts"]) == ("failed", 12)  # the tests' chance waits for nothing
    assert "No player could do it: Away: " in job["error"]


def test_credentials_that_cannot_be_read_are_named(home: Home) -> None:
    group = home.group()
    one = home.kodi("One", of=group)
    home.kodi("Two", of=group)
    with home.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE players SET password = 'v1:AAAA' WHERE name = 'One'"))
    (told,) = home.sync(home.film("Paper Lanterns", LANTERNS, tmdb="1"))["groups"]
    assert told["name"] == "Two"
    assert told["skipped"][0]["reason"] == (
        "What One wants to see was stored by another installation: give it again with `updatePlayer`."
    )
    assert one.asked == []


def test_who_did_it_is_noted(home: Home, manual_clock: ManualClock) -> None:
    home.kodi("One", of=home.group())
    home.sync(home.film("Paper Lanterns", LANTERNS, tmdb="1"))
    with home.database.read() as session:
        rows = session.execute(sa.text("SELECT name, last_synced_at IS NOT NULL, version FROM players")).all()
    assert [tuple(row) for row in rows] == [("One", 1, 1)]


def test_a_group_is_cleaned_by_one_member(home: Home) -> None:
    group = home.group()
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    one.shelves.add("movie", title="Gone", file=f"{THEIRS}/gone.mkv")
    with home.database.transaction() as uow:
        key = requesting.request_cleaning(uow, group, user_id=None).job.id
    home.work()
    assert home.job(key)["result"]["groups"][0]["name"] == "One"
    assert (shown(one), two.asked) == ([], [])


def test_where_playback_is_taken_up_again_it_is_remembered_first(home: Home) -> None:
    kodi = home.kodi("One", of=home.group(policy=PlaybackPolicy.RESTORE))
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    other = kodi.shelves.add("movie", title="Harbour", file=f"{THEIRS}/harbour.mkv")
    laid(kodi)
    kodi.play("movie", other, at_ms=600_000)
    kodi.pause()
    key = home.ask(film)
    home.work()
    (told,) = home.job(key)["result"]["groups"]
    assert (told["name"], told["added"], told["skipped"]) == ("One", 1, [])
    with home.database.read() as session:
        captures = session.execute(sa.text("SELECT path, position_ms, is_paused, reason FROM playback_captures")).all()
        jobs = session.execute(sa.text("SELECT kind FROM jobs WHERE parent_id = :key"), {"key": key}).scalars().all()
    assert [tuple(row) for row in captures] == [(f"{THEIRS}/harbour.mkv", 600_000, True, "sync")]
    assert jobs == ["players.playback_restore"]


def test_a_member_that_nobody_watches_on_is_taken_before_anything_has_to_be_remembered(home: Home) -> None:
    group = home.group(policy=PlaybackPolicy.RESTORE)
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    film = home.film("Paper Lanterns", LANTERNS, tmdb="1")
    laid(two)
    one.play("unknown", {"file": "pvr://1", "title": "News"})
    (told,) = home.sync(film)["groups"]
    assert (told["name"], [each["name"] for each in told["skipped"]]) == ("Two", ["One"])
    with home.database.read() as session:
        assert session.execute(sa.text("SELECT count(*) FROM playback_captures")).scalar_one() == 0
