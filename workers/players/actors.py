"""Does what players are told in the background: read what changed, forget what is gone."""

from collections.abc import Mapping
from typing import Any

from domain.jobs.kinds import CLEAN_PLAYERS, SYNC_PLAYERS, CleanPlayers, SyncPlayers
from domain.kit.secrets import load_key
from domain.players import syncing
from workers.outbound import lan
from workers.players.around import hooks, taken_over
from workers.runtime import JobContext, job


@job(SYNC_PLAYERS)
def sync_players(context: JobContext[SyncPlayers]) -> Mapping[str, Any]:
    """Tell each group that shows the library; the result says which of its members did what. Raises Watching."""
    key = _key(context)
    with taken_over(context):
        return syncing.sync(context, context.database.read, lan(), context.payload, key=key, hooks=hooks(context, key=key))


@job(CLEAN_PLAYERS)
def clean_players(context: JobContext[CleanPlayers]) -> Mapping[str, Any]:
    """Let one member of a group forget what is not there any more. Raises Watching."""
    key = _key(context)
    group = context.payload.group_id
    with taken_over(context):
        return syncing.clean(context, context.database.read, lan(), group, key=key, hooks=hooks(context, key=key))


def _key(context: JobContext[Any]) -> bytes:
    settings = context.settings
    return load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
