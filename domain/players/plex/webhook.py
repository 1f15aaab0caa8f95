"""Webhooks of Plex (Plex Pass): a form with a part `payload` in JSON, and sometimes a picture."""

import email.message
import email.parser
import email.policy
from datetime import datetime
from typing import Final

from domain.kit import clock
from domain.kit.errors import Unexpected
from domain.kit.http import json_of
from domain.players.enums import PlaybackStatus
from domain.players.following import ran_out
from domain.players.model import Playing, Profile
from domain.players.plex.items import media_of, speed_of
from domain.players.reading import line, milliseconds
from domain.players.webhooks import Happening, LibraryEvent, Told
from domain.providers.reading import Row, identifier, row

_PLAYBACK: Final = {
    "media.play": PlaybackStatus.PLAYING, "media.resume": PlaybackStatus.PLAYING, "media.scrobble": PlaybackStatus.PLAYING,
    "playback.started": PlaybackStatus.PLAYING, "media.pause": PlaybackStatus.PAUSED, "media.stop": PlaybackStatus.STOPPED,
}  # fmt: skip
_NEW: Final = "library.new"
_MOST_PARTS: Final = 8


def told(body: bytes, content_type: str) -> Told:
    """What a body says. Raises Unexpected for what is no webhook of Plex."""
    said = json_of(_payload(body, content_type), host="The webhook")
    kind = said.get("event") if isinstance(said, dict) else None
    if not isinstance(kind, str):
        raise Unexpected("The webhook has no event.")
    server = identifier(row(said.get("Server")).get("uuid"))
    metadata = row(said.get("Metadata"))
    if kind in _PLAYBACK:
        return Told(kind, server, _playing(said, metadata, _PLAYBACK[kind], clock.now()))
    if kind == _NEW:
        return Told(kind, server, LibraryEvent(Happening.ADDED, media_of(metadata)))
    return Told(kind[:100], server)


def _payload(body: bytes, content_type: str) -> bytes:
    """The JSON, also where a proxy or a script sends it bare."""
    if not content_type.strip().lower().startswith("multipart/form-data"):
        return body
    if not content_type.isprintable():
        raise Unexpected("The webhook's form has no boundary.")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    parts = form.get_payload() if form.is_multipart() else []
    for part in list(parts)[:_MOST_PARTS]:
        if isinstance(part, email.message.Message) and part.get_param("name", header="content-disposition") == "payload":
            found = part.get_payload(decode=True)
            return found if isinstance(found, bytes) else b""
    raise Unexpected("The webhook's form has no part payload.")


def _playing(said: Row, metadata: Row, status: PlaybackStatus, now: datetime) -> Playing:
    """Its session is the device: webhooks do not say which of its sessions the server means."""
    account, player = row(said.get("Account")), row(said.get("Player"))
    user, title = identifier(account.get("id")), line(account.get("title"))
    position = milliseconds(metadata.get("viewOffset"))
    total = milliseconds(metadata.get("duration")) or None
    return Playing(
        status,
        media_of(metadata),
        position,
        now,
        identifier(player.get("uuid")) or "",
        total,
        speed_of(status),
        None if user is None else Profile(user, title),
        line(player.get("title")),
        is_finished=status is PlaybackStatus.STOPPED and ran_out(position, total),
    )
