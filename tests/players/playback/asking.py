"""The questions of both halves: what plays, and what is done to it."""

from typing import Any

from tests.api.conftest import Client

PLAYBACKS = """query ($where: PlaybackWhere) { playbacks(where: $where) { nodes {
  id status title positionMs totalMs speed isFinished endedAt item { id } file { id } user { username } player { id name }
  video { codec width } audio { language channels } subtitle { index language } } } }"""
PLAY = """mutation ($input: PlayMediaInput!) { playMedia(input: $input) {
  player { id } playback { id } errors { ... on UserError { code message path } } } }"""
PAUSE = (
    "mutation ($id: ID!) { pausePlayback(input: { id: $id }) { playback { id } errors { ... on UserError { code message } } } }"
)


async def code(client: Client, query: str, variables: dict[str, Any], who: str = "member") -> str | None:
    """The code of the mutation's only error; None when it was done."""
    (payload,) = (await client.data(query, variables, who=who)).values()
    return payload["errors"][0]["code"] if payload["errors"] else None
