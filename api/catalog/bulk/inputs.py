"""Inputs of changes of many items."""

import strawberry

from api.catalog.filters import MediaItemWhere
from api.catalog.inputs import ItemTarget, ItemWords
from api.kit.enums import expose
from api.kit.mutations import EXPECTED_VERSION, IDEMPOTENCY_KEY, client_id, sent
from domain.catalog.edits.model import Edit, NamesEdit, Replacement
from domain.catalog.enums import ErrorPolicy
from domain.kit.errors import Invalid

expose(
    ErrorPolicy,
    "What becomes of the others when an item cannot be changed as asked.",
    {
        "REJECT_ALL": "Nothing is changed.",
        "REJECT_FAILED": "The others are changed.",
        "IGNORE_FAILED": "The others are changed, and of this one whatever can be.",
    },
)

_POLICY = "What becomes of the others when an item cannot be changed as asked."
_DRY_RUN = "Tell exactly what would happen, and change nothing."


@strawberry.input(description="A list of names: all of it with `set`, or some more and some less.")
class NamesChange:
    set: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All names, at most 100, in order; null takes your word back, so that what the sources say is shown again."
    )
    add: list[str] | None = strawberry.field(
        default=None, description="Names to add at the end, at most 100, where they are missing."
    )
    remove: list[str] | None = strawberry.field(
        default=None, description="Names to take out, at most 100, whatever their upper and lower case."
    )


@strawberry.input(description="Text to replace in a field, wherever it occurs.")
class TextReplacement:
    field: str = strawberry.field(description="title, sortTitle, originalTitle, edition, tagline, plot or outline.")
    find: str = strawberry.field(description="1 to 500 characters, taken as they are.")
    replace: str = strawberry.field(description="What stands there instead; may be empty.")
    ignore_case: bool = strawberry.field(default=False, description="Find it in upper and lower case.")


@strawberry.input(description="What to change about an item. Fields that are absent stay; null takes your word back.")
class MediaItemChanges(ItemWords):
    countries: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="Its countries, all of them, at most 100, in order: ISO 3166-1 codes or names."
    )
    genres: NamesChange | None = strawberry.field(default=None, description="Its genres.")
    studios: NamesChange | None = strawberry.field(default=None, description="Its studios.")
    tags: NamesChange | None = strawberry.field(
        default=None,
        description="Its tags. `add` and `remove` are about people's own tags, beside those of files; `set` replaces all.",
    )
    replace: list[TextReplacement] | None = strawberry.field(default=None, description="Texts to replace, at most 10.")
    is_monitored: bool | None = strawberry.field(default=None, description="Whether automation looks after its artwork.")
    lock_fields: list[str] | None = strawberry.field(
        default=None, description="Fields to keep automation away from, at most 100."
    )
    unlock_fields: list[str] | None = strawberry.field(
        default=None, description="Fields to give back to automation, at most 100."
    )
    lock: bool = strawberry.field(
        default=True, description="Lock the fields that are set against automation, and unlock those that are taken back."
    )


@strawberry.input(description="An item to change.")
class SelectedMediaItem(ItemTarget):
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)


@strawberry.input(one_of=True, description="Which items.")
class MediaItemSelection:
    items: strawberry.Maybe[list[SelectedMediaItem]] = strawberry.field(
        description="These, at most 1,000; more than 100 are changed by a job."
    )
    where: strawberry.Maybe[MediaItemWhere] = strawberry.field(
        description="Those that meet the filter now, not empty, at most 50,000 items; more than 100 are changed by a job."
    )


@strawberry.input(description="The same change for several items.")
class SameEdit:
    select: MediaItemSelection = strawberry.field(description="Which items.")
    changes: MediaItemChanges = strawberry.field(description="What to change about each of them.")


@strawberry.input(description="An item with changes of its own.")
class RowEdit(SelectedMediaItem):
    changes: MediaItemChanges = strawberry.field(description="What to change about it.")


@strawberry.input(one_of=True, description="One change for many items, or one for each.")
class BulkEdit:
    same: strawberry.Maybe[SameEdit] = strawberry.field(description="The same for all.")
    rows: strawberry.Maybe[list[RowEdit]] = strawberry.field(description="Each its own, at most 100.")


@strawberry.input(description="Changes of many items.")
class BulkUpdateMediaItemsInput:
    edit: BulkEdit = strawberry.field(description="Which items, and what to change.")
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_ALL, description=_POLICY)
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Items to delete with their parts. Files stay on the disk.")
class BulkDeleteMediaItemsInput:
    select: MediaItemSelection = strawberry.field(description="Which items.")
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_ALL, description=_POLICY)
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Deleted items to bring back with the parts that went with them.")
class BulkRestoreMediaItemsInput:
    ids: list[strawberry.ID] = strawberry.field(description="Their ids, at most 1,000; more than 100 are restored by a job.")
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_ALL, description=_POLICY)
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A change to take back.")
class UndoChangeInput:
    change: strawberry.ID = strawberry.field(description="The change.")
    dry_run: bool = strawberry.field(default=False, description=_DRY_RUN)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


def edit_of(given: MediaItemChanges) -> Edit:
    """The edit that a request means. Raises Invalid for a list that is set and added to."""
    values = sent(
        title=given.title, sort_title=given.sort_title, original_title=given.original_title, edition=given.edition,
        tagline=given.tagline, plot=given.plot, outline=given.outline, year=given.year, release_date=given.release_date,
        end_date=given.end_date, runtime_ms=given.runtime_ms, album_type=given.album_type,
        is_kids_friendly=given.is_kids_friendly, countries=given.countries,
    )  # fmt: skip
    names: dict[str, NamesEdit] = {}
    for name, change in (("genres", given.genres), ("studios", given.studios), ("tags", given.tags)):
        if change is None:
            continue
        if change.set is not None:
            if change.add or change.remove:
                raise Invalid("Set a list, or add to it and take from it.", path=(name,))
            values[name] = change.set.value
        else:
            names[name] = NamesEdit(add=change.add or (), remove=change.remove or ())
    return Edit(
        values=values,
        names=names,
        replacements=[
            Replacement(
                field=_SPELLINGS.get(each.field, each.field), find=each.find, replace=each.replace, ignore_case=each.ignore_case
            )
            for each in given.replace or ()
        ],
        lock_fields=given.lock_fields or (),
        unlock_fields=given.unlock_fields or (),
        is_monitored=given.is_monitored,
        lock=given.lock,
    )


_SPELLINGS = {"sortTitle": "sort_title", "originalTitle": "original_title"}
