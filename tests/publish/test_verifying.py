"""Verifying: what is not right is listed with its repair; a disk that is away changes nothing."""

import os
from pathlib import Path
from typing import Any

import pytest

from domain.jobs import service as jobs
from domain.jobs.kinds import FETCH_ARTWORK, REPAIR_FILES, VERIFY, Verify
from domain.publish import recycling
from domain.publish.cache_folder import CacheFolder
from domain.publish.verifying import cached
from tests.api.conftest import Client
from tests.libraries.scan.conftest import install
from tests.publish.conftest import FILM, Shelf
from tests.publish.running import run_jobs

PROBLEMS = "{ fileProblems(first: 50) { nodes { id kind path repair error item { title } library { name } } } }"
VERIFYING = "mutation V($deep: Boolean!) { verifyFiles(input: {deep: $deep}) { job { kind } errors { __typename } } }"
REPAIR = """mutation R($ids: [ID!]!, $how: FileRepair) {
  repairFiles(input: {problems: $ids, repair: $how}) { job { id } errors { __typename ... on UserError { path } } }
}"""


class Keeper:
    """An administrator who verifies and repairs."""

    def __init__(self, client: Client, films: Shelf) -> None:
        self.client, self.films = client, films

    def run(self, statement: str) -> None:
        def work(uow: Any) -> None:
            uow.session.connection().exec_driver_sql(statement)

        self.films.database.perform(work)

    async def verify(self, *, deep: bool = False) -> dict[str, Any]:
        assert (await self.client.data(VERIFYING, {"deep": deep}))["verifyFiles"]["errors"] == []
        found: dict[str, Any] = run_jobs(self.films.database, self.client.house.services.settings, VERIFY)[-1]
        return found

    async def problems(self) -> list[tuple[str, str, str | None]]:
        nodes = (await self.client.data(PROBLEMS))["fileProblems"]["nodes"]
        return sorted((one["kind"], one["path"].rpartition("/")[2], one["repair"]) for one in nodes)

    async def repair(self, *kinds: str, how: str | None = None) -> dict[str, Any]:
        nodes = (await self.client.data(PROBLEMS))["fileProblems"]["nodes"]
        ids = [one["id"] for one in nodes if one["kind"] in kinds]
        assert (await self.client.data(REPAIR, {"ids": ids, "how": how}))["repairFiles"]["errors"] == []
        found: dict[str, Any] = run_jobs(self.films.database, self.client.house.services.settings, REPAIR_FILES)[-1]
        return found


@pytest.fixture
def keeper(client: Client, tmp_path: Path) -> Keeper:
    install(client.house.database)
    films = Shelf(client.house.database, tmp_path / "films", name="On disk")
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    (item,) = [key for (key,) in films.rows("SELECT id FROM media_items WHERE library_id = :id", id=films.id)]
    films.cached(item, "poster", b"poster")
    films.cached(item, "fanart", b"fanart")
    films.publisher().publish(item)
    return Keeper(client, films)


def path_of(keeper: Keeper, name: str) -> Path:
    return keeper.films.root / FILM / f"{FILM}{name}"


async def test_files_that_are_gone_changed_bad_or_wrongly_named_are_listed_and_repaired(keeper: Keeper) -> None:
    films = keeper.films
    before = films.state()
    assert (await keeper.verify(deep=True), await keeper.problems()) == ({"items": 1, "skipped": []}, [])
    assert films.state() == before
    path_of(keeper, ".nfo").unlink()
    path_of(keeper, "-fanart.jpg").write_bytes(b"theirs!")
    poster = path_of(keeper, "-poster.jpg")
    times = poster.stat()
    poster.write_bytes(b"p0ster")
    os.utime(poster, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert await keeper.verify() == {"items": 1, "missing": 1, "changed": 1, "skipped": []}
    found = await keeper.verify(deep=True)
    assert found == {"items": 1, "missing": 1, "changed": 1, "corrupt": 1, "skipped": []}
    assert await keeper.problems() == [
        ("CHANGED", f"{FILM}-fanart.jpg", "LEAVE"), ("CORRUPT", f"{FILM}-poster.jpg", "REPLACE"),
        ("MISSING", f"{FILM}.nfo", "PUBLISH"),
    ]  # fmt: skip
    assert await keeper.repair("MISSING", "CORRUPT") == {"repaired": 2, "failures": []}
    assert (poster.read_bytes(), path_of(keeper, "-fanart.jpg").read_bytes()) == (b"poster", b"theirs!")
    assert b"Paper Lanterns" in path_of(keeper, ".nfo").read_bytes()
    assert await keeper.repair("CHANGED", how="REPLACE") == {"repaired": 1, "failures": []}
    assert path_of(keeper, "-fanart.jpg").read_bytes() == b"fanart"
    assert sorted(films.binned()) == [b"p0ster", b"theirs!"]
    assert (await keeper.verify(deep=True), await keeper.problems()) == ({"items": 1, "skipped": []}, [])
    for old in list((films.root / FILM).glob("*.mkv")):
        old.rename(old.with_name("New Name (2019).mkv"))
    films.scan()
    assert (await keeper.verify())["misnamed"] == 3
    assert await keeper.repair("MISNAMED") == {"repaired": 3, "failures": []}
    names = sorted(path.name for path in (films.root / FILM).iterdir())
    assert names == [f"New Name (2019){rest}" for rest in ("-fanart.jpg", "-poster.jpg", ".mkv", ".nfo")]
    assert await keeper.problems() == []


@pytest.mark.parametrize("is_bad", [False, True], ids=["changed", "corrupt"])
async def test_what_a_person_leaves_is_theirs_whatever_is_published_later(keeper: Keeper, is_bad: bool) -> None:
    films, poster = keeper.films, path_of(keeper, "-poster.jpg")
    (item,) = [key for (key,) in films.rows("SELECT id FROM media_items WHERE library_id = :id", id=films.id)]
    times = poster.stat()
    poster.write_bytes(b"p0ster" if is_bad else b"a picture of their own")
    if is_bad:
        os.utime(poster, ns=(times.st_atime_ns, times.st_mtime_ns))
    theirs = poster.read_bytes()
    await keeper.verify(deep=True)
    assert await keeper.repair("CORRUPT" if is_bad else "CHANGED", how="LEAVE") == {"repaired": 1, "failures": []}
    for _ in range(2):
        films.publisher().publish(item)
        assert (poster.read_bytes(), films.binned()) == (theirs, [])
        assert (await keeper.verify(deep=True), await keeper.problems()) == ({"items": 1, "skipped": []}, [])
    poster.unlink()
    films.publisher().publish(item)
    assert poster.read_bytes() == b"poster"
    poster.write_bytes(b"changed again")
    await keeper.verify()
    assert await keeper.problems() == [("CHANGED", f"{FILM}-poster.jpg", "LEAVE")]


@pytest.mark.parametrize("is_left", [False, True], ids=["replaced", "left before"])
async def test_what_a_person_takes_back_is_theirs_and_no_problem(keeper: Keeper, is_left: bool) -> None:
    films, fanart = keeper.films, path_of(keeper, "-fanart.jpg")
    (item,) = [key for (key,) in films.rows("SELECT id FROM media_items WHERE library_id = :id", id=films.id)]
    fanart.write_bytes(b"theirs!")
    await keeper.verify()
    if is_left:
        await keeper.repair("CHANGED", how="LEAVE")
        films.publisher().publish(item, replace={str(fanart)})
    else:
        await keeper.repair("CHANGED", how="REPLACE")
    assert (fanart.read_bytes(), films.binned()) == (b"fanart", [b"theirs!"])
    recycling.restore(films.publisher(), films.one("SELECT id FROM recycle_bin WHERE restored_at IS NULL"))
    for _ in range(2):
        films.publisher().publish(item)
        assert fanart.read_bytes() == b"theirs!"
        assert (await keeper.verify(deep=True), await keeper.problems()) == ({"items": 1, "skipped": []}, [])


async def test_a_disk_that_is_away_changes_nothing(keeper: Keeper, tmp_path: Path) -> None:
    films = keeper.films
    path_of(keeper, ".nfo").unlink()
    await keeper.verify()
    known = await keeper.problems()
    os.rename(films.root, tmp_path / "unmounted")
    os.rename(tmp_path / "cache", tmp_path / "cache unmounted")
    for _ in range(2):
        found = await keeper.verify(deep=True)
        assert (found["items_away"], len(found["skipped"]), await keeper.problems()) == (1, 1, known)
        films.root.mkdir(exist_ok=True)
        (tmp_path / "cache").mkdir(exist_ok=True)
    films.root.rmdir()
    os.rename(tmp_path / "unmounted", films.root)
    failed = await keeper.repair("MISSING")
    assert failed == {"repaired": 1, "failures": []} or failed["failures"][0]["code"] == "PATH_UNUSABLE"


async def test_a_cache_that_goes_away_while_it_is_verified_stops_that_and_every_repair_in_it(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films, cache, away = keeper.films, tmp_path / "cache", tmp_path / "unmounted"
    for number in range(9):
        films.keep(b"filling %d" % number)
    places = [path for (path,) in films.rows("SELECT path FROM cached_files ORDER BY path")]
    (cache / places[-1]).unlink()
    monkeypatch.setattr(cached, "is_offered", lambda _: False)
    real, asked = CacheFolder.files, list[str]()

    def files(folder: CacheFolder, prefix: str, **options: Any) -> Any:
        asked.append(prefix)
        if len(asked) == len({place[:2] for place in places}) + 2:  # surveyed once, then gone in the middle
            os.rename(cache, away)
            cache.mkdir()
        return real(folder, prefix, **options)

    monkeypatch.setattr(CacheFolder, "files", files)
    found = await keeper.verify(deep=True)
    assert len(found["skipped"]) == 1
    assert "repaired" not in found
    assert list(cache.rglob("*")) == []
    monkeypatch.undo()
    assert len(await keeper.problems()) <= 1
    cache.rmdir()
    os.rename(away, cache)
    assert (await keeper.verify())["cache_missing"] == 1
    os.rename(cache, away)
    cache.mkdir()
    failed = await keeper.repair("CACHE_MISSING")
    assert [one["code"] for one in failed["failures"]] in (["PATH_UNUSABLE"], [])
    assert list(cache.rglob("*")) == []


async def test_automation_repairs_what_is_ours_where_it_publishes_and_the_cache_from_published_copies(
    keeper: Keeper, tmp_path: Path
) -> None:
    films = keeper.films
    keeper.run("UPDATE libraries SET auto_publish = true")
    path_of(keeper, ".nfo").unlink()
    path_of(keeper, "-fanart.jpg").write_bytes(b"theirs!")
    for number in range(9):  # so that the loss is not taken for that of the disk
        films.keep(b"filling %d" % number)
    (place,) = [path for (path,) in films.rows("SELECT path FROM cached_files WHERE size_bytes = 6 ORDER BY id LIMIT 1")]
    (tmp_path / "cache" / place).write_bytes(b"rotten")
    found = await keeper.verify(deep=True)
    assert found == {"items": 1, "missing": 1, "changed": 1, "cache_corrupt": 1, "repaired": 2, "skipped": []}
    assert await keeper.problems() == [("CHANGED", f"{FILM}-fanart.jpg", "LEAVE")]
    assert (tmp_path / "cache" / place).read_bytes() == b"poster"
    assert path_of(keeper, ".nfo").exists()
    assert await keeper.repair("CHANGED") == {"repaired": 1, "failures": []}
    assert path_of(keeper, "-fanart.jpg").read_bytes() == b"theirs!"
    assert (await keeper.verify(deep=True)) == {"items": 1, "skipped": []}


async def test_what_lies_beside_a_deleted_item_and_what_only_a_provider_has(keeper: Keeper, tmp_path: Path) -> None:
    films = keeper.films
    for number in range(9):
        films.keep(b"filling %d" % number)
    lost, digest = films.keep(b"lost")
    (item,) = [key for (key,) in films.rows("SELECT id FROM media_items WHERE library_id = :id", id=films.id)]
    now = "'2026-01-01T00:00:00.000000Z'"
    keeper.run(
        "INSERT INTO image_candidates (entity_id, asset_type, provider, url, score, is_blocked, cached_file_id, created_at,"
        f" updated_at) VALUES ({item}, 'banner', 'tmdb', 'https://image.tmdb.org/x.jpg', 1, false, {lost}, {now}, {now})"
    )
    (tmp_path / "cache" / digest[:2] / digest[2:4] / f"{digest}.jpg").unlink()
    keeper.run(f"UPDATE media_items SET deleted_at = {now} WHERE id = {item}")
    found = await keeper.verify()
    assert (found["orphaned"], found["cache_missing"], found["repaired"]) == (3, 1, 1)
    assert films.one("SELECT payload FROM jobs WHERE kind = :kind", kind=FETCH_ARTWORK.name) is not None
    assert films.one("SELECT cached_file_id FROM image_candidates WHERE provider = 'tmdb'") is None
    assert {problem[2] for problem in await keeper.problems()} == {"REMOVE"}
    assert await keeper.repair("ORPHANED") == {"repaired": 3, "failures": []}
    assert [path.name for path in (films.root / FILM).iterdir()] == [f"{FILM}.mkv"]
    assert len(films.binned()) == 3


async def test_who_may_not_and_what_cannot_be(keeper: Keeper) -> None:
    client = keeper.client
    path_of(keeper, ".nfo").unlink()
    with keeper.films.database.transaction() as uow:
        jobs.enqueue(uow, VERIFY, Verify(library_id=keeper.films.id))
    run_jobs(keeper.films.database, client.house.services.settings, VERIFY)
    (problem,) = (await client.data(PROBLEMS))["fileProblems"]["nodes"]
    assert (problem["library"]["name"], problem["item"]["title"]) == ("On disk", "Paper Lanterns")
    for ids, how, path in (
        ([problem["id"]], "REMOVE", ["repair"]), ([], None, ["problems"]), (["prb_999"], None, ["problems"]),
        ([problem["id"]] * 101, None, ["problems"]), (["itm_1"], None, ["problems"]),
    ):  # fmt: skip
        payload = (await client.data(REPAIR, {"ids": ids, "how": how}))["repairFiles"]
        assert [error["path"] for error in payload["errors"]] == [path]
    for document, variables in ((PROBLEMS, {}), (VERIFYING, {"deep": True}), (REPAIR, {"ids": [problem["id"]]})):
        answer = (await client.send(document, variables, who="editor")).json()
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
