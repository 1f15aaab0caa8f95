"""Webhooks of players: the token that they carry, and what is made of them.

They are for servers that reach us where we do not reach them. While somebody listens to a player what its webhooks say of
playback is known already, and better; they are answered and left.
"""

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.kit import clock
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unexpected
from domain.kit.ids import global_id
from domain.kit.secrets import NO_TOKEN, keyed_hash, new_token
from domain.libraries.enums import ConnectionStatus
from domain.players import matching, recording
from domain.players.enums import PlaybackStatus, PlayerType
from domain.players.jellyfin import webhook as jellyfin
from domain.players.leases import PLAYERS, STATES
from domain.players.model import Playing
from domain.players.playing import Change, sober
from domain.players.plex import webhook as plex
from domain.players.steps import Step, Taken, steps
from domain.players.tables import Player
from domain.players.webhooks import LibraryEvent, Told
from domain.system import audit, events
from domain.system.audit_tables import AuditSeverity

TOKEN: Final = "player webhook"  # noqa: S105 - what tokens are hashed for


class Outcome(StrEnum):
    """What became of a webhook."""

    NOTED = "noted"
    """It was news."""
    KNOWN = "known"
    """Somebody listens to the player, or it said nothing new."""
    IGNORED = "ignored"
    """It is of another server, or of nothing that concerns us."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request at the door: for which player, with which secret (None = none), and what it brings."""

    player_id: int
    secret: str | None = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str = ""


def give_token(uow: UnitOfWork, *, player_id: int, secret: bytes) -> str:
    """A new token for its webhooks, in clear this once; the one before is worth nothing any more. Raises NotFound, and
    Conflict for a Kodi, which sends none. `secret` is the installation's key."""
    player = _player(uow, player_id)
    if player.group_type is PlayerType.KODI:
        raise Conflict("Kodi sends no webhooks: it is listened to.")
    token = new_token()
    player.webhook_hash = keyed_hash(secret, TOKEN, token)
    _told(uow, player, "webhook_token_rotated")
    return token


def revoke_token(uow: UnitOfWork, *, player_id: int) -> None:
    """Take none of its webhooks any more. Raises NotFound."""
    player = _player(uow, player_id)
    player.webhook_hash = None
    _told(uow, player, "webhook_token_revoked")


def receive(database: Database, knock: Knock, *, key: bytes) -> Outcome:
    """Take a webhook in. Raises Unauthenticated (no such player, no or another token), Forbidden (it is switched off),
    Invalid (not what this kind of player sends)."""
    with database.read() as session:
        statement = sa.select(PLAYERS).where(PLAYERS.c.id == knock.player_id)  # unguarded: the token decides
        player = session.connection().execute(statement).first()
        if not knock.secret:
            raise Unauthenticated(NO_TOKEN)
        given = keyed_hash(key, TOKEN, knock.secret)
        expected = None if player is None else player.webhook_hash
        if not hmac.compare_digest(given, expected or "") or player is None:
            raise Unauthenticated("This is not the token of this player's webhooks.")
        if not player.is_enabled:
            raise Forbidden("This player is switched off.")
        told = _understood(player.group_type, knock)
        # Plex sends what every server of an account does to every address of it.
        if told.news is None or (told.server_id and player.server_id and told.server_id != player.server_id):
            return Outcome.IGNORED
        if isinstance(told.news, Playing):
            if _is_heard(player):
                return Outcome.KNOWN
            entries = _entries(session, player, told.news)
    if isinstance(told.news, LibraryEvent):
        news = told.news
        database.perform(lambda uow: _tell(uow, knock.player_id, news))
        return Outcome.NOTED
    if not entries:
        return Outcome.KNOWN
    return database.perform(lambda uow: _note(uow, player, entries))


def _understood(kind: PlayerType, knock: Knock) -> Told:
    try:
        return plex.told(knock.body, knock.content_type) if kind is PlayerType.PLEX else jellyfin.told(knock.body)
    except Unexpected as error:
        raise Invalid(error.message) from None


def _is_heard(player: Any) -> bool:
    is_watched = player.watched_until is not None and player.watched_until > clock.now()
    return is_watched and player.connection_status is ConnectionStatus.CONNECTED


def _entries(session: Session, player: Any, told: Playing) -> list[recording.Entry]:
    """What happened, against what is known of the session."""
    told = sober(told, now=clock.now())
    same = (STATES.c.player_id == player.id, STATES.c.session == told.session, STATES.c.status != PlaybackStatus.STOPPED)
    row = session.connection().execute(sa.select(STATES).where(*same)).first()  # unguarded: written on nobody's behalf
    now = clock.now()
    known = None if row is None else Taken(recording.playing_of(row), row.observed_at, row.observed_at.timestamp())
    found = steps(known, [Taken(told, now, now.timestamp())])
    return [_entry(session, player, step, row) for step in found]


def _entry(session: Session, player: Any, step: Step, row: Any) -> recording.Entry:
    now = step.playing
    if row is not None and step.change is not Change.STARTED:
        match = matching.Match(row.item_id, row.file_id)
    else:
        match = matching.NOTHING if now.media is None else matching.match(
            session, player.group_id, now.media, position_ms=now.position_ms
        )  # fmt: skip
    return recording.Entry(step.change, now, match, matching.user_of(session, player.id, now.profile))


def _note(uow: UnitOfWork, player: Any, entries: list[recording.Entry]) -> Outcome:
    statement = sa.select(PLAYERS).where(PLAYERS.c.id == player.id).with_for_update(key_share=True)
    row = uow.session.connection().execute(statement).first()
    if row is None or _is_heard(row):  # somebody listens by now
        return Outcome.KNOWN
    recording.record(uow, player.id, entries)
    return Outcome.NOTED


def _tell(uow: UnitOfWork, player_id: int, news: LibraryEvent) -> None:
    media = news.media
    payload = {"happening": news.happening.value, "kind": media.kind.value, "title": media.title[:200], "key": media.key}
    events.emit(uow, "player.library_changed", global_id("players", player_id), topic="players", payload=payload)


def _player(uow: UnitOfWork, player_id: int) -> Player:
    query = select(Player).where(col(Player.id) == player_id).with_for_update()  # unguarded: only administrators change it
    player = uow.session.exec(query).first()
    if player is None:
        raise NotFound("There is no such player.", path=("id",))
    return player


def _told(uow: UnitOfWork, player: Player, what: str) -> None:
    uow.session.flush()
    subject = global_id("players", player.id)
    audit.record(uow, f"player.{what}", subject=subject, severity=AuditSeverity.CRITICAL, details={"name": player.name})
