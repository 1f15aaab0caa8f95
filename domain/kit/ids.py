"""Global ids: `<code>_<number>`, opaque to clients, written by SQL itself on both engines.

The code belongs to the row's table, never to a GraphQL type, so an item that is re-identified keeps its id.
"""

import re
from typing import Final

from domain.kit.errors import Invalid

# code -> table. A code is for ever: clients store ids.
CODES: Final[dict[str, str]] = {
    "itm": "media_items", "per": "people", "col": "collections", "grp": "media_groups", "stu": "studios",
    "ppr": "provider_priorities", "enr": "enrichment_results",
    "gen": "genres", "tag": "tags", "cre": "credits", "eid": "external_ids", "mty": "media_types",
    "lib": "libraries", "lpa": "library_paths", "src": "sources", "sco": "source_collections", "fil": "media_files",
    "itf": "item_files", "vst": "video_streams", "ast": "audio_streams", "sst": "subtitle_streams", "mrk": "markers",
    "rev": "review_queue", "bin": "recycle_bin", "prb": "file_problems",
    "img": "assets", "cnd": "image_candidates", "aty": "asset_types",
    "job": "jobs", "sch": "job_schedules", "evt": "events", "usr": "users", "tok": "api_tokens", "ses": "sessions",
    "aud": "audit_log", "chn": "channels", "rat": "item_ratings", "cer": "item_certifications", "rel": "release_dates",
    "eor": "episode_orders", "sor": "series_orders",
    "ctr": "countries", "lok": "field_locks", "fvl": "field_values",
    "doc": "persisted_documents", "upl": "uploads",
    "chg": "changes", "chr": "change_rows", "prv": "provider_configs", "prs": "provider_stats",
    "idl": "image_downloads", "ich": "image_choices",
    "plg": "player_groups", "plr": "players", "plu": "player_users", "pls": "player_states", "plc": "playback_captures",
    "pgl": "player_group_libraries", "pmp": "path_mappings", "inb": "inbound_events",
    "pub": "published_files", "prn": "publish_runs",
}  # fmt: skip
CODE_OF: Final[dict[str, str]] = {table: code for code, table in CODES.items()}

_SHAPE = re.compile(r"([a-z]{3})_(0|[1-9][0-9]{0,18})")


def global_id(table: str, key: int) -> str:
    """`global_id("media_items", 42)` is `itm_42`."""
    return f"{CODE_OF[table]}_{key}"


def parse_id(text: str) -> tuple[str, int]:
    """(table, key) of a global id. Raises Invalid for anything else."""
    match = _SHAPE.fullmatch(text)
    if match is None or match[1] not in CODES or int(match[2]) >= 2**63:
        raise Invalid(f"{text[:40]!r} is not an id.", path=("id",))
    return CODES[match[1]], int(match[2])


def key_of(table: str, text: str, *, path: tuple[str, ...] = ("id",)) -> int:
    """The key in a global id that must name a row of `table`. Raises Invalid."""
    try:
        found, key = parse_id(text)
    except Invalid as error:
        hint = f"those of {_words(table)} look like {CODE_OF[table]}_1 and stand in answers as `id`."
        raise Invalid(f"{error.message.removesuffix('.')}: {hint}", path=path) from None
    if found != table:
        raise Invalid(f"{text!r} is not the id of one of {_words(table)}: those begin with {CODE_OF[table]}_.", path=path)
    return key


def _words(table: str) -> str:
    return {"review_queue": "review items", "player_states": "playbacks"}.get(table, table.replace("_", " "))
