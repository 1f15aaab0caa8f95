"""What others take an item for, as evidence: it counts where the item says nothing itself, and only if it fits what it is."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from domain.catalog.identity import Space
from domain.identify.asking import Asker
from domain.identify.enums import AttemptOutcome
from domain.identify.finding import Finding, find
from domain.identify.knowing import Known
from domain.jobs.kinds import Identify
from domain.libraries.below import tops_below

Ids = Mapping[Space, str]


def resolved(session: Session, payload: Identify) -> Identify:
    """The same with the items that are in its folder now."""
    if payload.folder is None or payload.library_id is None:
        return payload
    return replace(payload, items=tuple(tops_below(session, payload.library_id, payload.folder)))


def ids_by_item(session: Session, payload: Identify) -> dict[int, Ids]:
    """The hints by item. One about a folder that holds several films says nothing of any of them."""
    found: dict[int, Ids] = {}
    for hint in payload.hints if payload.library_id is not None else ():
        tops = tops_below(session, payload.library_id or 0, hint.path)
        if len(tops) == 1 and tops[0] not in found:
            found[tops[0]] = {(provider, namespace): value for provider, namespace, value in hint.ids}
    return found


def is_new(known: Known, hint: Ids | None) -> bool:
    """Whether a hint tells more than was asked with the last time: then an answer is worth another question."""
    return bool(hint) and not known.ids


def find_hinted(asker: Asker, known: Known, hint: Ids) -> Finding:
    """What an item is: by its own ids, else by those of the hint, else by its title.

    A hint that the item contradicts identifies nothing: the title may, else a person is asked.
    """
    if known.ids or not hint:
        return find(asker, known)
    by_hint = find(asker, replace(known, ids=hint))
    if by_hint.outcome is AttemptOutcome.IDENTIFIED:
        return replace(by_hint, known=known)
    by_title = find(asker, known)
    if by_title.outcome is AttemptOutcome.IDENTIFIED or by_hint.outcome is not AttemptOutcome.CONTRADICTED:
        return by_title
    return replace(by_hint, known=known)
