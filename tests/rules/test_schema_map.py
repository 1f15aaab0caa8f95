"""Every column of the three reference systems has a home: docs/reference-schema-map.csv says which, and it exists."""

import csv
import hashlib
import re
from collections import Counter

import domain.registry
from domain.catalog.enums import EntityKind
from domain.catalog.fields import FIELDS
from domain.kit.database.migrations import HISTORY
from tests.rules.sources import ROOT

TABLES = {**domain.registry.metadata.tables, HISTORY.name: HISTORY}
ROWS = list(csv.DictReader((ROOT / "docs" / "reference-schema-map.csv").read_text(encoding="utf-8").splitlines()))
COLUMN = re.compile(r"(\w+)\.(\w+)(?: \[(.+)\])?")
LATER = {
    "artwork": {
        "trailer_candidates",
    },
    "broadcast": {
        "ad_policies", "channels", "play_log", "playout_logs", "schedule_blocks", "schedule_instances", "schedules",
    },
    "tracking": {
        "currently_watching", "interaction_events", "user_libraries", "user_list_items", "user_lists", "user_ratings",
        "user_reviews", "user_stats_cache", "watch_sessions",
    },
    "integrations and system": {
        "backup_history", "dashboard_widgets", "federated_friends", "federated_instances", "import_jobs", "plugin_versions",
        "plugins", "ui_config", "ui_config_backups", "webhooks",
    },
}  # fmt: skip
"""Seed tables that may wait for a section of the schema that is not built yet; all others have arrived."""


def test_every_seed_column_has_one_row() -> None:
    """The digest is that of the seeds' own list of columns."""
    keys = sorted(f"{row['seed']},{row['table']},{row['column']}" for row in ROWS)
    assert len(set(keys)) == len(keys)
    assert Counter(row["seed"] for row in ROWS) == {
        "metarr-2025-10": 368, "metarr-current": 331, "chronicle-1.0": 311, "retrovue-1.2": 147, "retrovue-1.0": 71
    }  # fmt: skip
    assert (
        hashlib.sha256("\n".join(keys).encode()).hexdigest() == "6af9064d946c6ffc8c819951dbe0cf11aee888c90bbfbeebb6d8b227a9727817"
    )


def test_every_home_exists() -> None:
    homeless = []
    for row in ROWS:
        target = row["target"]
        if target in ("surrogate key", "migration bookkeeping") or target.startswith(("later: ", "derived: ", "replaced by ")):
            continue
        match = COLUMN.fullmatch(target)
        if match is None or match[1] not in TABLES or match[2] not in TABLES[match[1]].c:
            homeless.append(row)
    assert homeless == []


def test_a_surrogate_key_is_the_seeds_own_number() -> None:
    assert {row["column"] for row in ROWS if row["target"] == "surrogate key"} == {"id"}


def test_what_a_home_is_derived_from_exists() -> None:
    """A column named in the words of a derivation or replacement is there as well."""
    named = [
        (row["target"], table, column)
        for row in ROWS
        if row["target"].startswith(("derived: ", "replaced by "))
        for table, column in re.findall(r"\b([a-z_]+)\.([a-z_]+)\b", row["target"])
    ]
    assert len(named) > 20
    assert [one for one in named if one[1] not in TABLES or one[2] not in TABLES[one[1]].c] == []


def test_locks_are_of_fields_that_can_be_locked() -> None:
    fields = {name for kind in EntityKind for name in FIELDS[kind]}
    named = {match[1] for row in ROWS if (match := re.search(r"^field_locks\.state \[field=([\w.]+)\]$", row["target"]))}
    assert len(named) > 15
    assert named <= fields


def test_nothing_that_is_built_waits() -> None:
    waiting: dict[str, set[str]] = {}
    for row in ROWS:
        if row["target"].startswith("later: "):
            waiting.setdefault(row["target"].removeprefix("later: "), set()).add(row["table"])
    assert waiting == LATER
