"""Pages of other sites, foreign names for this machine, and single-page applications on other ports."""

from pathlib import Path

import pytest

from domain.settings import Settings
from tests.api.conftest import HOST, Client

ME = "{ viewer { username } }"
MEMBER = {"data": {"viewer": {"username": "member"}}, "extensions": {"cost": {"requested": 0, "limit": 20000}}}
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "http://127.0.0.1.evil.example:8686"},
    {"origin": "http://localhost:8686"},
    {"origin": "x"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:5173"},
    {"sec-fetch-site": "cross-site", "origin": HOST},
    {"sec-fetch-site": "nonsense"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_foreign_page_cannot_use_the_session(client: Client, headers: dict[str, str]) -> None:
    cookie = client.house.cookie("member")
    for response in (
        await client.send(ME, **cookie, **headers),
        await client.http.get("/graphql", params={"query": ME}, headers={**cookie, **headers}),
    ):
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "CROSS_SITE")


@pytest.mark.parametrize("headers", [{}, {"origin": HOST}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
async def test_our_own_page_and_programs_can(client: Client, headers: dict[str, str]) -> None:
    assert (await client.send(ME, **client.house.cookie("member"), **headers)).json() == MEMBER


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_token_comes_from_anywhere(client: Client, headers: dict[str, str]) -> None:
    assert (await client.send(ME, who="member", **headers)).json() == MEMBER


async def test_whoever_sends_no_cookie_is_not_refused_but_nobody(client: Client) -> None:
    assert (await client.send(ME, origin="https://evil.example")).json()["data"] == {"viewer": None}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8686", "127.0.0.1.evil.example", "localhost.evil.example", "evil.local.example", "1.2.3",
        "media.example", "evil.example.", "[::1].evil.example", "a.b:1:2", "127.0.0.1@evil.example",
    ],
)  # fmt: skip
async def test_a_foreign_name_for_this_machine_is_421(client: Client, host: str) -> None:
    for path in ("/graphql", "/", "/healthz", "/images/x"):
        response = await client.http.get(path, headers={"host": host})
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (421, "UNKNOWN_HOST")


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8686", "127.0.0.1", "192.168.1.5:8686", "[::1]:8686", "nas", "NAS:8686", "nas.local", "nas.lan:1",
     "a.b.home.arpa", "x.internal"],
)  # fmt: skip
async def test_names_that_nobody_outside_can_own_are_answered(client: Client, host: str) -> None:
    assert (await client.http.get("/healthz", headers={"host": host})).status_code == 200


PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


async def test_cors_is_closed(client: Client) -> None:
    response = await client.http.options("/graphql", headers={**PREFLIGHT, "origin": "http://localhost:5173"})
    assert response.status_code == 400
    assert "access-control-allow-origin" not in response.headers
    answered = await client.send(ME, who="member", origin="http://localhost:5173")
    assert "access-control-allow-origin" not in answered.headers


class TestWithOrigins:
    """MARQUEE_ORIGINS lets single-page applications on other ports in, with tokens."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return Settings(
            data_dir=tmp_path, DATABASE_URL=database_url, origins="http://localhost:5173, https://spa.example/",
        )  # fmt: skip

    @pytest.mark.parametrize("origin", ["http://localhost:5173", "https://spa.example"])
    async def test_they_are_let_in(self, client: Client, origin: str) -> None:
        response = await client.http.options("/graphql", headers={**PREFLIGHT, "origin": origin})
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in response.headers
        answered = await client.send(ME, who="member", origin=origin)
        assert answered.json() == MEMBER
        assert answered.headers["access-control-allow-origin"] == origin
        assert "x-request-id" in answered.headers["access-control-expose-headers"].lower()
        assert "Origin" in answered.headers["vary"]
        refused = await client.send(ME, authorization="Bearer mq_wrong", origin=origin)
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, origin)

    @pytest.mark.parametrize(
        ("path", "method", "headers", "status"),
        [
            ("/graphql", "GET", "authorization,if-none-match", 200),
            ("/graphql", "POST", "content-type", 200),
            ("/uploads/token", "PUT", "content-type", 200),
            ("/graphql", "DELETE", "content-type", 400),
            ("/graphql", "POST", "x-other", 400),
            ("/graphql", "POST", "cookie", 400),
        ],
    )
    async def test_a_preflight_allows_what_is_needed_and_no_more(
        self, client: Client, path: str, method: str, headers: str, status: int
    ) -> None:
        asked = {"access-control-request-method": method, "access-control-request-headers": headers}
        response = await client.http.options(path, headers={**asked, "origin": "http://localhost:5173"})
        assert response.status_code == status
        assert "access-control-allow-credentials" not in response.headers
        assert "*" not in response.headers["access-control-allow-origin"]

    async def test_a_page_of_theirs_reads_what_it_needs(self, client: Client) -> None:
        answered = await client.send(ME, who="member", origin="http://localhost:5173")
        exposed = {each.strip() for each in answered.headers["access-control-expose-headers"].lower().split(",")}
        assert exposed == {"etag", "retry-after", "x-request-id"}

    async def test_but_not_with_a_cookie(self, client: Client) -> None:
        response = await client.send(ME, **client.house.cookie("member"), origin="http://localhost:5173")
        assert response.status_code == 403

    async def test_others_are_not(self, client: Client) -> None:
        response = await client.http.options("/graphql", headers={**PREFLIGHT, "origin": "http://localhost:5174"})
        assert response.status_code == 400
        assert "access-control-allow-origin" not in response.headers
