"""Does one stretch of a change in the caller's transaction: on whom the viewer may see, by the policy, or as a rehearsal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog.deleting import Outcomes, Tree
from domain.catalog.edits.applying import edit_items
from domain.catalog.edits.model import Edit, RowResult
from domain.catalog.enums import ErrorPolicy, RowOutcome
from domain.catalog.telling import NO_ITEM
from domain.kit.database import UnitOfWork
from domain.kit.errors import DomainError, Invalid, NotFound
from domain.kit.policy import Viewer
from domain.kit.types import instant_text
from domain.libraries import item_trees
from domain.libraries.visibility import visible_item_ids, visible_once_restored

Wanted = int | DomainError
"""The key of an item, or why there is none."""
Results = Mapping[int, RowResult]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows in the order they were asked for, and how to treat them."""

    wanted: Sequence[Wanted]
    policy: ErrorPolicy
    is_dry_run: bool = False
    path: Sequence[str] = ("item",)
    """Of the errors about items that are not there."""


def update(uow: UnitOfWork, viewer: Viewer, stretch: Stretch, edits: Mapping[int, Edit]) -> list[RowResult]:
    """Edit items; `edits` by key. Raises Conflict when somebody took a place meanwhile."""
    policy = ErrorPolicy.REJECT_FAILED if stretch.policy is ErrorPolicy.REJECT_ALL else stretch.policy

    def work(keys: Sequence[int]) -> Results:
        return edit_items(uow, {key: edits[key] for key in keys}, policy=policy, user_id=viewer.user_id)

    return carry_out(uow, stretch, visible_item_ids(uow.session, viewer, _keys(stretch)), work)


def delete(uow: UnitOfWork, viewer: Viewer, stretch: Stretch, versions: Mapping[int, int | None]) -> list[RowResult]:
    """Delete items with their parts."""

    def work(keys: Sequence[int]) -> Results:
        outcomes = item_trees.delete_items(uow, {key: versions.get(key) for key in keys})
        return results_of(outcomes, {"deleted_at": None}, {"deleted_at": instant_text(uow.now())})

    return carry_out(uow, stretch, visible_item_ids(uow.session, viewer, _keys(stretch)), work)


def restore(uow: UnitOfWork, viewer: Viewer, stretch: Stretch) -> list[RowResult]:
    """Bring back deleted items with the parts that went with them."""

    def work(keys: Sequence[int]) -> Results:
        outcomes = item_trees.restore_items(uow, keys)
        before = {key: {"deleted_at": instant_text(tree.row.deleted_at)} for key, tree in trees(outcomes).items()}
        results = results_of(outcomes, {}, {"deleted_at": None})
        for key, values in before.items():
            results[key].before |= values
        return results

    return carry_out(uow, stretch, visible_once_restored(uow.session, viewer, _keys(stretch)), work)


def results_of(outcomes: Outcomes, before: Mapping[str, object], after: Mapping[str, object]) -> dict[int, RowResult]:
    """What became of deleted or restored items; `items` says how many went with each, itself counted."""
    found: dict[int, RowResult] = {}
    for key, outcome in outcomes.items():
        if isinstance(outcome, Tree):
            more = {"items": len(outcome.keys), "shown": {"title": outcome.row.title}}
            found[key] = RowResult(item_id=key, outcome=RowOutcome.CHANGED, before={**before, **more}, after={**after, **more})
        elif outcome is None:
            found[key] = RowResult(item_id=key, outcome=RowOutcome.SKIPPED)
        else:
            found[key] = RowResult(item_id=key, outcome=RowOutcome.REJECTED, errors=[outcome])
    return found


def trees(outcomes: Outcomes) -> dict[int, Tree]:
    """The trees among the outcomes."""
    return {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, Tree)}


def carry_out(
    uow: UnitOfWork, stretch: Stretch, visible: frozenset[int], work: Callable[[Sequence[int]], Results]
) -> list[RowResult]:
    """Run `work` on the visible items; a result for each row that was asked for, in order.

    A rehearsal is the work itself, taken back. So is a REJECT_ALL of which a row failed.
    """
    refused: dict[int, DomainError] = {}
    keys: dict[int, int] = {}
    for place, wanted in enumerate(stretch.wanted):
        if isinstance(wanted, DomainError):
            refused[place] = wanted
        elif wanted not in visible:
            refused[place] = NotFound(NO_ITEM, path=stretch.path)
        elif wanted in keys:
            refused[place] = Invalid("This item is named twice.", path=stretch.path)
        else:
            keys[wanted] = place
    with uow.attempt() as take_back:
        found = work(list(keys)) if keys else {}
        has_failed = bool(refused) or any(result.errors for result in found.values())
        is_off = stretch.policy is ErrorPolicy.REJECT_ALL and has_failed
        if stretch.is_dry_run or is_off:
            take_back()
    by_place = {keys[key]: result for key, result in found.items()}
    results = []
    for place, wanted in enumerate(stretch.wanted):
        if place in refused:
            key = wanted if isinstance(wanted, int) and wanted in visible else None
            results.append(RowResult(item_id=key, outcome=RowOutcome.REJECTED, errors=[refused[place]]))
            continue
        result = by_place[place]
        if is_off and result.errors:
            result.outcome = RowOutcome.REJECTED
        elif is_off:
            result.outcome = RowOutcome.SKIPPED
        results.append(result)
    return results


def _keys(stretch: Stretch) -> list[int]:
    return [wanted for wanted in stretch.wanted if isinstance(wanted, int)]
