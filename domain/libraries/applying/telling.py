"""Tells what a batch did, as events: one for each item, one for the files of the batch together."""

from collections.abc import Iterable, Mapping

from domain.catalog.enums import Availability
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.libraries.applying.model import Batch
from domain.system import events

TOPIC = "libraries"


def tell(uow: UnitOfWork, batch: Batch, availability: Mapping[int, tuple[Availability, Availability]]) -> None:
    """Emit the batch's events and count its items."""
    counts = batch.applied.counts
    changed = {item: set(fields) for item, fields in batch.changed.items() if fields and item not in batch.added}
    types: dict[int, str] = dict.fromkeys(batch.added, "item.added")
    for item, (before, now) in availability.items():
        if item in batch.added:
            continue
        changed.setdefault(item, set()).add("availability")
        if now is Availability.MISSING:
            types[item] = "item.missing"
        elif before is Availability.MISSING:
            types[item] = "item.restored"
    facts: list[events.Fact] = []
    for item in sorted(types.keys() | changed.keys()):
        kind = types.get(item, "item.changed")
        counts[kind.replace("item.", "items_")] += 1
        facts.append(events.Fact(kind, global_id("media_items", item), changed_fields=_named(changed.get(item))))
    if files := {name: count for name, count in sorted(counts.items()) if name.startswith("files_") and count}:
        facts.append(events.Fact("library.files_changed", global_id("libraries", batch.library.id), files))
    events.emit_many(uow, facts, topic=TOPIC, audience=events.for_library(batch.library.id))


def _named(fields: Iterable[str] | None) -> list[str] | None:
    return None if fields is None else [camel(field) for field in fields]
