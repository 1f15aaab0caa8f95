"""Many items are edited at once: the same for all or each its own, with a result for each."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from domain.catalog.tables import Change, Genre
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event
from tests.catalog.bulk.conftest import UNDO, UPDATE, Desk, items


def outcomes(payload: Any) -> list[str]:
    return [row["outcome"] for row in payload["rows"]]


def codes(payload: Any) -> list[list[tuple[str, list[str]]]]:
    return [[(error["code"], error["path"]) for error in row["errors"]] for row in payload["rows"]]


async def test_one_change_for_many(desk: Desk) -> None:
    first, second, third = desk.films
    changes = {"year": 1999, "genres": {"add": ["Crime"], "remove": ["drama"]}, "isMonitored": False}
    done = await desk.same([first, second], changes)
    assert done["errors"] == []
    assert outcomes(done) == ["CHANGED", "CHANGED"]
    assert done["counts"] == {"total": 2, "changed": 2, "unchanged": 0, "rejected": 0, "skipped": 0}
    row = done["rows"][0]
    assert row["changedFields"] == ["genres", "year", "isMonitored"]
    assert row["item"] == {"id": f"itm_{first}", "title": "Film 1", "version": 2}
    assert row["fields"] == [
        {"field": "genres", "before": ["Drama"], "after": ["Crime"], "lockBefore": None, "lockAfter": "LOCKED"},
        {"field": "year", "before": None, "after": 1999, "lockBefore": None, "lockAfter": "LOCKED"},
        {"field": "isMonitored", "before": True, "after": False, "lockBefore": None, "lockAfter": None},
    ]
    item = await desk.item(second)
    assert (item["year"], item["genres"], item["isMonitored"]) == (1999, [{"name": "Crime"}], False)
    assert {lock["field"] for lock in item["fieldLocks"]} == {"year", "genres"}
    assert (await desk.item(third))["version"] == 1
    again = await desk.same([first, second], changes)
    assert (outcomes(again), again["change"]) == (["UNCHANGED", "UNCHANGED"], None)
    assert (await desk.item(first))["version"] == 2


async def test_each_its_own(desk: Desk) -> None:
    rows = [{"item": {"id": f"itm_{key}"}, "changes": {"title": f"The Film {key}", "lock": False}} for key in desk.films]
    rows[1]["changes"] = {"plot": None, "tags": {"set": ["mine"]}}
    done = await desk.act(UPDATE, edit={"rows": rows})
    assert outcomes(done) == ["CHANGED"] * 3
    assert await desk.titles() == [f"The Film {desk.films[0]}", "Film 2", f"The Film {desk.films[2]}"]
    item = await desk.item(desk.films[1])
    assert (item["plot"], item["tags"]) == ("Told.", [{"key": "mine", "origin": "USER"}])
    assert (await desk.item(desk.films[0]))["fieldLocks"] == []


async def test_texts_are_replaced(desk: Desk) -> None:
    replace = [{"field": "title", "find": "film ", "replace": "Movie No. ", "ignoreCase": True}]
    replace.append({"field": "sortTitle", "find": "x", "replace": "y"})
    done = await desk.same(desk.films, {"replace": replace})
    assert outcomes(done) == ["CHANGED"] * 3
    assert await desk.titles() == ["Movie No. 1", "Movie No. 2", "Movie No. 3"]
    (error,) = (await desk.same(desk.films, {"replace": [{"field": "year", "find": "1", "replace": "2"}]}))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["replace", "field"])


async def test_a_persons_tags_stand_beside_those_of_files(desk: Desk) -> None:
    film = desk.films[0]
    await desk.same([film], {"tags": {"add": ["seen", "Mine"]}})
    mine = [{"key": "from a file", "origin": "SIDECAR"}, {"key": "Mine", "origin": "USER"}, {"key": "seen", "origin": "USER"}]
    assert (await desk.item(film))["tags"] == mine
    with desk.house.database.transaction() as uow:  # a scan that finds another tag
        store_values(uow, NFO, {film: {"tags": ["another"]}})
    assert [tag["key"] for tag in (await desk.item(film))["tags"]] == ["another", "Mine", "seen"]
    kept = await desk.same([film], {"tags": {"remove": ["another"]}})
    assert outcomes(kept) == ["UNCHANGED"]
    await desk.same([film], {"tags": {"remove": ["MINE"], "add": ["another"]}})
    tags = [{"key": "another", "origin": "USER"}, {"key": "seen", "origin": "USER"}]
    assert (await desk.item(film))["tags"] == tags
    with desk.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"tags": []}})
    assert (await desk.item(film))["tags"] == tags
    await desk.same([film], {"tags": {"set": ["one"]}})
    await desk.same([film], {"tags": {"add": ["two"]}})
    assert [tag["key"] for tag in (await desk.item(film))["tags"]] == ["one", "two"]


async def test_locks(desk: Desk) -> None:
    film = desk.films[0]
    await desk.same([film], {"lockFields": ["plot", "artwork.poster"]})
    with desk.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"plot": "Told anew."}})
    assert (await desk.item(film))["plot"] == "Told."
    done = await desk.same([film], {"unlockFields": ["plot"]})
    assert done["rows"][0]["fields"] == [
        {"field": "plot", "before": "Told.", "after": "Told anew.", "lockBefore": "LOCKED", "lockAfter": None}
    ]
    back = await desk.act(UNDO, change=done["change"]["id"])
    assert outcomes(back) == ["CHANGED"]
    item = await desk.item(film)
    assert (item["plot"], {lock["field"] for lock in item["fieldLocks"]}) == ("Told.", {"plot", "artwork.poster"})


@pytest.mark.parametrize(
    ("policy", "outcome", "years"),
    [
        ("REJECT_ALL", ["SKIPPED", "REJECTED", "REJECTED"], [None, None]),
        ("REJECT_FAILED", ["CHANGED", "REJECTED", "REJECTED"], [2000, None]),
        ("IGNORE_FAILED", ["CHANGED", "CHANGED", "REJECTED"], [2000, 2000]),
    ],
)
async def test_what_an_error_does_to_the_others(desk: Desk, policy: str, outcome: list[str], years: list[int | None]) -> None:
    good, bad, old = desk.films
    rows: list[Any] = [{"item": {"id": f"itm_{key}"}, "changes": {"year": 2000}} for key in desk.films]
    rows[1]["changes"] = {"year": 2000, "title": " ", "endDate": "2000-01-01"}
    rows[2]["expectedVersion"] = 7
    done = await desk.act(UPDATE, edit={"rows": rows}, errorPolicy=policy)
    assert outcomes(done) == outcome
    assert codes(done)[1:] == [[("INVALID", ["title"]), ("INVALID", ["endDate"])], [("VERSION_CONFLICT", ["expectedVersion"])]]
    assert done["rows"][2]["errors"][0]["current"] == 1
    assert [(await desk.item(key))["year"] for key in (good, bad)] == years
    assert (await desk.item(old))["year"] is None
    assert [error["code"] for error in done["errors"]] == (["CONFLICT"] if policy == "REJECT_ALL" else [])
    assert (done["change"] is None) == (policy == "REJECT_ALL")


async def test_a_failure_leaves_no_trace(desk: Desk) -> None:
    tables = (Change, AuditEntry, Genre, Event)
    before = [len(desk.house.rows(table)) for table in tables]
    rows = [{"item": {"id": f"itm_{key}"}, "changes": {"genres": {"add": ["Brand new"]}}} for key in desk.films]
    rows.append({"item": {"id": "itm_999999"}, "changes": {"year": 1}})
    assert outcomes(await desk.act(UPDATE, edit={"rows": rows})) == ["SKIPPED"] * 3 + ["REJECTED"]
    rehearsed = await desk.act(UPDATE, edit={"rows": rows}, errorPolicy="REJECT_FAILED", dryRun=True)
    assert outcomes(rehearsed) == ["CHANGED"] * 3 + ["REJECTED"]
    assert rehearsed["rows"][0]["fields"][0]["after"] == ["Drama", "Brand new"]
    assert rehearsed["change"] is None
    assert [len(desk.house.rows(table)) for table in tables] == before


async def test_nobody_edits_what_they_do_not_see(desk: Desk) -> None:
    hidden = desk.house.closed_film
    done = await desk.same([hidden, desk.films[0]], {"year": 2001}, who="helper", errorPolicy="REJECT_FAILED")
    assert outcomes(done) == ["REJECTED", "CHANGED"]
    assert (done["rows"][0]["itemId"], codes(done)[0]) == (None, [("NOT_FOUND", ["item"])])
    assert (await desk.item(hidden))["year"] is None
    select_ = {"where": {"title": {"startsWith": "brazil"}}}
    found = await desk.act(UPDATE, who="helper", edit={"same": {"select": select_, "changes": {"year": 2001}}})
    assert (found["rows"], found["counts"]["total"]) == ([], 0)
    answer = (await desk.client.send(UPDATE, {"input": {"edit": {"rows": []}}}, who="member")).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_by_a_filter(desk: Desk) -> None:
    select_ = {"where": {"title": {"startsWith": "film "}, "kind": ["MOVIE"]}}
    done = await desk.act(UPDATE, edit={"same": {"select": select_, "changes": {"year": 2010}}})
    assert [row["itemId"] for row in done["rows"]] == [f"itm_{key}" for key in desk.films]
    (error,) = (await desk.act(UPDATE, edit={"same": {"select": {"where": {}}, "changes": {"year": 1}}}))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["where"])


async def test_what_is_wrong_with_the_whole(desk: Desk) -> None:
    first = desk.films[0]
    for edit, path in (
        ({"rows": []}, ["items"]),
        ({"same": {"select": items([first]), "changes": {}}}, ["changes"]),
        ({"same": {"select": items([first]), "changes": {"genres": {"set": ["A"], "add": ["B"]}}}}, ["genres"]),
        ({"rows": [{"item": {"id": f"itm_{first}"}, "changes": {"year": 1}}] * 101}, ["items"]),
    ):
        payload = await desk.act(UPDATE, edit=edit)
        assert [(error["code"], error["path"]) for error in payload["errors"]] == [("INVALID", path)]
    twice = await desk.same([first, first], {"year": 2000}, errorPolicy="REJECT_FAILED")
    assert codes(twice) == [[], [("INVALID", ["item"])]]


async def test_two_episodes_do_not_get_one_place(desk: Desk) -> None:
    _, season, first, second = desk.series
    with desk.house.database.transaction() as uow:
        uow.session.execute(
            Change.metadata.tables["media_items"].update().where(Change.metadata.tables["media_items"].c.id == second)
            .values(position=1, edition="Long")
        )  # fmt: skip
    done = await desk.same([first, second], {"edition": ""}, errorPolicy="REJECT_FAILED")
    assert outcomes(done) == ["UNCHANGED", "REJECTED"] or outcomes(done) == ["CHANGED", "REJECTED"]
    assert codes(done)[1] == [("CONFLICT", ["edition"])]
    assert (await desk.item(second))["edition"] == "Long"
    assert season


async def test_a_key_makes_it_once(desk: Desk) -> None:
    first = await desk.same(desk.films, {"replace": [{"field": "title", "find": "i", "replace": "ii"}]}, idempotencyKey="k")
    again = await desk.same(desk.films, {"replace": [{"field": "title", "find": "i", "replace": "ii"}]}, idempotencyKey="k")
    assert again == first
    assert await desk.titles() == ["Fiilm 1", "Fiilm 2", "Fiilm 3"]
    (error,) = (await desk.same(desk.films, {"year": 1999}, idempotencyKey="k"))["errors"]
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_it_is_told_as_single_edits_are(desk: Desk) -> None:
    await desk.same(desk.films[:2], {"title": "Same", "releaseDate": "2001-02-03"})
    with desk.house.database.read() as session:
        events = session.exec(select(Event).where(Event.type == "item.changed").order_by(col(Event.sequence))).all()
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "item.updated")).all()
    assert [event.subject for event in events] == [f"itm_{key}" for key in desk.films[:2]]
    assert {(event.audience, tuple(event.changed_fields or ())) for event in events} == {
        (f"library:{desk.house.open_library}", ("releaseDate", "title"))
    }
    assert {entry.subject for entry in entries} == {f"itm_{key}" for key in desk.films[:2]}
    assert {entry.actor for entry in entries} == {f"usr_{desk.house.users['editor'].id}"}


async def test_a_hundred_cost_little_more_statements_than_two(desk: Desk, written: Callable[[], Any]) -> None:
    films = desk.add_films(100)
    changes = {
        "year": 1999, "genres": {"add": ["New"]}, "tags": {"add": ["seen"]}, "isMonitored": False,
        "replace": [{"field": "title", "find": "More", "replace": "Most"}], "edition": "Long",
    }  # fmt: skip
    with written() as few:
        done = await desk.same(films[:2], changes)
    assert done["counts"]["changed"] == 2
    with written() as many:
        done = await desk.same(films[2:], changes)
    assert done["counts"]["changed"] == 98
    assert len(many) <= len(few) + 3, (len(few), len(many))
    assert len(many) < 75
