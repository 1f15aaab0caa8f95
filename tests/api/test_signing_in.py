"""Tokens, sessions and cookies: who a request is, and from when on it is nobody."""

from pathlib import Path
from typing import Any

import pytest

from api.kit.auth import PLAIN_COOKIE, SECURE_COOKIE
from domain.accounts import service
from domain.accounts.setup import offer_setup_code
from domain.accounts.tables import ApiToken, BrowserSession
from domain.kit.ids import global_id
from domain.settings import Settings
from tests.api.conftest import Client, House
from tests.factories.accounts import KEY, PASSWORD

ME = "{ viewer { username } }"
LOGIN = """mutation Login($name: String!, $password: String!) {
  login(input: {username: $name, password: $password}) {
    user { username }
    errors { __typename ... on UserError { code message } }
  }
}"""
NOBODY = {"viewer": None}


def user(name: str) -> dict[str, Any]:
    return {"viewer": {"username": name}}


async def me(client: Client, **headers: str) -> Any:
    return (await client.send(ME, **headers)).json()["data"]


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {} "])
async def test_a_token_is_its_user(client: Client, header: str) -> None:
    assert await me(client, authorization=header.format(client.house.tokens["member"])) == user("member")


@pytest.mark.parametrize("token", ["mq_wrong", "x", "mq_" + "a" * 43, "é"])
async def test_a_wrong_token_is_401_and_never_the_cookie(client: Client, token: str) -> None:
    headers = {**client.house.cookie("admin"), "authorization": f"Bearer {token}".encode("latin-1").decode("latin-1")}
    response = await client.http.post(
        "/graphql", json={"query": ME}, headers={k: v.encode("latin-1") for k, v in headers.items()}
    )
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "mq_x"])
async def test_other_authorization_is_no_authorization(client: Client, header: str) -> None:
    assert await me(client, authorization=header) == NOBODY


@pytest.mark.parametrize("name", [SECURE_COOKIE, PLAIN_COOKIE])
async def test_a_session_cookie_is_its_user(client: Client, name: str) -> None:
    assert await me(client, **client.house.cookie("editor", name)) == user("editor")


@pytest.mark.parametrize("other", ['a="{\\"b\\": 1}"; ', "a b=c; ", "=; ", "ключ=1; ", "x" * 4000 + "; "])
async def test_odd_cookies_of_other_programs_do_not_hide_ours(client: Client, other: str) -> None:
    cookie = other.encode() + client.house.cookie("editor")["cookie"].encode()
    response = await client.http.post("/graphql", json={"query": ME}, headers={"cookie": cookie})
    assert response.json()["data"] == user("editor")


@pytest.mark.parametrize("cookie", [f"{PLAIN_COOKIE}=", f"{SECURE_COOKIE}=wrong", f"{PLAIN_COOKIE}=a\x80"])
async def test_a_wrong_cookie_is_nobody(client: Client, cookie: str) -> None:
    response = await client.http.post("/graphql", json={"query": ME}, headers={"cookie": cookie.encode("latin-1")})
    assert response.json()["data"] == NOBODY


async def test_a_secret_is_good_only_where_it_belongs(client: Client) -> None:
    secret = client.house.cookie("member")["cookie"].partition("=")[2]
    assert await me(client, cookie=f"{PLAIN_COOKIE}={secret}") == user("member")  # known now
    response = await client.send(ME, authorization=f"Bearer {secret}")
    assert response.status_code == 401
    token = client.house.tokens["member"]
    assert await me(client, authorization=f"Bearer {token}") == user("member")
    assert await me(client, cookie=f"{PLAIN_COOKIE}={token}") == NOBODY


async def test_login_sets_a_cookie_and_the_answer_is_the_users_already(client: Client) -> None:
    query = """mutation A($password: String!) {
      login(input: {username: "MEMBER", password: $password}) { user { username } }
      logout(input: {}) { errors { __typename } }
    }"""
    response = await client.send(query, {"password": PASSWORD})
    assert response.json()["data"] == {"login": {"user": {"username": "member"}}, "logout": {"errors": []}}
    assert len(response.headers.get_list("set-cookie")) == 3


@pytest.mark.parametrize(
    ("url", "name", "attributes"),
    [
        ("http://127.0.0.1:8686", SECURE_COOKIE, {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        ("http://localhost:8686", SECURE_COOKIE, {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        ("http://[::1]:8686", SECURE_COOKIE, {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        ("https://192.168.1.5", SECURE_COOKIE, {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}),
        ("http://192.168.1.5:8686", PLAIN_COOKIE, {"Path=/", "HttpOnly", "SameSite=Strict"}),
        ("http://media.local:8686", PLAIN_COOKIE, {"Path=/", "HttpOnly", "SameSite=Strict"}),
    ],
)
async def test_cookies_by_address(client: Client, url: str, name: str, attributes: set[str]) -> None:
    body = {"query": LOGIN, "variables": {"name": "member", "password": PASSWORD}}
    response = await client.http.post(f"{url}/graphql", json=body)
    (cookie,) = response.headers.get_list("set-cookie")
    first, *rest = cookie.split("; ")
    assert first.partition("=")[0] == name
    assert set(rest) == attributes | {"Max-Age=7776000"}
    assert await me(client, cookie=first) == user("member")


async def test_logout_ends_the_session_and_both_cookies(client: Client) -> None:
    cookie = client.house.cookie("member")
    assert await me(client, **cookie) == user("member")
    response = await client.send("mutation { logout(input: {}) { errors { __typename } } }", **cookie)
    assert [each.split("; ")[0] for each in response.headers.get_list("set-cookie")] == [f"{SECURE_COOKIE}=", f"{PLAIN_COOKIE}="]
    assert all("Max-Age=0" in each for each in response.headers.get_list("set-cookie"))
    assert await me(client, **cookie) == NOBODY


async def test_a_revoked_token_is_nobody_at_the_next_request(client: Client) -> None:
    token = client.house.headers("member")
    assert await me(client, **token) == user("member")
    (row,) = [
        row for row in client.house.rows(ApiToken) if row.user_id == client.house.users["member"].id and "read" in row.scopes
    ]
    revoke = "mutation A($id: ID!) { revokeApiToken(input: {id: $id}) { errors { __typename } } }"
    assert await client.data(revoke, {"id": global_id("api_tokens", row.id)}) == {"revokeApiToken": {"errors": []}}
    assert (await client.send(ME, **token)).status_code == 401


async def test_a_revoked_session_is_nobody_at_the_next_request(client: Client) -> None:
    cookie = client.house.cookie("member")
    assert await me(client, **cookie) == user("member")
    (row,) = client.house.rows(BrowserSession)
    revoke = "mutation A($id: ID!) { revokeSession(input: {id: $id}) { errors { __typename } } }"
    assert await client.data(revoke, {"id": global_id("sessions", row.id)}, who="member") == {"revokeSession": {"errors": []}}
    assert await me(client, **cookie) == NOBODY


async def test_a_user_who_is_locked_out_is_nobody_at_the_next_request(client: Client) -> None:
    cookie, token = client.house.cookie("member"), client.house.headers("member")
    assert await me(client, **cookie) == await me(client, **token) == user("member")
    change = "mutation A($id: ID!) { updateUser(input: {id: $id, isActive: false}) { errors { __typename } } }"
    await client.data(change, {"id": global_id("users", client.house.users["member"].id)})
    assert await me(client, **cookie) == NOBODY
    assert (await client.send(ME, **token)).status_code == 401


async def test_a_new_password_ends_the_other_sessions_and_tokens(client: Client) -> None:
    mine, other, token = (client.house.cookie("member"), client.house.cookie("member"), client.house.headers("member"))
    assert await me(client, **other) == user("member")
    change = """mutation A($old: String!) {
      changePassword(input: {currentPassword: $old, newPassword: "another long one"}) { errors { __typename } }
    }"""
    response = await client.send(change, {"old": PASSWORD}, **mine)
    assert response.json()["data"] == {"changePassword": {"errors": []}}
    assert await me(client, **mine) == user("member")
    assert await me(client, **other) == NOBODY
    assert (await client.send(ME, **token)).status_code == 401


async def test_the_sixth_wrong_password_is_throttled_even_if_it_is_right(client: Client) -> None:
    for _ in range(5):
        data = (await client.send(LOGIN, {"name": "member", "password": "wrong"})).json()["data"]["login"]
        assert (data["user"], data["errors"][0]["code"]) == (None, "UNAUTHENTICATED")
    data = (await client.send(LOGIN, {"name": "member", "password": PASSWORD})).json()["data"]["login"]
    assert (data["user"], data["errors"][0]["__typename"]) == (None, "ThrottledError")
    assert client.house.rows(BrowserSession) == []


async def test_wrong_names_and_wrong_passwords_look_the_same(client: Client) -> None:
    answers = [await client.send(LOGIN, {"name": name, "password": "wrong"}) for name in ("member", "nobody-of-that-name")]
    first, second = (answer.json()["data"] for answer in answers)
    assert first == second


async def test_a_reset_code_sets_a_new_password_once(client: Client) -> None:
    with client.house.database.transaction() as uow:
        code = service.offer_password_reset(uow, user_id=client.house.users["member"].id, key=KEY)
    query = """mutation A($code: String!) {
      resetPassword(input: {resetCode: $code, newPassword: "quite another one"}) { errors { ... on UserError { code } } }
    }"""
    assert (await client.send(query, {"code": code})).json()["data"] == {"resetPassword": {"errors": []}}
    assert (await client.send(query, {"code": code})).json()["data"]["resetPassword"]["errors"] == [{"code": "INVALID"}]
    login = await client.send(LOGIN, {"name": "member", "password": "quite another one"})
    assert login.json()["data"]["login"]["user"] == {"username": "member"}


class TestBehindAProxy:
    """MARQUEE_URL names the public address."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return Settings(data_dir=tmp_path, DATABASE_URL=database_url, url="https://media.example/")

    async def test_cookies_are_secure_under_the_public_name(self, client: Client) -> None:
        body = {"query": LOGIN, "variables": {"name": "member", "password": PASSWORD}}
        response = await client.http.post("/graphql", json=body, headers={"host": "media.example"})
        assert response.headers["set-cookie"].startswith(f"{SECURE_COOKIE}=")
        direct = await client.http.post("http://192.168.1.5:8686/graphql", json=body)
        assert direct.headers["set-cookie"].startswith(f"{PLAIN_COOKIE}=")

    async def test_the_public_name_and_origin_are_ours(self, client: Client) -> None:
        cookie = client.house.cookie("member")
        ours = {"host": "media.example:443", "origin": "https://media.example"}
        assert await me(client, **cookie, **ours) == user("member")
        # a proxy that does not pass the Host header on
        assert await me(client, **cookie, host="127.0.0.1:8686", origin="https://media.example") == user("member")
        response = await client.send(ME, **cookie, host="media.example", origin="https://other.example")
        assert response.status_code == 403


class TestTheFirstStart:
    """Nobody has set the server up."""

    @pytest.fixture
    def house(self, empty_house: House) -> House:
        return empty_house

    async def test_the_code_makes_the_first_administrator(self, client: Client) -> None:
        assert (await client.send("{ serverInfo { isSetUp } }")).json()["data"] == {"serverInfo": {"isSetUp": False}}
        with client.house.database.transaction() as uow:
            code = offer_setup_code(uow, key=KEY)
        query = """mutation A($code: String!) {
          setUp(input: {setupCode: $code, username: "root", password: "a long password"}) {
            user { username isAdmin } errors { ... on UserError { code path } }
          }
        }"""
        wrong = await client.send(query, {"code": "AAAA-BBBB-CCCC"})
        assert wrong.json()["data"]["setUp"] == {"user": None, "errors": [{"code": "INVALID", "path": ["setupCode"]}]}
        assert "set-cookie" not in wrong.headers
        right = await client.send(query, {"code": code})
        assert right.json()["data"]["setUp"] == {"user": {"username": "root", "isAdmin": True}, "errors": []}
        assert await me(client, cookie=right.headers["set-cookie"].split(";")[0]) == user("root")
        again = await client.send(query, {"code": code})
        assert again.json()["data"]["setUp"]["errors"] == [{"code": "CONFLICT", "path": []}]
