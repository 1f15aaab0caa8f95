"""Takes back what an edit wrote, where nobody has changed it since."""

from collections.abc import Mapping
from typing import Any

from domain.catalog.edits.applying import Act, change_items, standing
from domain.catalog.edits.holding import Held, hold, lock_rows
from domain.catalog.edits.model import RowResult, Target
from domain.catalog.edits.planning import reduced
from domain.catalog.enums import ErrorPolicy, LockState, TagOrigin
from domain.catalog.showing import LISTS
from domain.catalog.sources import USER
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, DomainError
from domain.kit.spelling import camel

Row = Any
"""A row of `change_rows`."""


def undo_edits(uow: UnitOfWork, rows: Mapping[int, Row], *, policy: ErrorPolicy, user_id: int | None) -> dict[int, RowResult]:
    """Bring items back to what `rows` (by item) say was before; Conflict for one that was changed since."""
    live = {key: row for key, row in lock_rows(uow, rows).items() if row.deleted_at is None}
    lists = {name for row in rows.values() for name in row.after.get("shown", {})} & LISTS
    held = hold(uow, live, lists=lists, with_inherited=True)
    targets: dict[int, Target] = {}
    errors: dict[int, list[DomainError]] = {}
    refused: set[int] = set()
    details: dict[int, dict[str, Any]] = {}
    for key, row in rows.items():
        problem = standing(live.get(key), key, None)
        if problem is None and (changed := _changed_since(held[key], row.after)):
            problem = Conflict(
                f"Changed since: {', '.join(changed)}. Undo what came later first, or edit the item.", path=("change",)
            )
        if problem is not None:
            errors[key] = [problem]
            refused.add(key)
            continue
        errors[key] = []
        targets[key] = _back(held[key], row.before)
        details[key] = {"fields": sorted(targets[key].touched), "undone": row.change_id}
    return change_items(uow, held, targets, errors, refused, policy=policy, user_id=user_id, act=Act("item.undone", details))


def _changed_since(held: Held, after: Mapping[str, Any]) -> list[str]:
    """The parts of which the item does not hold any more what the change wrote."""
    changed = {name for name, value in after["said"].items() if held.word(name) != value}
    locks = {**after.get("kept_locks", {}), **after["locks"]}  # somebody who locked a field meanwhile wants it so
    changed |= {name for name, state in locks.items() if held.locks.get(name) != state}
    if any((held.tags.get(key) is TagOrigin.USER) != is_there for key, is_there in after["tags"].items()):
        changed.add("tags")
    if after["tags"] and "tags" not in after["said"] and held.word("tags") is not None:
        changed.add("tags")  # single tags then, somebody's whole list now
    if after.get("is_monitored", held.row.is_monitored) != held.row.is_monitored:
        changed.add("is_monitored")
    return sorted(map(camel, changed))


def _back(held: Held, before: Mapping[str, Any]) -> Target:
    target = Target(
        said=dict(before["said"]),
        locks={name: None if state is None else LockState(state) for name, state in before["locks"].items()},
        tags=dict(before["tags"]),
        is_monitored=before.get("is_monitored"),
    )
    for name, state in target.locks.items():
        if name in target.said or USER in held.sources.get(name, {}):
            continue
        if state is LockState.LOCKED:
            if name in before["shown"]:
                target.forced[name] = before["shown"][name]
        elif held.sources.get(name):
            target.show.add(name)
    for name, value in target.said.items():
        is_alone = not held.sources.get(name, {}).keys() - {USER}  # nothing else says it: it stood there of itself
        if value is None and (is_alone or held.will_be_locked(name, target.locks)) and name in before["shown"]:
            target.forced[name] = before["shown"][name]
    if "tags" in target.forced or (target.tags and "tags" not in target.said and held.will_be_locked("tags", target.locks)):
        target.forced["tags"] = before.get("file_tags", held.file_tags)
    return reduced(held, target)
