"""Fetching pictures: what selection wants is downloaded, looked at, kept once and shown; failures leave things as they are."""

from datetime import timedelta
from typing import Any

import pytest

from domain.jobs.enums import JobStatus
from domain.jobs.tables import Job
from domain.kit import clock
from domain.providers.builtin import install_builtins as install_providers
from tests.artwork.conftest import FILM, Gallery, drawing, encoded
from tests.artwork.offers import Shop, shop
from tests.peers.web import HTML, Given, broken, elsewhere, enough


@pytest.fixture
async def store(gallery: Gallery) -> Any:
    await gallery.work()
    with shop(gallery) as found:
        yield found


def state(store: Shop) -> list[Any]:
    """All that is shown and kept, as the database and the disk have it."""
    cache = store.gallery.house.services.settings.data_dir / "cache"
    files = sorted((str(path.relative_to(cache)), path.stat().st_size) for path in cache.rglob("*") if path.is_file())
    uses = store.rows("SELECT id, rank, token, cached_file_id, media_file_id FROM assets ORDER BY id")
    return [uses, store.rows("SELECT sha256, released_at FROM cached_files ORDER BY id"), files]


async def test_the_best_are_downloaded_after_the_local_ones_up_to_the_limit_and_a_second_run_asks_nothing(store: Shop) -> None:
    for number, name in enumerate(("a", "b", "c", "d")):
        store.put(name, encoded(drawing(40 + number)))
    store.put("again", encoded(drawing(40), "PNG"), "image/png")
    store.offer(*(store.picture(name, votes=votes) for name, votes in zip("abcd", (400, 10, 30, 20), strict=True)),
                store.picture("again", votes=300))  # fmt: skip
    job = await store.fetch(store.gallery.key)
    assert (job.status, store.shown()) == (JobStatus.COMPLETED, ["poster.jpg", "a", "c"])
    assert job.result == {"looked_at": 1, "downloaded": 3, "reused": 0, "failed": 0, "changed": 2, "bytes": job.result["bytes"]}
    assert (sorted(store.asked), store.failures()) == (["a", "again", "c"], {})
    assert store.rows("SELECT count(*) FROM image_variants v JOIN cached_files c ON c.id = v.cached_file_id"
                      " JOIN assets a ON a.cached_file_id = c.id WHERE a.source_url LIKE '%/a'") == [(3,)]  # fmt: skip
    before = state(store)
    again = await store.fetch(library_id=store.gallery.disk.id)
    assert (again.result["downloaded"], again.result["changed"], len(store.asked)) == (0, 0, 3)
    assert state(store) == before
    sizes = store.rows("SELECT DISTINCT width, height, source_type FROM image_candidates c JOIN assets a ON a.candidate_id = c.id"
                       " WHERE c.provider = 'tmdb'")  # fmt: skip
    assert sizes == [(1000, 1500, "provider")]


async def test_a_household_puts_local_pictures_where_it_likes_and_switches_them_off(store: Shop) -> None:
    gallery = store.gallery
    with gallery.house.database.transaction() as uow:
        install_providers(uow)
    for number, name in enumerate("ab"):
        store.put(name, encoded(drawing(45 + number)))
    store.offer(*(store.picture(name, votes=votes) for name, votes in zip("ab", (400, 10), strict=True)))
    refreshed = {"library": f"lib_{gallery.disk.id}"}

    async def ordered(*places: Any) -> list[str]:
        given = [{"provider": provider, **more} for provider, more in places]
        said = await gallery.act(
            "setProviderPriorities", "priorities { field }", who="admin", field="artwork.poster", order=given
        )
        assert said["errors"] == []
        assert (await gallery.act("refreshArtwork", "job { id }", **refreshed))["errors"] == []
        await gallery.work()
        return store.shown()

    tmdb, local = "prv_1", "prv_4"
    assert await ordered((tmdb, {})) == ["poster.jpg", "a", "b"]
    assert await ordered((tmdb, {}), (local, {})) == ["a", "b", "poster.jpg"]
    assert await ordered((tmdb, {"fallback": "MERGE"}), (local, {})) == ["a", "b", "poster.jpg"]
    assert await ordered((local, {"fallback": "STOP"}), (tmdb, {})) == ["poster.jpg"]
    assert await ordered((local, {"isEnabled": False})) == ["a", "b"]
    assert await ordered() == ["poster.jpg", "a", "b"]
    chosen = (await gallery.candidates("fanart"))["fanart2.jpg"]
    assert (await gallery.act("chooseArtwork", of=gallery.film, type="fanart", candidates=[chosen["id"]]))["errors"] == []
    switched = await gallery.act("updateProvider", "provider { isEnabled }", who="admin", id=local, isEnabled=False)
    assert switched == {"provider": {"isEnabled": False}, "errors": []}
    assert await ordered() == ["a", "b"]
    assert store.shown("fanart") == ["fanart2.jpg"]
    assert set(await gallery.candidates()) >= {"poster.jpg", "folder.jpg"}


async def test_acceptance_2_a_failing_network_leaves_everything_as_it_was(store: Shop) -> None:
    """13.6, check 2: no local image goes unless a replacement was stored; a failing network leaves state identical."""
    store.put("fine", encoded(drawing(50)))
    store.offer(store.picture("fine", votes=10))
    await store.fetch(store.gallery.key)
    before = state(store)
    assert store.shown() == ["poster.jpg", "fine"]
    faults: dict[str, Given] = {
        "html": HTML, "cut": Given(body=encoded(drawing(51))[:9000], headers={"content-type": "image/jpeg"}),
        "off": Given(body=encoded(drawing(51)), headers={"content-type": "image/jpeg"}, sent_bytes=5000),
        "lan": elsewhere("http://192.168.1.1/poster.jpg"), "ill": broken(), "gone": Given(404), "no": Given(403),
        "text": Given(body=b"oops" * 500, headers={"content-type": "image/jpeg"}), "enough": enough("3600"),
    }  # fmt: skip
    store.answers |= {f"/{name}": given for name, given in faults.items()}
    store.offer(store.picture("fine", votes=10), *(store.picture(name, votes=900 + n) for n, name in enumerate(faults)))
    job = await store.fetch(store.gallery.key)
    assert (job.status, job.result["downloaded"]) == (JobStatus.COMPLETED, 0)
    assert state(store) == before
    found = store.failures()
    expected = {
        "html": "not_picture", "cut": "not_picture", "text": "not_picture", "lan": "refused", "ill": "unreachable",
        "off": "unreachable", "gone": "gone", "no": "refused", "enough": "rate_limited",
    }  # fmt: skip
    assert {name: expected[name] for name in found} == found
    assert found["enough"] == "rate_limited"  # the best one: then the server is left alone
    assert "192.168" not in "".join(store.asked)


async def test_a_fault_is_told_tried_again_later_and_the_next_best_is_taken_meanwhile(manual_clock: Any, store: Shop) -> None:
    store.put("second", encoded(drawing(61)))
    store.offer(store.picture("first", votes=900), store.picture("second", votes=1))
    await store.fetch(store.gallery.key)
    assert (store.shown(), store.failures()) == (["poster.jpg", "second"], {"first": "gone"})
    (retry,) = [job for job in store.gallery.house.rows(Job) if job.status is JobStatus.PENDING]
    assert retry.run_at == clock.now() + timedelta(days=30)
    store.put("first", encoded(drawing(60)))
    await store.fetch(store.gallery.key)
    assert sorted(store.asked) == ["first", "second"]
    manual_clock.advance(31 * 86_400)
    await store.gallery.work()
    assert (store.shown(), store.failures()) == (["poster.jpg", "first", "second"], {})


async def test_acceptance_6_the_same_picture_for_two_items_is_one_file_and_one_request(store: Shop) -> None:
    """13.6, check 6: the same TMDB id in two libraries: two items, one cache file per image."""
    other = store.gallery.house.child_film
    store.put("a", encoded(drawing(70)))
    for of in (store.gallery.key, other):
        store.offer(store.picture("a", votes=1), of=of)
    await store.fetch(store.gallery.key, other)
    assert store.asked == ["a"]
    third = store.gallery.house.adult_film
    store.offer(store.picture("a", votes=1), of=third)
    job = await store.fetch(third)
    assert (job.result["downloaded"], job.result["reused"], store.asked) == (0, 1, ["a"])
    uses = store.rows("SELECT entity_id, cached_file_id, token FROM assets WHERE provider = 'tmdb'")
    assert {row[0] for row in uses} == {store.gallery.key, other, third}
    assert (len({row[1] for row in uses}), len({row[2] for row in uses})) == (1, 3)


async def test_two_providers_with_the_same_bytes_and_a_block_of_one(store: Shop) -> None:
    data = encoded(drawing(71))
    store.put("a", data)
    store.put("b", data)
    store.offer(store.picture("a", votes=10))
    store.offer(store.picture("b", votes=9), provider="fanarttv")
    await store.fetch(store.gallery.key)
    assert store.shown() == ["poster.jpg", "a"]
    assert store.rows("SELECT count(*) FROM assets WHERE source_type = 'provider'") == [(1,)]
    for provider in ("fanarttv", "tmdb"):  # whichever of them was there first
        (key,) = store.rows("SELECT id FROM image_candidates WHERE provider = :p", p=provider)[0]
        assert (await store.gallery.act("blockArtwork", candidate=f"cnd_{key}"))["errors"] == []
        await store.fetch(store.gallery.key)
        assert (store.shown(), sorted(store.asked)) == (["poster.jpg"], ["a", "b"])
        await store.gallery.act("blockArtwork", candidate=f"cnd_{key}", isBlocked=False)
        assert store.shown() == ["poster.jpg", "a"]


async def test_what_a_person_decided_and_what_is_not_monitored_is_left_alone(store: Shop) -> None:
    store.put("a", encoded(drawing(72)))
    store.put("f", encoded(drawing(73, 1920, 1080)))
    store.offer(store.picture("a", votes=10), store.picture("f", "fanart", votes=10))
    candidates = await store.gallery.candidates()
    await store.gallery.act("chooseArtwork", of=store.gallery.film, type="poster", candidates=[candidates["folder.jpg"]["id"]])
    with store.gallery.house.database.transaction() as uow:
        from domain.catalog.tables import MediaItem

        uow.session.get_one(MediaItem, store.gallery.key).is_monitored = False
    await store.fetch(store.gallery.key)
    assert (store.asked, store.shown(), store.shown("fanart")) == ([], ["folder.jpg"], ["fanart.jpg", "fanart2.jpg"])
    await store.fetch(store.gallery.key, user_id=store.gallery.house.users["editor"].id)
    assert (store.asked, store.shown()) == (["f"], ["folder.jpg"])
    assert store.shown("fanart") == ["fanart.jpg", "fanart2.jpg", "f"]


async def test_rules_of_the_type_count_for_what_comes(store: Shop) -> None:
    store.put("small", encoded(drawing(74, 300, 450)))
    store.put("wide", encoded(drawing(75, 1500, 1000)))
    store.put("fine", encoded(drawing(76)))
    store.offer(store.picture("small", votes=900), store.picture("wide", votes=800), store.picture("fine", votes=1),
                store.picture("known", votes=999, width=100, height=150))  # fmt: skip
    await store.fetch(store.gallery.key)
    assert (store.shown(), store.failures()) == (["poster.jpg", "fine"], {"small": "wrong_shape", "wide": "wrong_shape"})
    assert "known" not in store.asked
    assert (store.gallery.disk.root / FILM / "poster.jpg").is_file()
