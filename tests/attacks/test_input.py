"""Nonsense in the values of an operation is the client's fault: told with a code, at once, never as a fault of the server."""

from typing import Any

import pytest

from domain.accounts import passwords
from domain.kit.ids import global_id
from tests.api.conftest import Client, House
from tests.factories.work import counted

_ZONE = "mutation($zone: TimeZone!) { updateProfile(input: {timezone: $zone}) { errors { __typename } } }"
_WHERE = "query($where: MediaItemWhere) { mediaItems(where: $where) { totalCount } }"


@pytest.mark.parametrize(
    ("query", "variables", "words"),
    [
        (_ZONE, {"zone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
        (_ZONE, {"zone": []}, "[] is no time zone"),
        ('mutation { updateProfile(input: {timezone: "Mars"}) { errors { __typename } } }', None, "'Mars' is no time zone"),
        ('mutation { createApiToken(input: {name: "a", scopes: [READ], expiresAt: "soon"}) { token } }', None, "RFC 3339"),
        (f"{{ mediaItems(first: {'9' * 5000}) {{ totalCount }} }}", None, "Int"),
    ],
    ids=["variable", "variable of another shape", "literal", "moment", "number of 5,000 digits"],
)
async def test_a_value_that_its_scalar_refuses_is_no_internal_error(
    client: Client, query: str, variables: dict[str, Any] | None, words: str
) -> None:
    answer = await client.send(query, variables, who="member")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "GRAPHQL_VALIDATION_FAILED"), error
    assert words in error["message"]


@pytest.mark.parametrize("where", [{"or": [{}] * 1500}, {"and": [{}] * 51}, {"not": {"or": [{"and": []}] * 51}}])
async def test_empty_branches_of_a_filter_count(client: Client, where: dict[str, Any]) -> None:
    (error,) = (await client.send(_WHERE, {"where": where}, who="member")).json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] == "A filter has at most 50 conditions."


async def test_a_filter_of_fifty_conditions_in_groups_is_taken(client: Client) -> None:
    where = {"or": [{"and": [{"year": {"gte": 1900}}, {"year": {"lte": 2100}}]}] * 25}
    assert await client.data(_WHERE, {"where": where}, who="member") == {"mediaItems": {"totalCount": 0}}


@pytest.mark.parametrize(
    "where",
    [{"or": [{}] * 100_000}, {"year": {"in": list(range(5_000))}}, {"and": [{"and": [{}] * 50}] * 1_000}],
    ids=["wide", "list", "nested"],
)
async def test_variables_are_bounded_before_they_are_read(client: Client, where: dict[str, Any]) -> None:
    """100,000 empty objects, 300 kB, held the event loop for 45 s; no deadline ends that."""
    with counted() as work:
        answer = await client.send(_WHERE, {"where": where}, who="member")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (400, "LIMIT_EXCEEDED")
    assert error["extensions"]["limit"] == "variables"
    assert work.calls < 400_000


_ERRORS = "errors { __typename ... on UserError { path } }"
_PROFILE = f"mutation($input: UpdateProfileInput!) {{ updateProfile(input: $input) {{ user {{ email }} {_ERRORS} }} }}"
_USER = f"mutation($input: UpdateUserInput!) {{ updateUser(input: $input) {{ user {{ email }} {_ERRORS} }} }}"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("displayName", "a\0b"),
        ("bio", "\0"),
        ("avatarUrl", "https://x/\0"),
        ("avatarUrl", "javascript:alert(1)"),
        ("email", "a\0@b"),
        ("displayName", "x" * 101),
        ("bio", "x" * 100_000),
    ],
)
async def test_a_profile_holds_texts_that_can_be_stored_and_shown(client: Client, field: str, text: str) -> None:
    answer = await client.data(_PROFILE, {"input": {field: text}}, who="member")
    assert answer["updateProfile"]["errors"] == [{"__typename": "InvalidError", "path": [field]}]


async def test_an_address_belongs_to_one_user_and_an_empty_one_to_nobody(client: Client, house: House) -> None:
    ids = {name: global_id("users", user.id) for name, user in house.users.items()}
    first = await client.data(_PROFILE, {"input": {"email": "m@example.org"}}, who="member")
    again = await client.data(_PROFILE, {"input": {"email": "m@example.org"}}, who="member")
    assert first == again == {"updateProfile": {"user": {"email": "m@example.org"}, "errors": []}}
    taken = await client.data(_PROFILE, {"input": {"email": "m@example.org"}}, who="neighbour")
    assert taken["updateProfile"]["errors"] == [{"__typename": "ConflictError", "path": ["email"]}]
    for who in ("member", "neighbour"):
        emptied = await client.data(_USER, {"input": {"id": ids[who], "email": ""}})
        assert emptied == {"updateUser": {"user": {"email": None}, "errors": []}}


async def test_a_name_with_nul_signs_nobody_in(client: Client) -> None:
    query = 'mutation($name: String!) { login(input: {username: $name, password: "x"}) { errors { __typename } } }'
    answer = await client.data(query, {"name": "adm\0in"}, who="anonymous")
    assert answer == {"login": {"errors": [{"__typename": "AuthenticationError"}]}}


@pytest.mark.parametrize("key", ["", "a\0b", "k" * 201])
async def test_idempotency_keys_are_short_texts(client: Client, key: str) -> None:
    query = f"""mutation($key: String!) {{
        createUser(input: {{username: "new", password: "long enough", idempotencyKey: $key}}) {{ {_ERRORS} }} }}"""
    answer = await client.data(query, {"key": key})
    assert answer == {"createUser": {"errors": [{"__typename": "InvalidError", "path": ["idempotencyKey"]}]}}


@pytest.mark.parametrize("name", ["a\0b", "line\nbreak"])
async def test_tokens_have_printable_names(client: Client, name: str) -> None:
    query = f"mutation($name: String!) {{ createApiToken(input: {{name: $name, scopes: [READ]}}) {{ {_ERRORS} }} }}"
    answer = await client.data(query, {"name": name}, who="member")
    assert answer == {"createApiToken": {"errors": [{"__typename": "InvalidError", "path": ["name"]}]}}


async def test_a_wrong_reset_code_costs_no_hashing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may send one: a hundred at once kept everybody else waiting for seconds."""
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", hashed.append)
    query = f"""mutation {{ resetPassword(input: {{resetCode: "AAAA-BBBB", newPassword: "long enough"}}) {{ {_ERRORS} }} }}"""
    answer = await client.data(query, who="anonymous")
    assert answer == {"resetPassword": {"errors": [{"__typename": "InvalidError", "path": ["resetCode"]}]}}
    assert hashed == []


@pytest.mark.parametrize("path", ["/proc", "/proc/self/root", "/dev", "/sys/kernel"])
async def test_the_kernels_files_are_no_library(client: Client, path: str) -> None:
    query = f"""mutation($path: String!) {{
        createLibrary(input: {{name: "Odd", mediaType: "movie", paths: [$path]}}) {{ {_ERRORS} }} }}"""
    answer = await client.data(query, {"path": path})
    assert answer == {"createLibrary": {"errors": [{"__typename": "PathUnusableError", "path": ["paths"]}]}}
