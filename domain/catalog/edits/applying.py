"""Edits many items in one transaction: who may be changed is, the others get their errors, in the policy that was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col

from domain.catalog.changing import close_items
from domain.catalog.edits.holding import Held, hold, lock_rows, shown_of
from domain.catalog.edits.model import Edit, RowResult, Target
from domain.catalog.edits.planning import lists_of, plan
from domain.catalog.edits.writing import own_columns, write
from domain.catalog.enums import ErrorPolicy, ItemKind, RowOutcome
from domain.catalog.queries import rows_of
from domain.catalog.showing import LISTS
from domain.catalog.tables import MediaItem
from domain.catalog.telling import NO_ITEM
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, DomainError, NotFound, VersionConflict
from domain.kit.ids import global_id

_NUMBERED: Final = (ItemKind.SEASON, ItemKind.EPISODE)


@dataclass(frozen=True, slots=True)
class Act:
    """How a change is told: the audit log's word for it, and its details by item."""

    word: str
    details: Mapping[int, dict[str, Any]]


def edit_items(
    uow: UnitOfWork, edits: Mapping[int, Edit], *, policy: ErrorPolicy, user_id: int | None, act: str = "item.updated"
) -> dict[int, RowResult]:
    """Edit items by their keys; a result for each. The edits have been checked (`planning.check`).

    Raises Conflict only when somebody else took a place between our look and our write.
    """
    rows = lock_rows(uow, edits)
    lists = set[str]().union(*(lists_of(edit) for edit in edits.values()))
    live = {key: row for key, row in rows.items() if row.deleted_at is None}
    held = hold(uow, live, lists=lists, with_inherited=any(map(_asks_for_locks, edits.values())))
    targets: dict[int, Target] = {}
    errors: dict[int, list[DomainError]] = {}
    refused: set[int] = set()
    for key, edit in edits.items():
        if (problem := standing(live.get(key), key, edit.expected_version)) is not None:
            errors[key] = [problem]
            refused.add(key)
        else:
            targets[key], errors[key] = plan(held[key], edit)
    details = {key: {"fields": sorted(_asked(edit)), "lock": edit.lock} for key, edit in edits.items()}
    return change_items(uow, held, targets, errors, refused, policy=policy, user_id=user_id, act=Act(act, details))


def change_items(
    uow: UnitOfWork,
    held: Mapping[int, Held],
    targets: dict[int, Target],
    errors: dict[int, list[DomainError]],
    refused: set[int],
    *,
    policy: ErrorPolicy,
    user_id: int | None,
    act: Act,
) -> dict[int, RowResult]:
    """Bring held items to their targets as the policy allows; `refused` are those with whom nothing can be done."""
    for key, conflict in _taken_places(uow, held, targets).items():
        errors.setdefault(key, []).append(conflict)
        targets[key].said.pop("edition", None)
        targets[key].locks.pop("edition", None)
    failed = {key for key, found in errors.items() if found}
    rejected = refused | (failed if policy is not ErrorPolicy.IGNORE_FAILED else set())
    is_off = policy is ErrorPolicy.REJECT_ALL and bool(failed)
    results: dict[int, RowResult] = {}
    written: dict[int, Target] = {}
    for key, found in errors.items():
        results[key] = RowResult(item_id=key, outcome=RowOutcome.UNCHANGED, errors=found)
        if key in rejected:
            results[key].outcome = RowOutcome.REJECTED
        elif is_off:
            results[key].outcome = RowOutcome.SKIPPED
        elif not targets[key].is_empty:
            results[key].outcome = RowOutcome.CHANGED
            written[key] = targets[key]
    if written:
        _write(uow, held, written, results, user_id=user_id, act=act)
    return results


def standing(row: Any, key: int, expected_version: int | None) -> DomainError | None:
    """What forbids to change an item as it stands; None = nothing."""
    if row is None:
        return NotFound(NO_ITEM, path=("item",))
    if expected_version is not None and expected_version != row.version:
        message = f"Somebody changed this item since you read it: look at it again, then send version {row.version}."
        return VersionConflict(message, current=row.version, entity_id=global_id("media_items", key))
    return None


def _write(
    uow: UnitOfWork,
    held: Mapping[int, Held],
    targets: Mapping[int, Target],
    results: Mapping[int, RowResult],
    *,
    user_id: int | None,
    act: Act,
) -> None:
    for key, target in targets.items():
        results[key].before = _state(held[key], target)
    resolved = write(uow, targets, held, user_id=user_id)
    rows: dict[int, Any] = {row.id: row for row in rows_of(uow.session, MediaItem.id, targets)}
    lists = set[str]().union(*(target.touched for target in targets.values())) & LISTS
    shown = shown_of(uow.session, rows, lists=lists)
    for key, target in targets.items():
        result, touched = results[key], target.touched & shown[key].keys()
        result.before["shown"] = {name: held[key].shown[name] for name in touched & held[key].shown.keys()}
        result.after = _wanted(held[key], target, {name: shown[key][name] for name in touched})
        changed = {name for name in touched if held[key].shown.get(name) != shown[key][name]}
        result.changed = sorted(changed | (resolved.get(key, set()) - shown[key].keys()))  # credits, scores … are not compared
        if target.is_monitored is not None:
            result.changed = sorted([*result.changed, "is_monitored"])
    told = {key: results[key].changed for key in targets}
    close_items(uow, [held[key].row for key in targets], act.word, changed=told, details=act.details)


def _state(held: Held, target: Target) -> dict[str, Any]:
    """What the target's parts are now, as `ChangeRow.before` keeps it."""
    state: dict[str, Any] = {
        "said": {name: held.word(name) for name in target.said},
        "locks": {name: held.locks.get(name) for name in target.locks},
        "tags": {key: not is_wanted for key, is_wanted in target.tags.items()},
    }
    if "tags" in target.touched:
        state["file_tags"] = held.file_tags
    if target.is_monitored is not None:
        state["is_monitored"] = not target.is_monitored
    return state


def _wanted(held: Held, target: Target, shown: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: held.locks.get(name) for name in target.said.keys() - target.locks.keys()}
    state = {"said": target.said, "locks": target.locks, "kept_locks": kept, "tags": target.tags, "shown": dict(shown)}
    return state if target.is_monitored is None else {**state, "is_monitored": target.is_monitored}


def _asks_for_locks(edit: Edit) -> bool:
    """Whether what is shown afterwards depends on what something above an item locks."""
    return bool(edit.unlock_fields) or "tags" in edit.names or None in edit.values.values()


def _asked(edit: Edit) -> Iterable[str]:
    monitored = [] if edit.is_monitored is None else ["is_monitored"]
    replaced = [each.field for each in edit.replacements]
    return {*edit.values, *edit.names, *replaced, *edit.lock_fields, *edit.unlock_fields, *monitored}


def _taken_places(uow: UnitOfWork, held: Mapping[int, Held], targets: Mapping[int, Target]) -> dict[int, Conflict]:
    """The seasons and episodes that would get the number and edition of another."""
    wanted: dict[int, str] = {}
    for key, target in targets.items():
        if held[key].row.kind in _NUMBERED and (edition := own_columns(held[key], target).get("edition")) is not None:
            wanted[key] = edition
    if not wanted:
        return {}
    parents = {held[key].row.parent_id for key in wanted}
    siblings = rows_of(uow.session, MediaItem.parent_id, parents, col(MediaItem.deleted_at).is_(None))
    places: dict[tuple[Any, ...], list[int]] = {}
    for row in siblings:
        if row.position is not None:
            places.setdefault((row.parent_id, row.position, wanted.get(row.id, row.edition)), []).append(row.id)
    taken = {key for keys in places.values() if len(keys) > 1 for key in keys if key in wanted}
    return {key: Conflict("There is already one of this number and edition.", path=("edition",)) for key in taken}
