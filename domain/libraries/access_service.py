"""Which libraries a user may see."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.libraries.tables import Library, LibraryAccess
from domain.system import audit, events

MOST = 100


def set_user_libraries(uow: UnitOfWork, *, user_id: int, library_ids: Sequence[int]) -> None:
    """Let a user see exactly these libraries (beside those of the user's groups). Raises NotFound, Invalid for too many."""
    wanted = set(library_ids)
    if len(wanted) > MOST:
        raise Invalid(f"At most {MOST} libraries at once.", path=("libraries",))
    known = set(uow.session.exec(select(Library.id).where(col(Library.id).in_(wanted))))  # unguarded: admins see all
    if wanted - known:
        raise NotFound(
            f"There is no library {global_id('libraries', min(wanted - known))}. `libraries` lists them.", path=("libraries",)
        )
    mine = col(LibraryAccess.user_id) == user_id
    before = set(uow.session.exec(select(LibraryAccess.library_id).where(mine)))  # unguarded: admins see all
    if before == wanted:
        return
    uow.session.execute(sa.delete(LibraryAccess).where(mine, col(LibraryAccess.library_id).not_in(wanted)))
    uow.session.add_all(LibraryAccess(library_id=key, user_id=user_id) for key in sorted(wanted - before))
    uow.session.flush()
    subject = global_id("users", user_id)
    audit.record(uow, "user.libraries_set", subject=subject, details={"libraries": sorted(wanted)})
    events.emit(uow, "access.changed", subject, topic="accounts", audience=events.for_user(user_id))
