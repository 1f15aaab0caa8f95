"""Libraries, scans, the review queue and editing, through GraphQL as clients use them."""

from pathlib import Path
from typing import Any

import pytest

from domain.accounts.enums import Scope
from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.jobs.tables import Job
from domain.libraries import access_service
from domain.libraries.applying.doubts import UNKNOWN_NAME
from domain.libraries.tables import Library
from domain.settings import Settings
from tests.api.conftest import Client, House, client, empty_house, house
from tests.factories import accounts
from tests.factories.shelves import Shelf

assert client
assert empty_house
assert house

pytestmark = pytest.mark.both

VERSION = "... on VersionConflictError { current }"
CANDIDATES = "... on AmbiguousReferenceError { candidates }"


def mutation(name: str, fields: str, more: str = "") -> str:
    """A mutation with its payload's `fields`; `more` are fields of its own errors."""
    errors = f"errors {{ __typename ... on UserError {{ code message path }} {more} }}"
    type_ = name[0].upper() + name[1:] + "Input!"
    return f"mutation($input: {type_}) {{ {name}(input: $input) {{ {fields} {errors} }} }}"


COUNTS = "deletedItemCount keptItemCount forgottenFileCount"
RESOLVED = "reviewItem { status file { uses { item { title year } } } } job { kind }"
EDITED = "mediaItem { id title plot isMonitored version genres { name } fieldLocks { field state } }"
CREATE = mutation("createLibrary", "library { id name paths { path } } clientMutationId")
UPDATE = mutation("updateLibrary", "library { name version }", VERSION)
DELETE = mutation("deleteLibrary", f"deletedId {COUNTS}")
SCAN = mutation("scanLibrary", "job { id kind subject }", "... on ScanUnderWayError { since progress }")
RESOLVE = mutation("resolveReview", RESOLVED, CANDIDATES)
REJECT = mutation("rejectReview", "reviewItem { status }")
REOPEN = mutation("reopenReview", "reviewItem { status }")
EDIT = mutation("updateMediaItem", EDITED, f"{VERSION} {CANDIDATES}")
LOCK = mutation("lockFields", "mediaItem { fieldLocks { field } }", VERSION)
UNLOCK = mutation("unlockFields", "mediaItem { fieldLocks { field } }", VERSION)
REMOVE = mutation("deleteMediaItem", "deletedId deletedItemCount", VERSION)
RESTORE = mutation("restoreMediaItem", "mediaItem { title }")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The server's own folder lies beside the media."""
    return Settings(data_dir=tmp_path / "data", DATABASE_URL=database_url, event_poll_s=30)


async def act(client: Client, operation: str, *, who: str = "admin", **values: Any) -> Any:
    """The payload of a mutation."""
    data = await client.data(operation, {"input": values}, who=who)
    return next(iter(data.values()))


def helper(house: House) -> None:
    """An editor who sees the open library only."""
    user = accounts.make_user(house.database, "helper", can_edit=True)
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=user.id, library_ids=[house.open_library])
    house.tokens["helper"] = accounts.make_token(house.database, user, Scope.READ, Scope.WRITE, Scope.JOBS)


async def test_the_life_of_a_library(client: Client, house: House, tmp_path: Path) -> None:
    folder = tmp_path / "media" / "films"
    folder.mkdir(parents=True)
    made = {"name": "Films", "mediaType": "movie", "paths": [f"{folder}/"], "idempotencyKey": "k", "clientMutationId": "c"}
    first = await act(client, CREATE, **made)
    assert first["errors"] == []
    assert (first["library"]["name"], first["library"]["paths"]) == ("Films", [{"path": str(folder)}])
    assert first["clientMutationId"] == "c"
    assert await act(client, CREATE, **made) == first
    assert len(house.rows(Library)) == 3
    key = first["library"]["id"]
    assert (await client.data("query($id: ID!) { library(id: $id) { name } }", {"id": key}))["library"] == {"name": "Films"}
    assert (await client.data('{ library(id: "lib_999") { name } }'))["library"] is None
    (error,) = (await act(client, CREATE, name="More", mediaType="movie", paths=[str(folder / "none")]))["errors"]
    assert (error["__typename"], error["code"], error["path"]) == ("PathUnusableError", "PATH_UNUSABLE", ["paths"])
    (error,) = (await act(client, CREATE, name="films", mediaType="movie", paths=[str(tmp_path / "media")]))["errors"]
    assert (error["__typename"], error["path"]) == ("ConflictError", ["name"])

    schedule = {"cron": "30 4 * * *", "zone": "Europe/Berlin"}
    changed = await act(client, UPDATE, id=key, name="Cinema", schedule=schedule, expectedVersion=1)
    assert changed == {"library": {"name": "Cinema", "version": 2}, "errors": []}
    (error,) = (await act(client, UPDATE, id=key, name="Kino", expectedVersion=1))["errors"]
    assert (error["__typename"], error["current"]) == ("VersionConflictError", 2)

    scan = await act(client, SCAN, library=key, path=str(folder / "Alien"), idempotencyKey="s")
    assert (scan["job"]["kind"], scan["job"]["subject"], scan["errors"]) == ("libraries.scan", key, [])
    assert await act(client, SCAN, library=key, path=str(folder / "Alien"), idempotencyKey="s") == scan
    (error,) = (await act(client, SCAN, library=key, path="/elsewhere"))["errors"]
    assert (error["__typename"], error["path"]) == ("PathUnusableError", ["path"])

    counts = {"deletedItemCount": 0, "keptItemCount": 0, "forgottenFileCount": 0, "errors": []}
    assert await act(client, DELETE, id=key, dryRun=True) == {"deletedId": None, **counts}
    assert await act(client, DELETE, id=key) == {"deletedId": key, **counts}
    (error,) = (await act(client, DELETE, id=key))["errors"]
    assert error["__typename"] == "NotFoundError"
    assert [job.status.value for job in house.rows(Job)] == ["cancelled"]


async def test_who_may_do_what(client: Client, house: House) -> None:
    helper(house)
    library, closed = f"lib_{house.open_library}", f"lib_{house.closed_library}"
    film, hidden = f"itm_{house.adult_film}", f"itm_{house.closed_film}"
    for who, operation, values in (
        ("editor", CREATE, {"name": "X", "mediaType": "movie", "paths": ["/x"]}),
        ("editor", UPDATE, {"id": library, "name": "X"}),
        ("editor", DELETE, {"id": library}),
        ("member", SCAN, {"library": library}),
        ("member", EDIT, {"item": {"id": film}, "title": "X"}),
        ("member", LOCK, {"item": {"id": film}, "fields": ["title"]}),
        ("member", REMOVE, {"item": {"id": film}}),
        ("member", RESTORE, {"id": film}),
        ("member", RESOLVE, {"id": "rev_1", "choice": {"candidate": 0}}),
    ):
        answer = (await client.send(operation, {"input": values}, who=who)).json()
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", operation
    for operation, values in (
        (SCAN, {"library": closed}),
        (EDIT, {"item": {"id": hidden}, "title": "X"}),
        (LOCK, {"item": {"id": hidden}, "fields": ["title"]}),
        (REMOVE, {"item": {"id": hidden}}),
        (RESOLVE, {"id": "rev_1", "choice": {"candidate": 0}}),
    ):
        (error,) = (await act(client, operation, who="helper", **values))["errors"]
        assert error["__typename"] == "NotFoundError", operation
    assert (await act(client, SCAN, who="helper", library=library))["errors"] == []
    assert (await act(client, EDIT, who="helper", item={"id": film}, title="X"))["errors"] == []


async def test_a_scan_that_somebody_else_asked_for_is_told_with_its_progress(client: Client, house: House) -> None:
    helper(house)
    library = f"lib_{house.open_library}"
    mine = await act(client, SCAN, who="helper", library=library)
    assert await act(client, SCAN, who="helper", library=library) == mine
    assert await act(client, SCAN, library=library) == mine  # an administrator sees every job
    assert (await act(client, SCAN, library=f"lib_{house.closed_library}"))["errors"] == []
    other = accounts.make_user(house.database, "other", can_edit=True)
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=other.id, library_ids=[house.open_library])
        uow.session.connection().exec_driver_sql("UPDATE jobs SET progress = 0.25")
    house.tokens["other"] = accounts.make_token(house.database, other, Scope.READ, Scope.JOBS)
    answer = await act(client, SCAN, who="other", library=library)
    (error,) = answer["errors"]
    assert answer["job"] is None
    assert (error["__typename"], error["code"], error["progress"]) == ("ScanUnderWayError", "ALREADY_UNDER_WAY", 0.25)
    assert error["since"]


async def test_no_library_is_made_of_a_link_into_another(client: Client, house: House, tmp_path: Path) -> None:
    folder = tmp_path / "media" / "films"
    folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    made = await act(client, CREATE, name="One", mediaType="movie", paths=[str(folder)])
    (error,) = (await act(client, CREATE, name="Two", mediaType="movie", paths=[str(tmp_path / "link")]))["errors"]
    assert (error["__typename"], error["path"]) == ("PathUnusableError", ["paths"])
    assert (await act(client, UPDATE, id=made["library"]["id"], paths=[str(tmp_path / "link")]))["errors"] == []


async def test_editing_and_locking(client: Client, house: House) -> None:
    film = f"itm_{house.adult_film}"
    edited = await act(client, EDIT, who="editor", item={"id": film}, title="The Alien", genres=["Horror"], isMonitored=False)
    assert edited["errors"] == []
    item = edited["mediaItem"]
    assert (item["title"], item["genres"], item["isMonitored"], item["version"]) == ("The Alien", [{"name": "Horror"}], False, 2)
    assert {(lock["field"], lock["state"]) for lock in item["fieldLocks"]} == {("title", "LOCKED"), ("genres", "LOCKED")}
    (error,) = (await act(client, EDIT, item={"id": film}, plot="x", expectedVersion=1))["errors"]
    assert (error["code"], error["current"]) == ("VERSION_CONFLICT", 2)
    (error,) = (await act(client, EDIT, item={"id": film}, title=""))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["title"])
    unlocked = await act(client, EDIT, item={"id": film}, genres=None, plot="In space.", lock=False)
    assert (unlocked["mediaItem"]["genres"], unlocked["mediaItem"]["plot"]) == ([], "In space.")
    locked = await act(client, LOCK, item={"id": film}, fields=["plot", "sortTitle", "artwork.poster"])
    names = {lock["field"] for lock in locked["mediaItem"]["fieldLocks"]}
    assert names == {"title", "genres", "plot", "sort_title", "artwork.poster"}
    freed = await act(client, UNLOCK, item={"id": film}, fields=["title", "genres", "plot", "sort_title"])
    assert freed["mediaItem"]["fieldLocks"] == [{"field": "artwork.poster"}]
    (error,) = (await act(client, LOCK, item={"id": film}, fields=["budget"]))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["fields"])


async def test_items_by_what_scripts_know(client: Client, house: House) -> None:
    helper(house)
    with house.database.transaction() as uow:
        for key in (house.adult_film, house.closed_film):
            add_external_ids(uow, {key: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", "348")])})
    external = {"external": {"provider": "tmdb", "namespace": "movie", "value": "348"}}
    (error,) = (await act(client, EDIT, item=external, title="X"))["errors"]
    assert (error["code"], error["path"]) == ("AMBIGUOUS_REFERENCE", ["item"])
    assert error["candidates"] == [f"itm_{house.adult_film}", f"itm_{house.closed_film}"]
    chosen = await act(client, EDIT, item=external, library=f"lib_{house.closed_library}", title="X")
    assert chosen["mediaItem"]["id"] == f"itm_{house.closed_film}"
    find = "query($ref: MediaRef!, $library: ID) { mediaItem(ref: $ref, library: $library) { __typename id title } }"
    found = await client.data(find, {"ref": external}, who="helper")
    assert found["mediaItem"] == {"__typename": "Movie", "id": f"itm_{house.adult_film}", "title": "Alien"}
    assert (await client.data(find, {"ref": {"path": "/nowhere"}}))["mediaItem"] is None
    assert (await client.data(find, {"ref": {"id": f"itm_{house.closed_film}"}}, who="helper"))["mediaItem"] is None
    (refusal,) = (await client.send(find, {"ref": external}, who="admin")).json()["errors"]
    assert refusal["extensions"]["code"] == "AMBIGUOUS_REFERENCE"
    assert refusal["extensions"]["candidates"] == error["candidates"]
    for wrong in ({}, {"id": "itm_1", "path": "/x"}, {"id": None}):
        answer = (await client.send(find, {"ref": wrong}, who="admin")).json()
        assert "data" not in answer or answer["data"] is None or answer["data"]["mediaItem"] is None
        assert answer["errors"], wrong


async def test_deleting_and_restoring(client: Client, house: House) -> None:
    helper(house)
    film, hidden = f"itm_{house.adult_film}", f"itm_{house.closed_film}"
    assert await act(client, REMOVE, item={"id": film}, dryRun=True) == {"deletedId": None, "deletedItemCount": 1, "errors": []}
    assert await act(client, REMOVE, item={"id": film}) == {"deletedId": film, "deletedItemCount": 1, "errors": []}
    await act(client, REMOVE, item={"id": hidden})
    assert (await client.data("query($id: ID!) { node(id: $id) { id } }", {"id": film}))["node"] is None
    assert await act(client, RESTORE, who="helper", id=film) == {"mediaItem": {"title": "Alien"}, "errors": []}
    (error,) = (await act(client, RESTORE, who="helper", id=hidden))["errors"]
    assert error["__typename"] == "NotFoundError"
    assert (await act(client, RESTORE, id=hidden))["mediaItem"] == {"title": "Brazil"}
    (error,) = (await act(client, RESTORE, id=hidden))["errors"]
    assert error["__typename"] == "ConflictError"


async def test_the_review_queue(client: Client, house: House) -> None:
    with house.database.transaction() as uow:
        shelf = Shelf(uow, house.open_library, 0, "movie").with_root("/media/open")
        question = f"rev_{shelf.review(UNKNOWN_NAME, file=shelf.file('Odd/x.mkv'))}"
        other = f"rev_{shelf.review(UNKNOWN_NAME, file=shelf.file('Odd/y.mkv'))}"
    identity = {"kind": "MOVIE", "title": "Alien 3", "year": 1992}
    done = await act(client, RESOLVE, who="editor", id=question, choice={"identity": identity})
    assert done["errors"] == []
    assert done["reviewItem"]["status"] == "RESOLVED"
    assert done["reviewItem"]["file"]["uses"] == [{"item": {"title": "Alien 3", "year": 1992}}]
    assert done["job"] == {"kind": "libraries.scan"}
    (error,) = (await act(client, RESOLVE, who="editor", id=question, choice={"identity": identity}))["errors"]
    assert error["__typename"] == "ConflictError"
    (error,) = (await act(client, RESOLVE, who="editor", id=other, choice={"candidate": 0}))["errors"]
    assert (error["__typename"], error["path"]) == ("InvalidError", ["choice", "candidate"])
    assert (await act(client, REJECT, who="editor", id=other))["reviewItem"] == {"status": "REJECTED"}
    assert (await act(client, REOPEN, who="editor", id=other))["reviewItem"] == {"status": "PENDING"}
