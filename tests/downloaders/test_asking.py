"""What downloaders answer themselves: settings, what they manage, where that differs from ours, and our webhook in them."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.catalog.facts import CatalogueId
from domain.catalog.identity import found_ids
from domain.downloaders import service
from domain.libraries import mappings
from domain.libraries.enums import SourceKind
from domain.libraries.mappings import NewRule
from domain.libraries.tables import LibraryPath, Source
from tests.api.conftest import Client, House
from tests.downloaders.conftest import Hook, add, send
from tests.factories import catalog
from tests.factories.accounts import KEY
from tests.factories.shelves import Shelf
from tests.peers import radarr, web
from tests.peers.radarr import Arr

SETTINGS = """{ downloaderSettings(source: "src_1") { qualityProfiles tags failure { code }
  rootFolders { path localPath isAccessible freeBytes } } }"""
ITEMS = """query I($limit: Int, $skip: Int) { downloaderItems(source: "src_1", limit: $limit, skip: $skip) {
  totalCount failure { code } items { externalId title year path localPath isMonitored fileCount sizeBytes qualityProfile tags
  ids { provider namespace value } } } }"""
COMPARE = """query C($kinds: [DifferenceKind!], $limit: Int, $skip: Int) {
  compareDownloader(source: "src_1", kinds: $kinds, limit: $limit, skip: $skip) { sameCount waitingCount failure { code }
    counts { kind count }
    differences { kind title path localPath item { id title } theirIds { value } ourIds { value } reason } } }"""
SET_UP = """mutation S($address: String) { setUpDownloaderWebhook(input: {source: "src_1", address: $address}) {
  webhookUrl connectionId isNew errors { ... on UserError { code message path } } source { webhookTokenHint } } }"""


def film(number: int, title: str, **more: Any) -> dict[str, Any]:
    """A film as Radarr lists it."""
    return {
        "id": number, "title": title, "year": 2019, "path": f"/srv/films/{title} (2019)", "tmdbId": 900100 + number, "imdbId": "",
        "hasFile": True, "monitored": True, "qualityProfileId": 4, "tags": [1], "sizeOnDisk": 5 * 10**9, **more,
    }  # fmt: skip


@pytest.fixture
def saved(house: House, arr: Arr) -> Iterator[Hook]:
    """The loopback Radarr, whose films lie in the open library."""
    hook = add(house, base_url=arr.url, api_key=radarr.KEY)
    with house.database.transaction() as uow:
        mappings.put_of_source(uow, source_id=hook.source, rules=[NewRule("/srv/films", "/media/films")])
        row = LibraryPath(library_id=house.open_library, path="/media/films")
        uow.session.add(row)
        uow.session.flush()
        shelf = Shelf(uow, house.open_library, row.id, "movie", "/media/films")
        for title, tmdb in (("Agreed", "900101"), ("Other", "7"), ("Ours", "8")):
            key = catalog.movie(uow, title, library_id=house.open_library)
            found_ids(uow, {key: [CatalogueId("tmdb", "movie", tmdb)]})
            shelf.link(key, shelf.file(f"{title} (2019)/{title}.mkv"))
    arr.items = [
        film(1, "Agreed"), film(2, "Other"), film(3, "Lost"), film(4, "Wanted", hasFile=False, sizeOnDisk=0),
        film(5, "Elsewhere", path="D:\\Films\\Elsewhere (2019)"), {"id": 6, "title": "broken"}, "broken", {"path": 7, "id": 8},
    ]  # fmt: skip
    return hook


@pytest.mark.both
async def test_how_it_is_set_up(client: Client, saved: Hook) -> None:
    assert (await client.data(SETTINGS))["downloaderSettings"] == {
        "qualityProfiles": ["HD-1080p"], "tags": ["4k", "family"], "failure": None,
        "rootFolders": [
            {"path": "/srv/films", "localPath": "/media/films", "isAccessible": True, "freeBytes": 5 * 10**12},
        ],
    }  # fmt: skip


@pytest.mark.both
async def test_what_it_manages(client: Client, saved: Hook) -> None:
    whole = (await client.data(ITEMS))["downloaderItems"]
    assert (whole["totalCount"], [one["title"] for one in whole["items"]]) == (
        5, ["Agreed", "Elsewhere", "Lost", "Other", "Wanted"],
    )  # fmt: skip
    assert whole["items"][0] == {
        "externalId": 1, "title": "Agreed", "year": 2019, "path": "/srv/films/Agreed (2019)",
        "localPath": "/media/films/Agreed (2019)", "isMonitored": True, "fileCount": 1, "sizeBytes": 5 * 10**9,
        "qualityProfile": "HD-1080p", "tags": ["family"],
        "ids": [{"provider": "tmdb", "namespace": "movie", "value": "900101"}],
    }  # fmt: skip
    page = (await client.data(ITEMS, {"limit": 2, "skip": 3}))["downloaderItems"]
    assert [one["title"] for one in page["items"]] == ["Other", "Wanted"]


@pytest.mark.both
async def test_where_it_differs_from_ours(client: Client, saved: Hook) -> None:
    found = (await client.data(COMPARE))["compareDownloader"]
    assert (found["sameCount"], found["waitingCount"]) == (1, 1)
    assert {one["kind"]: one["count"] for one in found["counts"]} == {
        "ONLY_THERE": 1, "ONLY_HERE": 1, "UNMAPPED": 1, "OTHER_IDS": 1,
    }  # fmt: skip
    shown = [(one["kind"], one["title"], one["localPath"], (one["item"] or {}).get("title")) for one in found["differences"]]
    assert shown == [
        ("ONLY_THERE", "Lost", "/media/films/Lost (2019)", None),
        ("ONLY_HERE", "Ours", "/media/films/Ours (2019)", "Ours"),
        ("UNMAPPED", "Elsewhere", None, None),
        ("OTHER_IDS", "Other", "/media/films/Other (2019)", "Other"),
    ]
    other = found["differences"][-1]
    assert (other["theirIds"], other["ourIds"]) == ([{"value": "900102"}], [{"value": "7"}])
    assert found["differences"][2]["reason"] == "No path mapping leads it into a library."
    page = (await client.data(COMPARE, {"kinds": ["UNMAPPED", "OTHER_IDS"], "limit": 1, "skip": 1}))["compareDownloader"]
    assert [one["title"] for one in page["differences"]] == ["Other"]


async def test_a_downloader_that_misbehaves_is_told_of(client: Client, saved: Hook, arr: Arr) -> None:
    for fault, code in (
        (web.HTML, "UNEXPECTED_ANSWER"), (web.TRUNCATED, "UNREACHABLE"), (web.enough("7"), "RATE_LIMITED"),
        (web.broken(), "UNREACHABLE"), (web.json_answer(b'{"a": 1}'), "UNEXPECTED_ANSWER"),
        (web.Given(401, b"{}", {"content-type": "application/json"}), "KEY_REFUSED"),
    ):  # fmt: skip
        for query, field in ((SETTINGS, "downloaderSettings"), (ITEMS, "downloaderItems"), (COMPARE, "compareDownloader")):
            arr.peer.faults = [fault, fault]  # what breaks off is asked for once more
            assert ((await client.data(query))[field]["failure"], field) == ({"code": code}, field), fault
    (row,) = client.house.rows(Source)
    assert row.connection_status.value == "error"
    arr.peer.faults = []
    assert (await client.data(SETTINGS))["downloaderSettings"]["failure"] is None
    missing = SETTINGS.replace("src_1", "src_9")
    assert (await client.data(missing))["downloaderSettings"]["failure"] == {"code": "NOT_FOUND"}
    refused = await client.send(ITEMS, {"limit": 201}, who="admin")
    assert refused.json()["errors"][0]["message"] == "`limit` is 1 to 200, `skip` 0 to 1,000,000."


@pytest.mark.both
async def test_our_webhook_is_set_up_in_it(client: Client, saved: Hook, arr: Arr) -> None:
    made = (await client.data(SET_UP, {"address": "http://marquee:8686"}))["setUpDownloaderWebhook"]
    hint = made.pop("source")["webhookTokenHint"]
    assert made == {"webhookUrl": "http://marquee:8686/webhooks/src_1", "connectionId": 1, "isNew": True, "errors": []}
    (there,) = arr.notifications
    fields = {one["name"]: one["value"] for one in there["fields"]}
    assert (there["name"], there["implementation"], there["configContract"]) == ("Marquee", "Webhook", "WebhookSettings")
    assert (fields["url"], fields["method"], fields["username"]) == ("http://marquee:8686/webhooks/src_1", 1, "marquee")
    assert fields["password"][-4:] == hint
    assert {name: there[name] for name in there if name.startswith("on")} == dict.fromkeys(
        [name for name in radarr.webhook_schema("Radarr") if name.startswith("on")], True
    )
    assert (await send(client, Hook(1, fields["password"]), {"eventType": "Test"})).status_code == 202
    assert (await send(client, saved, {"eventType": "Test"})).status_code == 401
    again = (await client.data(SET_UP, {"address": None}))["setUpDownloaderWebhook"]
    assert (again["connectionId"], again["isNew"], again["webhookUrl"]) == (1, False, "http://127.0.0.1:8686/webhooks/src_1")
    assert len(arr.notifications) == 1
    assert [each for each in arr.asked if each[0] != "GET"] == [
        ("POST", "/api/v3/notification"), ("PUT", "/api/v3/notification/1"),
    ]  # fmt: skip


async def test_where_it_does_not_save_our_webhook_the_token_before_stays_good(client: Client, saved: Hook, arr: Arr) -> None:
    arr.notifications = [{"id": 3, "name": "", "implementation": "Webhook", "fields": [
        {"name": "url", "value": "http://old/webhooks/src_1/"}]}]  # fmt: skip
    answer = (await client.data(SET_UP, {"address": "http://marquee:8686"}))["setUpDownloaderWebhook"]
    assert (answer["connectionId"], answer["isNew"]) == (3, False)  # found by where it leads
    with client.house.database.transaction() as uow:
        _, token = service.rotate_token(uow, source_id=1, secret=KEY)
    for faults in ([web.Given(200, b"[]", {"content-type": "application/json"})], []):
        arr.peer.faults = faults
        refuse = web.Given(400, b'[{"errorMessage": "Unable to post to webhook"}]', {"content-type": "application/json"})
        arr.peer.faults += [refuse] if not faults else [web.Given(200, b"[]", {"content-type": "application/json"})]
        (error,) = (await client.data(SET_UP, {"address": "http://marquee:8686"}))["setUpDownloaderWebhook"]["errors"]
        assert error["code"] == "UNEXPECTED_ANSWER"
        assert (await send(client, Hook(1, token), {"eventType": "Test", "n": len(faults)})).status_code == 202
    bad = (await client.data(SET_UP, {"address": "marquee"}))["setUpDownloaderWebhook"]["errors"]
    assert [(one["code"], one["path"]) for one in bad] == [("INVALID", ["address"])]


@pytest.mark.parametrize(("kind", "app"), [(SourceKind.SONARR, "Sonarr"), (SourceKind.LIDARR, "Lidarr")])
async def test_the_others_speak_their_own_dialect(client: Client, kind: SourceKind, app: str) -> None:
    with radarr.running(app) as arr:
        add(client.house, kind, base_url=arr.url, api_key=radarr.KEY)
        statistics = {"episodeFileCount": 12, "trackFileCount": 12, "sizeOnDisk": 99}
        arr.items = [
            {"id": 1, "title": "The Ferry Detectives", "artistName": "The Tin Orchard", "path": "/srv/x", "tvdbId": 5,
             "foreignArtistId": "11111111-2222-4333-8444-555555555555", "statistics": statistics, "monitored": False},
        ]  # fmt: skip
        (item,) = (await client.data(ITEMS))["downloaderItems"]["items"]
        assert (item["fileCount"], item["sizeBytes"], item["isMonitored"], item["localPath"]) == (12, 99, False, "/srv/x")
        assert item["ids"] == [
            {"provider": "tvdb", "namespace": "series", "value": "5"}
            if app == "Sonarr"
            else {"provider": "musicbrainz", "namespace": "artist", "value": "11111111-2222-4333-8444-555555555555"}
        ]
        assert (await client.data(SET_UP, {"address": "http://m"}))["setUpDownloaderWebhook"]["isNew"] is True
        base = "/api/v1" if app == "Lidarr" else "/api/v3"
        assert {path.rpartition(base)[1] for _, path in arr.asked} == {base}
        assert arr.notifications[0]["onReleaseImport" if app == "Lidarr" else "onImportComplete"] is True


@pytest.mark.parametrize("revokes", [True, False])
async def test_a_token_that_was_changed_meanwhile_stands(client: Client, saved: Hook, arr: Arr, revokes: bool) -> None:
    def refuses(asked: web.Asked) -> web.Given:
        if asked.method == "POST":  # while it tries our webhook, an administrator takes the token away
            with client.house.database.transaction() as uow:
                if revokes:
                    service.revoke_token(uow, source_id=saved.source)
                else:
                    service.delete(uow, source_id=saved.source)
            return radarr._json([{"errorMessage": "Unable to send test message"}], 400)
        return arr._answer(asked)

    arr.peer.answer = refuses
    problems = (await client.data(SET_UP))["setUpDownloaderWebhook"]["errors"]
    assert [each["code"] for each in problems] == ["UNEXPECTED_ANSWER"]
    assert [row.webhook_hash for row in client.house.rows(Source)] == ([None] if revokes else [])
