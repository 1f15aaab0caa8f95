"""What a newcomer comes for, done from the playground alone: its examples, its documentation, its words about mistakes.

Each test begins at the demo household with a new browser. The typical mistakes of a task are made, too: what the page
says of them has to say what to do.
"""

import shutil
from pathlib import Path

import pytest

from tests.playground.desk import Desk
from tests.playground.household import Household

pytestmark = pytest.mark.slow


def titles(connection: dict[str, list[dict[str, str]]]) -> list[str]:
    return [each["title"] for each in connection["nodes"]]


async def test_films_of_the_nineties_without_a_poster(desk: Desk) -> None:
    about = await desk.look_up("MissingPart", "MissingPart")
    assert "A shown poster." in about
    await desk.example("Filter and sort any list")
    assert titles(await desk.data("NinetiesWithoutPoster")) == ["The Tinsmiths Atlas"]

    await desk.write("{ movies(where: { year: 1996, missing: [poster] }) { nodes { title } } }")
    assert await desk.problem() == (
        "Expected value of type 'IntFilter' to be an object, found: 1996. Write { eq: … }; it takes eq, in, gte, lte."
    )
    await desk.write("{ movies(where: { missing: [poster] }) { nodes { title } } }")
    assert (await desk.problem()).startswith(
        "Value 'poster' does not exist in 'MissingPart' enum. Did you mean the enum value 'POSTER'? It has POSTER, "
    )
    await desk.write("{ movies(where: { missing: [POSTER] }) { title } }")
    assert await desk.problem() == "Cannot query field 'title' on type 'MovieConnection'. Its entries are in `nodes { … }`."
    await desk.write("{ movies(first: 1000) { nodes { title } } }")
    assert await desk.problem() == "'first' must be between 0 and 500; for more go on with `after: pageInfo.endCursor`."
    await desk.write("{ movies(first: 500) { nodes { credits(first: 100) { nodes { role } } } } }")
    assert (await desk.problem()).endswith("20,000 are allowed. Ask for smaller pages (`first`) or fewer lists within lists.")


async def test_locking_a_title(desk: Desk) -> None:
    await desk.example("Filter and sort any list")
    [film] = (await desk.data("NinetiesWithoutPoster"))["nodes"]
    await desk.example("Edit a title, lock fields")
    await desk.fill_in(item={"id": film["id"]}, title="The Tinsmith's Atlas", expectedVersion=7)
    said = await desk.problem("EditTitle")
    assert said == "Somebody changed this item since you read it: look at it again, then send version 1."
    await desk.fill_in(expectedVersion=1)
    edited = (await desk.data("EditTitle"))["mediaItem"]
    assert (edited["title"], edited["version"]) == ("The Tinsmith's Atlas", 2)
    assert [(lock["field"], lock["state"]) for lock in edited["fieldLocks"]] == [("title", "LOCKED")]
    await desk.fill_in(fields=["titel"])
    assert (await desk.problem("LockFields")).startswith(
        "There is no field 'titel' to edit on this. It has title, sortTitle, originalTitle, tagline, plot,"
    )
    await desk.fill_in(fields=["title"])
    assert (await desk.data("UnlockFields"))["mediaItem"]["fieldLocks"] == []
    await desk.fill_in(item={"id": "itm_99999"})
    assert await desk.problem("LockFields") == (
        "There is no such item, or none that you may see. `search` and `mediaItems` tell ids."
    )
    await desk.fill_in(item=film["id"])
    assert "type 'MediaRef' to be an object" in (said := await desk.problem("LockFields"))
    assert said.endswith("Write { id: … }; it takes id, external, path.")


async def test_making_a_library_and_following_its_scan(desk: Desk, demo: Household, tmp_path: Path) -> None:
    shutil.copytree(demo.library / "Films" / "Orchard Static (2023)", tmp_path / "more" / "Orchard Static (2023)")
    await desk.example("Libraries: make one, scan it")
    assert [each["name"] for each in (await desk.data("Libraries"))["nodes"]] == ["Films", "Series"]
    assert await desk.problem("CreateLibrary") == (
        "/media/films does not exist, as this server sees it: name a folder of its own machine or container."
    )
    await desk.fill_in(path=str(demo.library / "Films"))
    assert (await desk.problem("CreateLibrary")).endswith("Films, a folder of another library.")
    await desk.fill_in(path=str(tmp_path / "more"), mediaType="films")
    assert await desk.problem("CreateLibrary") == "A library holds one of: movie, tv."
    await desk.fill_in(mediaType="movie")
    made = (await desk.data("CreateLibrary"))["library"]["id"]
    await desk.fill_in(library="More films")
    assert await desk.problem("ScanLibrary") == (
        "'More films' is not an id: those of libraries look like lib_1 and stand in answers as `id`."
    )
    await desk.fill_in(library=made)
    job = (await desk.data("ScanLibrary"))["job"]["id"]

    await desk.example("Follow a scan while it runs")
    await desk.fill_in(job=job)
    last = (await desk.data("FollowScan"))["node"]  # the stream ends with the job
    assert (last["status"], last["progress"], last["counters"]["items_added"]) == ("COMPLETED", 1, 1)
    await desk.fill_in(job="job_999")
    assert await desk.problem("FollowScan") == "There is no such job. `jobs` lists them."


async def test_paging_through_the_episodes_of_a_series_both_ways(desk: Desk) -> None:
    await desk.example("Series, episodes page by page")
    await desk.fill_in(series={"title": {"eq": "Northlight"}})
    forwards: list[str] = []
    while True:
        page = (await desk.data("EpisodePage"))["nodes"][0]["episodes"]
        forwards += titles(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        await desk.fill_in(after=page["pageInfo"]["endCursor"])
    assert (len(forwards), forwards[:2], forwards[-1]) == (8, ["First Dark", "The Ice Log"], "Making the Aurora")
    backwards: list[str] = []
    while True:
        page = (await desk.data("LastEpisodes"))["nodes"][0]["episodes"]
        backwards = titles(page) + backwards
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        await desk.fill_in(before=page["pageInfo"]["startCursor"])
    assert backwards == forwards
    await desk.fill_in(after="2")
    assert await desk.problem("EpisodePage") == (
        "This cursor does not belong to this list and order: begin without it, or repeat the `orderBy` it came with."
    )


async def test_renaming_many_rehearsed_done_and_undone(desk: Desk) -> None:
    await desk.example("Rename many at once, undo it")
    await desk.fill_in(where={"kind": ["MOVIE"], "title": {"contains": "er"}}, find="er", replace="ER")
    rehearsed = await desk.data("RenameMany")
    assert (rehearsed["counts"]["changed"], rehearsed["change"]) == (5, None)
    before = {row["itemId"]: row["fields"][0]["before"] for row in rehearsed["rows"]}
    await desk.fill_in(where={})
    assert await desk.problem("RenameMany") == "Name at least one condition: this would be every item."
    await desk.fill_in(where={"title": "er"})
    assert (await desk.problem("RenameMany")).endswith("Write { eq: … }; it takes eq, in, startsWith, contains.")
    await desk.fill_in(where={"kind": ["MOVIE"], "title": {"contains": "er"}}, dryRun=False)
    done = await desk.data("RenameMany")
    assert [row["fields"] for row in done["rows"]] == [row["fields"] for row in rehearsed["rows"]]
    newest = (await desk.data("Changes"))["nodes"][0]
    assert (newest["id"], newest["changed"], newest["undoneAt"]) == (done["change"]["id"], 5, None)
    await desk.fill_in(change="chg_99")
    assert await desk.problem("UndoChange") == "There is no such change. `changes` lists yours."
    await desk.fill_in(change=newest["id"])
    undone = await desk.data("UndoChange")
    assert {row["item"]["id"]: row["item"]["title"] for row in undone["rows"]} == before


async def test_revoking_a_token(desk: Desk) -> None:
    await desk.example("API tokens for programs")
    await desk.fill_in(scopes=["read"])
    assert (await desk.problem("CreateToken")).endswith("It has READ, WRITE, SCROBBLE, JOBS, ADMIN, WEBHOOK.")
    await desk.fill_in(scopes=["READ"])
    made = await desk.data("CreateToken")
    await desk.fill_in(token=made["token"])
    assert (await desk.problem("RevokeToken")).endswith("those of api tokens look like tok_1 and stand in answers as `id`.")
    listed = (await desk.data("Tokens"))["tokens"]["nodes"][0]
    assert (listed["hint"], listed["revokedAt"]) == (made["token"][-4:], None)
    await desk.fill_in(token=listed["id"])
    assert (await desk.data("RevokeToken"))["apiToken"]["revokedAt"] is not None
    await desk.fill_in(token="tok_99")
    assert await desk.problem("RevokeToken") == "There is no such token. `viewer { tokens }` lists yours."


async def test_finding_a_misspelt_film(desk: Desk) -> None:
    await desk.example("Search, misspelt words too")
    for query in ("lanternkeper", "zenith cafe", "Harbor of glas"):
        await desk.fill_in(query=query)
        best = (await desk.data("Search"))["nodes"][0]["node"]
        assert best["title"] in {"The Lanternkeeper", "Zénith Café", "Harbour of Glass"}
    await desk.write('{ search(query: "lantern", types: [FILM]) { nodes { score } } }')
    assert "It has MOVIE, SERIES, SEASON," in await desk.problem()


async def test_who_plays_in_a_film_and_what_else_they_did(desk: Desk) -> None:
    await desk.example("People: what else they did")
    await desk.fill_in(title="harbour of glass")
    cast = (await desk.data("WhoPlaysIn"))["nodes"][0]["credits"]["nodes"]
    assert [(each["role"], each["person"]["name"]) for each in cast] == [
        ("Noor", "Adaeze Lindqvist"),
        ("Inspector Vale", "Kit Amari"),
        ("The Tenant", "Tom Hallow"),
    ]
    await desk.fill_in(name="Kit Amari")
    [person] = (await desk.data("WhatElse"))["nodes"]
    assert {each["item"]["title"]: each["role"] for each in person["credits"]["nodes"]} == {
        "Harbour of Glass": "Inspector Vale",
        "Northlight": "Sol",
    }


async def test_taking_something_from_the_review_queue(desk: Desk) -> None:
    await desk.example("What waits for your decision")
    [question] = (await desk.data("ReviewQueue"))["nodes"]
    assert (question["reason"], question["item"]["title"]) == ("uncertain_name", "tidal final")
    await desk.fill_in(question=question["item"]["id"])
    assert (await desk.problem("ResolveReview")).endswith("is not the id of one of review items: those begin with rev_.")
    await desk.fill_in(question=question["id"])
    own = """mutation Own($question: ID!) { resolveReview(input: { id: $question, choice: %s }) {
      reviewItem { status item { title year } } errors { ... on UserError { message } } } }"""
    await desk.write(own % "{ candidate: 3 }", question=question["id"])
    assert await desk.problem() == "`candidate` goes from 0 to 0; `identity` says what else it is."
    await desk.write(own % "{}", question=question["id"])
    assert (await desk.problem()).endswith("Give one of candidate, identity.")
    await desk.write(own % '{ identity: { kind: MOVIE, title: "Tidal", year: 2020 } }', question=question["id"])
    decided = (await desk.data())["reviewItem"]
    assert decided == {"status": "RESOLVED", "item": {"title": "Tidal", "year": 2020}}


async def test_a_member_with_an_age_limit_sees_less(desk: Desk) -> None:
    await desk.example("Users, limits, lost passwords")
    member = {"username": "kim", "password": "short", "libraries": ["lib_9"], "maxAge": 12, "seesUnrated": False}
    await desk.fill_in(member=member)
    assert await desk.problem("CreateMember") == "A password has at least 8 characters."
    await desk.fill_in(member=member | {"password": "a good password"})
    assert await desk.problem("CreateMember") == "There is no library lib_9. `libraries` lists them."
    await desk.example("Libraries: make one, scan it")
    films = next(each["id"] for each in (await desk.data("Libraries"))["nodes"] if each["name"] == "Films")
    await desk.example("Users, limits, lost passwords")
    await desk.fill_in(member=member | {"password": "a good password", "libraries": [films]})
    assert (await desk.data("CreateMember"))["user"]["maxAge"] == 12

    await desk.sign_out()
    await desk.sign_in("kim", "a good password")
    await desk.example("Films, with all about them")
    assert sorted(titles(await desk.data())) == ["Salt Meridian", "The Fog Garden"]
    await desk.example("Delete an item, get it back")
    assert (await desk.problem("DeleteItem")).startswith("This needs a user who may edit the libraries; an administrator can")


async def test_deleting_and_restoring(desk: Desk) -> None:
    await desk.example("Search, misspelt words too")
    await desk.fill_in(query="northlight")
    series = (await desk.data("Search"))["nodes"][0]["node"]["id"]
    await desk.example("Delete an item, get it back")
    await desk.fill_in(item={"id": series}, deleted=series)
    rehearsed = await desk.data("DeleteItem")
    assert (rehearsed["deletedId"], rehearsed["deletedItemCount"]) == (None, 12)
    assert await desk.problem("RestoreItem") == "It is not deleted."
    await desk.fill_in(dryRun=False)
    assert (await desk.data("DeleteItem"))["deletedId"] == series
    assert (await desk.problem("DeleteItem")).startswith("There is no such item, or none that you may see.")
    assert (await desk.data("RestoreItem"))["mediaItem"]["title"] == "Northlight"
