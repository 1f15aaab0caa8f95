"""What people do with pictures on offer: look at thumbnails, choose what is not here yet, bring one from an address."""

from typing import Any

import pytest

from domain.jobs.enums import JobStatus
from domain.jobs.tables import Job
from tests.artwork.conftest import Gallery, drawing, encoded
from tests.artwork.offers import Shop, shop
from tests.peers.web import HTML, Given, broken, elsewhere

PICKER = """query($item: MediaRef!) { mediaItem(ref: $item) { imageCandidates(type: "poster") { nodes {
    id provider thumbnailUrl isDownloaded isBlocked score breakdown { resolution }
    pendingChoice { position } download { failure failureCount message } image { rank } } } } }"""


@pytest.fixture
async def store(gallery: Gallery) -> Any:
    await gallery.work()
    with shop(gallery) as found:
        gallery.house.services.egress = found.peer.egress()
        yield found


async def picker(store: Shop) -> dict[str, Any]:
    """The candidates by the name of their picture."""
    nodes = (await store.gallery.client.data(PICKER, {"item": store.gallery.film["item"]}, who="member"))["mediaItem"]
    names = {f"cnd_{key}": url.rpartition("/")[2] for key, url in store.rows("SELECT id, url FROM image_candidates")}
    return {names[node["id"]]: node for node in nodes["imageCandidates"]["nodes"]}


async def choose(store: Shop, *names: str) -> Any:
    found = await picker(store)
    return await store.gallery.act("chooseArtwork", "images { rank } job { kind }", of=store.gallery.film, type="poster",
                                   candidates=[found[name]["id"] for name in names])  # fmt: skip


async def test_a_choice_of_what_is_not_here_is_recorded_at_once_downloaded_and_shown_in_its_order(store: Shop) -> None:
    store.put("b", encoded(drawing(81)))
    store.offer(store.picture("a", votes=10), store.picture("b", votes=5))
    chosen = await choose(store, "a", "folder.jpg", "b")
    assert (chosen["errors"], chosen["images"], chosen["job"]) == ([], [{"rank": 0}], {"kind": "artwork.refresh"})
    assert store.shown() == ["folder.jpg"]
    found = await picker(store)
    assert {name: (node["pendingChoice"] or {}).get("position") for name, node in found.items()} == {
        "a": 0, "folder.jpg": 1, "b": 2, "poster.jpg": None
    }  # fmt: skip
    await store.gallery.work()
    assert store.shown() == ["folder.jpg", "b"]
    found = await picker(store)
    assert found["a"]["download"] | {"message": ""} == {"failure": "GONE", "failureCount": 1, "message": ""}
    assert (found["a"]["isDownloaded"], found["b"]["isDownloaded"]) == (False, True)
    store.put("a", encoded(drawing(80)))
    store.offer()  # the provider offers it no longer: a choice stands
    asked = await store.gallery.act("refreshArtwork", "job { kind }", of=store.gallery.film)
    assert (asked["errors"], asked["job"]) == ([], {"kind": "artwork.refresh"})
    await store.gallery.work()
    assert store.shown() == ["a", "folder.jpg", "b"]
    assert store.rows("SELECT count(*) FROM image_choices") == [(0,)]
    store.gallery.scan()
    await store.fetch(store.gallery.key)
    assert store.shown() == ["a", "folder.jpg", "b"]


async def test_until_something_chosen_is_here_what_was_shown_stays_and_a_reset_forgets_the_wait(store: Shop) -> None:
    store.offer(store.picture("a", votes=10))
    assert (await choose(store, "a"))["images"] == [{"rank": 0}]
    await store.gallery.work()
    assert store.shown() == ["poster.jpg"]
    reset = await store.gallery.act("resetArtwork", of=store.gallery.film, type="poster")
    assert reset["errors"] == []
    assert store.rows("SELECT count(*) FROM image_choices") == [(0,)]
    await choose(store, "a")
    assert (await store.gallery.act("blockArtwork", candidate=(await picker(store))["a"]["id"]))["errors"] == []
    assert store.rows("SELECT count(*) FROM image_choices") == [(0,)]


async def bring(store: Shop, name: str, **more: Any) -> Job:
    url = name if "://" in name else f"{store.peer.url}/{name}"
    begun = await store.gallery.act("addArtwork", "job { id }", of=store.gallery.film, type="poster", url=url, **more)
    assert begun["errors"] == []
    await store.gallery.work()
    return next(job for job in store.gallery.house.rows(Job) if begun["job"]["id"] == f"job_{job.id}")


async def test_a_picture_from_an_address_is_shown_first_and_kept(store: Shop) -> None:
    store.put("mine.png", encoded(drawing(83), "PNG"), "image/png")
    job = await bring(store, "mine.png", language="de")
    assert (job.status, store.shown()) == (JobStatus.COMPLETED, ["mine.png", "poster.jpg"])
    node = (await store.gallery.candidates())["user"]
    assert (node["image"]["source"], node["width"], job.result["candidate"]) == ("USER", 1000, node["id"])
    store.offer(store.picture("theirs", votes=1))
    store.put("theirs", encoded(drawing(84)))
    await bring(store, "theirs", isShown=False)
    assert (store.shown(), [row[0] for row in store.rows("SELECT provider FROM image_candidates WHERE url LIKE '%/theirs'")]) == (
        ["mine.png", "poster.jpg"], ["tmdb"]
    )  # fmt: skip


async def test_what_cannot_be_taken_from_an_address_is_told(store: Shop) -> None:
    async def at_once(url: str) -> tuple[str, list[str]]:
        answer = await store.gallery.act("addArtwork", "job { id }", of=store.gallery.film, type="poster", url=url)
        return answer["errors"][0]["code"], answer["errors"][0]["path"]

    for url in ("http://192.168.1.1/a.jpg", "http://[::1]/a.jpg", "http://169.254.169.254/x", "ftp://example.org/a",
                "https://user:secret@example.org/a", "https://example.org:8443/a", "nonsense", "http://localhost/a"):  # fmt: skip
        assert await at_once(url) == ("INVALID", ["url"]), url
    both = await store.gallery.act("addArtwork", "job { id }", of=store.gallery.film, type="poster")
    assert both["errors"][0]["code"] == "INVALID"
    store.answers |= {
        "/page": HTML, "/lan": elsewhere("http://10.0.0.1/a.jpg"), "/huge": Given(
            body=bytes(33 * 2**20), headers={"content-type": "image/jpeg"}, sent_bytes=9
        ),
    }  # fmt: skip
    store.put("small", encoded(drawing(85, 100, 150)))
    for name, words in {"page": "not_picture", "lan": "refused", "huge": "too_large", "small": "at least 500 x 750"}.items():
        job = await bring(store, name)
        assert (job.status, words in (job.error or "")) == (JobStatus.FAILED, True), job.error
    assert store.shown() == ["poster.jpg"]


async def test_thumbnails_come_through_us_once_and_never_anything_but_a_picture(store: Shop) -> None:
    data = encoded(drawing(86, 200, 300))
    store.put("a", data)
    store.answers |= {"/page": HTML, "/lan": elsewhere("http://10.0.0.1/a.jpg"), "/ill": broken(),
                      "/svg": Given(body=b"<svg onload='alert(1)'/>", headers={"content-type": "image/svg+xml"})}  # fmt: skip
    store.offer(*(store.picture(name, votes=1) for name in ("a", "page", "lan", "ill", "svg")))
    found, http = await picker(store), store.gallery.client.http
    for _ in range(2):
        answer = await http.get(found["a"]["thumbnailUrl"])
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, data, "image/jpeg")
        assert answer.headers["cache-control"] == "private, max-age=86400"
    assert store.asked == ["a"]
    assert [(await http.get(found[name]["thumbnailUrl"])).status_code for name in ("page", "lan", "ill", "svg")] == [502] * 4
    here = await http.get(found["poster.jpg"]["thumbnailUrl"])
    assert (here.status_code, here.headers["location"].endswith("?w=320")) == (307, True)
    assert (await http.get("/images/candidates/" + "x" * 22)).status_code == 404


async def test_studios_have_logos(store: Shop) -> None:
    from domain.catalog.enums import EntityKind
    from domain.catalog.tables import Entity, Studio

    with store.gallery.house.database.transaction() as uow:
        entity = Entity(kind=EntityKind.STUDIO)
        uow.session.add(entity)
        uow.session.flush()
        key = entity.id
        uow.session.add(Studio(id=key, name="Kite", name_normalized="kite", sort_key="kite"))
    store.put("logo", encoded(drawing(87, 400, 200), "PNG"), "image/png")
    store.offer(store.picture("logo", "logo", votes=1), of=key)
    asked = await store.gallery.act("refreshArtwork", "job { subject }", of={"studio": f"stu_{key}"})
    assert (asked["errors"], asked["job"]) == ([], {"subject": f"stu_{key}"})
    await store.gallery.work()
    document = "query($id: ID!) { node(id: $id) { ... on Studio { images { type rank } } } }"
    data = await store.gallery.client.data(document, {"id": f"stu_{key}"}, who="member")
    assert data["node"] == {"images": [{"type": "logo", "rank": 0}]}
