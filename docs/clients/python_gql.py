"""Python's gql: queries and mutations over HTTP, subscriptions over WebSocket, the schema's types checked before sending."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

HERE = Path(__file__).parent
URL = os.environ["MARQUEE_URL"].rstrip("/") + "/graphql"
AUTHORIZATION = f"Bearer {os.environ['MARQUEE_TOKEN']}"
OLD_CURSOR = os.environ["MARQUEE_OLD_CURSOR"]
"""Kept from before a backup was restored."""
DOCUMENT = (HERE / "operations.graphql").read_text(encoding="utf-8")
SCHEMA = (HERE / "../../api/schema.graphql").read_text(encoding="utf-8")


def request(operation: str, **variables: Any) -> GraphQLRequest:
    """One operation of the document."""
    return GraphQLRequest(DOCUMENT, operation_name=operation, variable_values=variables)


def explain(failure: dict[str, Any]) -> str:
    """What a person should read. Kinds of failures may be added: every one has `code` and `message`."""
    if failure["__typename"] == "VersionConflictError":
        return f"somebody was faster, the version is {failure['current']} now"
    return f"{failure['code']} at {'.'.join(failure['path'])}: {failure['message']}"


async def all_films(session: Any) -> list[dict[str, Any]]:
    """Every page, one after another."""
    films: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await session.execute(request("Films", first=5, after=after)))["movies"]
        films += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return films
        after = page["pageInfo"]["endCursor"]


async def messages(film: str, after: str | None) -> AsyncIterator[dict[str, Any]]:
    """The subscription behind a cursor, or from now on."""
    transport = WebsocketsTransport(URL.replace("http", "ws", 1), init_payload={"authorization": AUTHORIZATION})
    async with Client(transport=transport) as session:
        async for data in session.subscribe(request("Follow", id=film, after=after)):
            yield data["mediaItemChanged"]


async def main() -> None:
    """The same steps as the other examples."""
    transport = HTTPXAsyncTransport(URL, headers={"Authorization": AUTHORIZATION}, timeout=20)
    async with Client(transport=transport, schema=SCHEMA) as session:
        films = await all_films(session)
        print(f"{len(films)} films: {', '.join(film['title'] for film in films)}")
        film = next(film for film in films if film["title"] == "Orchard Static")

        async def advertise(tagline: str | None, expected_version: int | None = None) -> dict[str, Any]:
            values = {"id": film["id"], "tagline": tagline, "expectedVersion": expected_version}
            payload: dict[str, Any] = (await session.execute(request("Advertise", **values)))["updateMediaItem"]
            return payload

        print(f"edited: {(await advertise('gql was here', film['version']))['mediaItem']['tagline']}")
        refused = await advertise("gql was late", film["version"])
        print(f"refused: {'; '.join(explain(failure) for failure in refused['errors'])}")

        async def next_change(after: str | None) -> str:
            async for message in messages(film["id"], after):
                match message["__typename"]:
                    case "Subscribed":
                        await advertise("Heard live")
                    case "MediaItemChanged" if message["type"] != "present":
                        print(f"heard: {message['type']} {message['node']['title']}: {message['node']['tagline'] or '-'}")
                        return message["cursor"]
                    case "Resync":
                        print(f"missed something ({message['reason']}), reading anew")
                        await session.execute(request("Item", id=film["id"]))
                        return message["cursor"]
            raise ConnectionError("the stream ended: open it again behind the last cursor")

        cursor = await next_change(None)
        await advertise(None)
        await next_change(cursor)
        await next_change(OLD_CURSOR)


asyncio.run(main())
