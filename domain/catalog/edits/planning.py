"""What an edit comes to on one item: the differences, and what breaks a rule. Reads and writes nothing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from domain.catalog.edit_values import MOST_FIELDS, field_named, stored_value
from domain.catalog.edits.holding import Held
from domain.catalog.edits.model import TEXTS, Edit, NamesEdit, Replacement, Target
from domain.catalog.enums import LockState, TagOrigin
from domain.catalog.resolving import SHOWN
from domain.catalog.showing import LISTS
from domain.catalog.sorting import normal_name
from domain.catalog.sources import USER
from domain.kit.errors import DomainError, Invalid

MOST_REPLACEMENTS: Final = 10
MOST_TEXT: Final = 500


def check(edit: Edit) -> None:
    """Refuse what is wrong with an edit whatever the item. Raises Invalid."""
    asked = len(edit.values) + len(edit.names) + len(edit.replacements) + len(edit.lock_fields) + len(edit.unlock_fields)
    if asked > MOST_FIELDS or not (asked or edit.is_monitored is not None):
        raise Invalid(f"Say what to change: 1 to {MOST_FIELDS} fields.", path=("changes",))
    if len(edit.replacements) > MOST_REPLACEMENTS:
        raise Invalid(f"At most {MOST_REPLACEMENTS} replacements at once.", path=("replace",))
    for each in edit.replacements:
        if each.field not in TEXTS:
            raise Invalid(f"Text can be replaced in {', '.join(sorted(TEXTS))}.", path=("replace", "field"))
        if not 1 <= len(each.find) <= MOST_TEXT or len(each.replace) > MOST_TEXT:
            raise Invalid(
                f"The text to find has 1 to {MOST_TEXT} characters, its replacement at most as many.", path=("replace",)
            )
    if both := edit.values.keys() & edit.names.keys():
        raise Invalid("Set a list, or add to it and take from it.", path=(min(both),))


def plan(held: Held, edit: Edit) -> tuple[Target, list[DomainError]]:
    """What differs from what the item holds, and an error for each part of the edit that cannot be."""
    target = Target()
    errors: list[DomainError] = []

    def attempt(path: Sequence[str], work: Callable[..., None], *arguments: Any) -> None:
        try:
            work(*arguments)
        except Invalid as error:
            errors.append(Invalid(error.message, path=error.path or path))

    def say(name: str, value: Any) -> None:
        target.said[name] = stored_value(held.kind, name, value)

    def replace(each: Replacement) -> None:
        text = target.said.get(each.field, held.shown.get(each.field))
        if isinstance(text, str) and (new := each.apply(text)) != text:
            say(each.field, new)

    for name, value in edit.values.items():
        attempt((name,), say, name, value)
    for each in edit.replacements:
        attempt((each.field,), replace, each)
    for name, names in edit.names.items():
        attempt((name,), _change_names, held, target, name, names)
    if "tags" in target.said:
        _own_tags(held, target)
    if edit.lock:
        target.locks |= {name: None if value is None else LockState.LOCKED for name, value in target.said.items()}
        _show_sources(held, target, [name for name, value in target.said.items() if value is None and held.word(name) is None])
    for name in edit.lock_fields:
        attempt(("lock",), _lock, held, target, name)
    for name in edit.unlock_fields:
        attempt(("unlock",), _unlock, held, target, name)
    target.show = {name for name in target.show if not held.will_be_locked(name, target.locks)}
    target.is_monitored = edit.is_monitored
    return reduced(held, target), errors


def reduced(held: Held, target: Target) -> Target:
    """The target without what the item holds already."""
    target.said = {name: value for name, value in target.said.items() if held.word(name) != value}
    target.locks = {name: state for name, state in target.locks.items() if held.locks.get(name) != state}
    target.tags = {key: wanted for key, wanted in target.tags.items() if (held.tags.get(key) is TagOrigin.USER) != wanted}
    if target.is_monitored == held.row.is_monitored:
        target.is_monitored = None
    return target


def _change_names(held: Held, target: Target, name: str, names: NamesEdit) -> None:
    added, removed = stored_value(held.kind, name, names.add), stored_value(held.kind, name, names.remove)
    if name == "tags" and held.word("tags") is None:
        _change_tags(held, target, added, removed)
        return
    present = held.shown[name] if held.word(name) is None else held.word(name)
    gone = {normal_name(each) for each in removed}
    kept = [each for each in present if normal_name(each) not in gone]
    known = {normal_name(each) for each in kept}
    wanted = kept + [each for each in added if normal_name(each) not in known]
    if wanted != present:
        target.said[name] = stored_value(held.kind, name, wanted)


def _change_tags(held: Held, target: Target, added: Sequence[str], removed: Sequence[str]) -> None:
    """A person's tags beside those of others: a file's becomes the person's when it is added, and stays when removed."""
    known = {normal_name(key): key for key in held.tags}
    for each in removed:
        key = known.get(normal_name(each))
        if key is not None and held.tags[key] is TagOrigin.USER:
            target.tags[key] = False
    for each in added:
        key = known.get(normal_name(each), each)
        if target.tags.get(key) is False:
            target.tags[each] = True  # taken out and put in again: with another spelling, it is renamed
        elif held.tags.get(key) in (None, TagOrigin.SIDECAR):
            target.tags[key] = True


def _own_tags(held: Held, target: Target) -> None:
    """With a word of the person's on tags, the person's tags are exactly those of the word."""
    wanted = dict.fromkeys(target.said["tags"] or (), True)
    mine = {key for key, origin in held.tags.items() if origin is TagOrigin.USER}
    target.tags = {**dict.fromkeys(mine, False), **wanted}


def _lock(held: Held, target: Target, spelled: str) -> None:
    target.locks[field_named(held.kind, spelled)] = LockState.LOCKED


def _unlock(held: Held, target: Target, spelled: str) -> None:
    name = field_named(held.kind, spelled)
    target.locks[name] = LockState.UNLOCKED if name in held.inherited else None
    if name not in target.said:
        _show_sources(held, target, [name])


def _show_sources(held: Held, target: Target, unlocked: Iterable[str]) -> None:
    """What sources said of fields while they were locked is to be shown now, where a person said nothing."""
    for name in unlocked:
        said = held.sources.get(name, {})
        if said and USER not in said and name in SHOWN:
            target.show.add(name)


def lists_of(edit: Edit) -> set[str]:
    """The shown lists that must be read for an edit."""
    return {*edit.values, *edit.names, *edit.lock_fields, *edit.unlock_fields} & LISTS
