"""Downloaders through the API: settings, keys that never come out, tokens that are shown once, tests of the connection."""

from typing import Any

import pytest

from domain.downloaders.queries import PURPOSE
from domain.kit.sealing import unseal
from domain.kit.secrets import is_token
from domain.libraries.tables import Source
from domain.system.audit_tables import AuditEntry
from domain.system.enums import InboundStatus
from domain.system.tables import InboundEvent
from tests.api.conftest import Client, House
from tests.downloaders.conftest import Hook, send
from tests.factories.accounts import KEY
from tests.peers import radarr, web
from tests.peers.radarr import Arr

PROBLEMS = "errors { __typename ... on UserError { code message path } }"
CREATE = f"""mutation C($input: CreateSourceInput!) {{ createSource(input: $input) {{
  webhookToken webhookUrl {PROBLEMS} source {{ id kind name baseUrl hasApiKey isEnabled publishes verifiesCertificate
  connectionStatus softwareVersion lastError webhookPath webhookTokenHint version }} }} }}"""
UPDATE = f"""mutation U($input: UpdateSourceInput!) {{ updateSource(input: $input) {{ {PROBLEMS} source {{
  name baseUrl hasApiKey isEnabled publishes verifiesCertificate connectionStatus version }} }} }}"""
TEST = f"""mutation T($source: TestedSource!) {{ testSource(input: {{source: $source}}) {{ {PROBLEMS}
  instanceName softwareVersion responseMs source {{ connectionStatus softwareVersion lastError }} }} }}"""


async def create(client: Client, **input: Any) -> Any:
    given = {"kind": "RADARR", "name": "Radarr", **input}
    return (await client.data(CREATE, {"input": given}))["createSource"]


async def update(client: Client, **input: Any) -> Any:
    return (await client.data(UPDATE, {"input": {"id": "src_1", **input}}))["updateSource"]


async def asked(client: Client, **source: Any) -> Any:
    return (await client.data(TEST, {"source": source}))["testSource"]


def stored(house: House) -> Source:
    (row,) = house.rows(Source)
    assert isinstance(row, Source)
    return row


@pytest.mark.both
async def test_a_downloader_is_added_and_its_secrets_never_come_out_again(client: Client) -> None:
    made = await create(client, baseUrl="HTTP://Radarr.lan:7878/radarr/", apiKey=radarr.KEY, publishes=False)
    token = made.pop("webhookToken")
    assert is_token(token)
    assert made == {
        "webhookUrl": "http://127.0.0.1:8686/webhooks/src_1",
        "errors": [],
        "source": {
            "id": "src_1", "kind": "RADARR", "name": "Radarr", "baseUrl": "http://radarr.lan:7878/radarr", "hasApiKey": True,
            "isEnabled": True, "publishes": False, "verifiesCertificate": True, "connectionStatus": "UNKNOWN",
            "softwareVersion": None, "lastError": None, "webhookPath": "/webhooks/src_1", "webhookTokenHint": token[-4:],
            "version": 1,
        },
    }  # fmt: skip
    row = stored(client.house)
    assert row.secret is not None
    assert row.webhook_hash is not None
    assert unseal(KEY, PURPOSE, row.secret) == radarr.KEY
    assert token not in row.webhook_hash
    everything = (
        repr(client.house.rows(AuditEntry)) + (await client.send("{ sources { nodes { __typename id } } }", who="admin")).text
    )
    assert radarr.KEY not in everything
    assert token not in everything


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"baseUrl": url}, ["baseUrl"])
        for url in ("", "radarr.lan:7878", "ftp://radarr.lan", "http://", "http://a:99999", "http://u:p@radarr.lan",
                    "http://radarr.lan/?apikey=x", "http://radarr.lan/#x", "http://radarr.lan:x", "http://[::1", "http://a b")
    ] + [
        ({"baseUrl": "http://radarr.lan/a%2e%2e/b"}, ["baseUrl"]), ({"baseUrl": "http://-radarr-"}, ["baseUrl"]),
        ({"apiKey": "short"}, ["apiKey"]), ({"apiKey": "x" * 31 + "\n"}, ["apiKey"]), ({"name": " "}, ["name"]),
        ({"name": "x" * 101}, ["name"]), ({"name": "a\u0007"}, ["name"]), ({"kind": "PLEX"}, ["kind"]),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_adds_nothing(client: Client, changes: Any, path: list[str]) -> None:
    made = await create(client, **changes)
    assert [(each["code"], each["path"]) for each in made["errors"]] == [("INVALID", path)]
    assert (made["source"], made["webhookToken"], client.house.rows(Source)) == (None, None, [])


async def test_settings_change_and_old_versions_do_not(client: Client) -> None:
    await create(client)
    await create(client, name="Other", kind="SONARR")
    changed = await update(client, name="Radarr 4K", baseUrl="https://r.lan", apiKey="a" * 32, isEnabled=False, publishes=False)
    assert changed["source"] == {
        "name": "Radarr 4K", "baseUrl": "https://r.lan", "hasApiKey": True, "isEnabled": False, "publishes": False,
        "verifiesCertificate": True, "connectionStatus": "UNKNOWN", "version": 2,
    }  # fmt: skip
    assert [each["code"] for each in (await update(client, name="OTHER"))["errors"]] == ["CONFLICT"]
    assert [each["code"] for each in (await update(client, name="x", expectedVersion=1))["errors"]] == ["VERSION_CONFLICT"]
    assert (await update(client, apiKey=None, baseUrl=None, verifiesCertificate=False))["source"]["hasApiKey"] is False
    listed = (await client.data("{ sources { nodes { name verifiesCertificate } } }"))["sources"]["nodes"]
    assert listed == [{"name": "Other", "verifiesCertificate": True}, {"name": "Radarr 4K", "verifiesCertificate": False}]
    only = (await client.data("{ sources(kinds: [SONARR]) { nodes { name } } }"))["sources"]["nodes"]
    assert only == [{"name": "Other"}]


@pytest.mark.both
async def test_what_a_forgotten_downloader_sent_stays(client: Client) -> None:
    made = await create(client)
    hook = Hook(1, made["webhookToken"])
    assert (await send(client, hook, {"eventType": "Test"})).status_code == 202
    gone = await client.data('mutation { deleteSource(input: {id: "src_1"}) { deletedId errors { __typename } } }')
    assert gone == {"deleteSource": {"deletedId": "src_1", "errors": []}}
    (row,) = client.house.rows(InboundEvent)
    assert (row.source_id, row.source) == (None, "radarr")
    assert (await send(client, hook, {"eventType": "Test"})).status_code == 401
    again = await client.data('mutation { replayInboundEvent(input: {id: "inb_1"}) { errors { ... on UserError { code } } } }')
    assert again == {"replayInboundEvent": {"errors": [{"code": "CONFLICT"}]}}


async def test_tokens_are_rotated_and_revoked_by_mutations(client: Client) -> None:
    hook = Hook(1, (await create(client))["webhookToken"])
    rotate = f'mutation {{ rotateWebhookToken(input: {{id: "src_1"}}) {{ webhookToken webhookUrl {PROBLEMS} }} }}'
    other = (await client.data(rotate))["rotateWebhookToken"]["webhookToken"]
    assert (await send(client, hook, {})).status_code == 401
    assert (await send(client, Hook(1, other), {})).status_code == 202
    revoke = f'mutation {{ revokeWebhookToken(input: {{id: "src_1"}}) {{ source {{ webhookTokenHint }} {PROBLEMS} }} }}'
    assert await client.data(revoke) == {"revokeWebhookToken": {"source": {"webhookTokenHint": None}, "errors": []}}
    assert (await send(client, Hook(1, other), {})).status_code == 401
    actions = [each.action for each in client.house.rows(AuditEntry) if each.action.startswith("source.")]
    assert actions == ["source.created", "source.token_rotated", "source.token_revoked"]


@pytest.mark.both
async def test_a_saved_downloader_is_asked_who_it_is(client: Client, arr: Arr) -> None:
    await create(client)
    assert [each["code"] for each in (await asked(client, id="src_1"))["errors"]] == ["CONFLICT"]
    arr.base = "/radarr"
    await update(client, baseUrl=arr.url, apiKey="f" * 32)
    assert [each["code"] for each in (await asked(client, id="src_1"))["errors"]] == ["KEY_REFUSED"]
    await update(client, apiKey=radarr.KEY)
    answer = await asked(client, id="src_1")
    assert answer.pop("responseMs") >= 0
    assert answer == {
        "errors": [], "instanceName": "Radarr-4K", "softwareVersion": "6.1.0.10360",
        "source": {"connectionStatus": "CONNECTED", "softwareVersion": "6.1.0.10360", "lastError": None},
    }  # fmt: skip
    assert stored(client.house).last_connected_at is not None
    last = arr.peer.asked[-1]
    assert (last.method, last.path, last.headers["x-api-key"]) == ("GET", "/radarr/api/v3/system/status", radarr.KEY)


async def test_a_test_tells_what_is_wrong(client: Client, arr: Arr) -> None:
    await create(client, baseUrl=arr.url, apiKey=radarr.KEY)
    for fault, code in (
        (web.HTML, "UNEXPECTED_ANSWER"), (web.broken(), "UNREACHABLE"),
        (web.TRUNCATED, "UNREACHABLE"), (web.enough("77"), "RATE_LIMITED"),
        (web.elsewhere("http://10.0.0.1/"), "REFUSED_BY_POLICY"), (web.json_answer(b"[1]"), "UNEXPECTED_ANSWER"),
        (web.json_answer(b'{"appName": "Sonarr"}'), "UNEXPECTED_ANSWER"), (web.json_answer(b"{"), "UNEXPECTED_ANSWER"),
        (web.bomb(5 * 2**20), "TOO_LARGE"),
    ):  # fmt: skip
        arr.peer.faults = [fault]
        assert [(each["__typename"], each["code"]) for each in (await asked(client, id="src_1"))["errors"]] == [
            ("UpstreamError", code)
        ]
    row = stored(client.house)
    assert (row.connection_status.value, row.last_error) == ("error", "The answer of 127.0.0.1 has more than 4,194,304 bytes.")
    arr.base = "/elsewhere"  # whoever forgets the URL base is shown the front end
    assert [each["code"] for each in (await asked(client, id="src_1"))["errors"]] == ["UNEXPECTED_ANSWER"]


async def test_one_that_is_not_saved_is_asked_too(client: Client, arr: Arr) -> None:
    unsaved = {"kind": "RADARR", "baseUrl": arr.url, "apiKey": radarr.KEY}
    answer = await asked(client, unsaved=unsaved)
    assert (answer["errors"], answer["instanceName"], answer["source"]) == ([], "Radarr-4K", None)
    assert [each["code"] for each in (await asked(client, unsaved={**unsaved, "kind": "LIDARR"}))["errors"]] == [
        "UNEXPECTED_ANSWER"
    ]
    assert [each["code"] for each in (await asked(client, unsaved={**unsaved, "apiKey": "x"}))["errors"]] == ["INVALID"]
    assert [
        each["code"] for each in (await asked(client, unsaved={**unsaved, "baseUrl": "http://169.254.169.254"}))["errors"]
    ] == ["REFUSED_BY_POLICY"]
    assert [each["code"] for each in (await asked(client, unsaved={**unsaved, "kind": "JELLYFIN"}))["errors"]] == ["INVALID"]
    assert client.house.rows(Source) == []


@pytest.mark.both
async def test_an_event_is_replayed_once_at_a_time(client: Client, hook: Hook) -> None:
    await send(client, hook, {"eventType": "Grab"})
    replay = """mutation { replayInboundEvent(input: {id: "inb_1"}) {
      job { id chain } inboundEvent { chain status } errors { ... on UserError { code } } } }"""
    waiting = {"job": {"id": "job_1", "chain": "job_1"}, "inboundEvent": {"chain": "job_1", "status": "RECEIVED"}, "errors": []}
    assert await client.data(replay) == {"replayInboundEvent": waiting}
    with client.house.database.transaction() as uow:
        row = uow.session.get(InboundEvent, 1)
        assert row is not None
        row.status, row.processed_at, row.outcome = InboundStatus.IGNORED, uow.now(), "x"
    for _ in range(3):  # the second one waits; to ask again is to be told of it
        fresh = {"job": {"id": "job_2", "chain": "job_2"}, "inboundEvent": {"chain": "job_2", "status": "RECEIVED"}, "errors": []}
        assert await client.data(replay) == {"replayInboundEvent": fresh}
    missing = replay.replace("inb_1", "inb_9")
    assert (await client.data(missing))["replayInboundEvent"]["errors"] == [{"code": "NOT_FOUND"}]


async def test_webhooks_are_found(client: Client, hook: Hook) -> None:
    await send(client, hook, {"eventType": "Grab"})
    await send(client, hook, {"eventType": "Health"})
    where = '{type: {eq: "Health"}, source: {in: ["src_1"]}, status: [RECEIVED]}'
    assert (await client.data(f"{{ inboundEvents(where: {where}) {{ totalCount nodes {{ id }} }} }}"))["inboundEvents"] == {
        "totalCount": 1,
        "nodes": [{"id": "inb_2"}],
    }


@pytest.mark.parametrize("elsewhere", ["http://thief.lan:7878", "http://radarr.lan:1", "https://radarr.lan"])
async def test_a_stored_key_goes_to_no_other_server_unasked(client: Client, elsewhere: str) -> None:
    await create(client, baseUrl="http://radarr.lan:7878", apiKey=radarr.KEY)
    refused = await update(client, baseUrl=elsewhere)
    assert [(each["code"], each["path"]) for each in refused["errors"]] == [("INVALID", ["apiKey"])]
    assert stored(client.house).base_url == "http://radarr.lan:7878"
    assert (await update(client, baseUrl="http://radarr.lan:7878/base"))["source"]["hasApiKey"] is True
    assert (await update(client, baseUrl=elsewhere, apiKey=None))["source"]["hasApiKey"] is False
