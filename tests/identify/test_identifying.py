"""The job: ids first, then title and year; sure ones are accepted, the others asked; nothing is asked twice for nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.facts import CatalogueId
from domain.catalog.sources import NFO
from domain.identify.enums import AttemptOutcome
from domain.kit import clock
from domain.libraries import reviewing
from domain.libraries.tables import Library
from domain.providers.tables import ProviderConfig
from tests.conftest import ManualClock
from tests.identify.conftest import World
from tests.libraries.scan.conftest import Disk
from tests.peers.tmdb_catalogue import WORKS, imdb_id
from tests.peers.web import Asked, Given, enough, json_answer

MATRIX = next(work for work in WORKS.values() if work.id == "603")


@pytest.mark.both
def test_a_sure_title_is_accepted_and_enriched_and_the_rest_is_asked(world: World) -> None:
    matrix, leo = world.film("Matrix", 1999, 136), world.film("Leo", 2023)
    unknown = world.film("Paper Lanterns at Dusk", 2020, 95)
    job = world.run()
    assert (job.status.value, job.result["identified_items"], job.result["failures"]) == ("completed", 1, [])
    assert (world.ids(matrix), world.state(matrix)) == ({"tmdb": "603", "imdb": imdb_id(MATRIX)}, "identified")
    (question,) = world.questions(leo)
    assert (question.reason, world.state(leo)) == ("unidentified", "ambiguous")
    assert [(one["external_id"], one["confidence"]) for one in question.candidates] == [("1075794", 0.88), ("949229", 0.88)]
    assert [reason["kind"] for reason in question.candidates[0]["reasons"]] == ["title", "year", "runtime"]
    assert question.candidates[0]["poster_url"] == "https://image.tmdb.org/t/p/w342/p1075794.jpg"
    (question,) = world.questions(unknown)
    assert (question.reason, question.candidates, world.state(unknown)) == ("unidentified", [], "unidentified")
    (enriched,) = world.rows("SELECT payload, subject FROM jobs WHERE kind = 'enrich.enrich'")
    assert str(world.library) in str(enriched[0])
    told = world.rows("SELECT subject FROM events WHERE type = 'item.changed' ORDER BY sequence")
    assert (f"itm_{matrix}",) in told


def test_the_next_job_asks_nothing_until_the_question_is_another_or_old(world: World, manual_clock: ManualClock) -> None:
    key, known = world.film("Paper Lanterns at Dusk", 2020, 117), world.film("The Matrix", 1999, 136)
    world.run()
    asked = len(world.peer.asked)
    world.run()
    assert len(world.peer.asked) == asked
    manual_clock.advance(timedelta(days=1, minutes=1).total_seconds())
    world.run()
    assert len(world.peer.asked) > asked, "after a day it is tried again"
    asked = len(world.peer.asked)
    manual_clock.advance(timedelta(days=2).total_seconds())
    world.run()
    assert len(world.peer.asked) == asked, "then after three"
    world.store("name", key, title="Alien", year=1979)
    world.run()
    assert world.ids(key)["tmdb"] == "348"
    assert [one.status.value for one in world.questions(key)] == ["resolved"]
    assert world.ids(known)["tmdb"] == "603"


@pytest.mark.parametrize("provider", ["imdb", "tmdb"])
def test_ids_of_an_nfo_come_first_and_name_the_others(world: World, provider: str) -> None:
    key = world.film("Some Name", None, 136)
    one = ("imdb", "title", imdb_id(MATRIX)) if provider == "imdb" else ("tmdb", "movie", "603")
    told = {"provider": one[0], "namespace": one[1], "id": one[2], "is_default": True}
    world.store(NFO, key, title="The Matrix", year=1999, external_ids=[told])
    world.run()
    assert (world.ids(key), world.state(key)) == ({"tmdb": "603", "imdb": imdb_id(MATRIX)}, "identified")
    assert not any("/search/" in asked.path for asked in world.peer.asked)


def test_an_id_that_title_and_year_contradict_is_asked_not_believed(world: World) -> None:
    key = world.film("Alien", 1979, 117)
    told = {"provider": "tmdb", "namespace": "movie", "id": "597", "is_default": True}
    world.store(NFO, key, external_ids=[told])
    world.run()
    (question,) = world.questions(key)
    assert (question.reason, world.state(key)) == ("id_contradicted", "ambiguous")
    assert [one["title"] for one in question.candidates][-1] == "Titanic"
    with world.database.transaction() as uow:
        reviewing.resolve(uow, question.id, choice=len(question.candidates) - 1)
    assert (world.ids(key)["tmdb"], world.state(key)) == ("597", "identified")
    world.run()
    assert [one.status.value for one in world.questions(key)] == ["resolved"]


@pytest.mark.both
def test_a_candidate_that_a_person_chooses_is_it_for_good(world: World) -> None:
    key = world.film("Leo", 2023)
    world.run()
    (question,) = world.questions(key)
    with world.database.transaction() as uow:
        reviewing.resolve(uow, question.id, choice=1)
    assert (world.ids(key)["tmdb"], world.state(key)) == ("949229", "identified")
    told = {"provider": "tmdb", "namespace": "movie", "id": "603", "is_default": True}
    world.store(NFO, key, title="The Matrix", external_ids=[told])
    world.run()
    assert world.ids(key)["tmdb"] == "949229"
    assert (world.questions(key)[0].status.value, world.state(key)) == ("resolved", "identified")


def test_a_rate_limit_ends_the_attempt_which_resumes_at_that_moment(world: World, manual_clock: ManualClock) -> None:
    keys = [world.film("The Matrix", 1999, 136), world.film("Alien", 1979, 117), world.film("Titanic", 1997, 194)]
    job = world.request()
    true = world.peer.answer

    def answer(asked: Asked) -> Given:
        return enough("900") if asked.query.get("query") == "Alien" and clock.now() < until else true(asked)

    until = clock.now() + timedelta(seconds=900)
    world.peer.answer = answer
    world.work()
    row = world.job(job)
    assert (row.status.value, row.run_at) == ("pending", until)
    assert [world.state(key) for key in keys] == ["identified", "unidentified", "unidentified"]
    asked = len(world.peer.asked)
    world.work()
    assert len(world.peer.asked) == asked
    manual_clock.advance(901)
    world.work()
    assert world.job(job).status.value == "completed"
    assert [world.state(key) for key in keys] == ["identified"] * 3
    assert sum(1 for one in world.peer.asked if one.query.get("query") == "The Matrix") == 1


def test_a_person_wins_who_chooses_while_the_job_asks(world: World) -> None:
    key = world.film("The Matrix", 1999, 136)
    true = world.peer.answer

    def answer(asked: Asked) -> Given:
        if asked.path == "/3/movie/603":
            world.choose(key, [CatalogueId("tmdb", "movie", "605")])
        return true(asked)

    world.peer.answer = answer
    job = world.run()
    assert (job.status.value, job.result["identified_items"]) == ("completed", 0)
    assert world.ids(key) == {"tmdb": "605"}
    assert world.rows("SELECT count(*) FROM identification_attempts") == [(0,)]


def test_a_failed_answer_is_tried_again_and_does_not_stop_the_others(world: World) -> None:
    broken, fine = world.film("Alien", 1979, 117), world.film("The Matrix", 1999, 136)
    true = world.peer.answer
    world.peer.answer = lambda asked: json_answer(b"[]") if asked.query.get("query") == "Alien" else true(asked)
    job = world.run()
    assert (job.status.value, world.state(fine), world.state(broken)) == ("completed", "identified", "unidentified")
    assert world.rows("SELECT outcome FROM identification_attempts WHERE item_id = :key", key=broken) == [
        (AttemptOutcome.FAILED.value,)
    ]
    assert world.questions(broken) == []


@pytest.mark.parametrize(("auto_enrich", "has_key"), [(True, True), (False, True), (True, False)])
def test_a_scan_asks_for_identification_where_the_library_wants_it_and_somebody_can_be_asked(
    world: World, tmp_path: Path, *, auto_enrich: bool, has_key: bool
) -> None:
    disk = Disk(world.database, tmp_path / "films", name="Scanned")
    with world.database.transaction() as uow:
        uow.session.execute(sa.update(Library).where(col(Library.id) == disk.id).values(auto_enrich=auto_enrich))
        if not has_key:
            uow.session.execute(sa.update(ProviderConfig).values(key=None))
    disk.put("The Matrix (1999)/The Matrix (1999).mkv")
    disk.put("Alien (1979) {tmdb-348}/Alien (1979) {tmdb-348}.mkv")
    disk.scan()
    disk.scan()
    jobs = world.rows("SELECT subject FROM jobs WHERE kind = 'identify.identify'")
    assert jobs == ([(f"lib_{disk.id}",)] if auto_enrich and has_key else [])
    world.work()
    found = dict(world.rows("SELECT title, identification FROM media_items"))
    state = "ambiguous" if jobs else "unidentified"  # the length is another
    assert found == {"Alien": "identified", "The Matrix": state}
    disk.put("The Matrix (1999)/The Matrix (1999).nfo", "<movie><title>The Matrix</title><year>1999</year></movie>")
    disk.scan()
    assert dict(world.rows("SELECT title, identification FROM media_items"))["The Matrix"] == state
