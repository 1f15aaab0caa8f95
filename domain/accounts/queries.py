"""Reads of users, and the viewer that a user is."""

from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from domain.accounts.enums import Scope
from domain.accounts.tables import User
from domain.kit.policy import Viewer

_EVERYBODY = frozenset({Scope.READ, Scope.WRITE, Scope.SCROBBLE})


def username_key(username: str) -> str:
    """The folded form under which user names are unique; the NUL that no name holds and PostgreSQL refuses is replaced."""
    return username.strip().casefold().replace("\x00", "\N{REPLACEMENT CHARACTER}")


def user_by_name(session: Session, username: str) -> User | None:
    """The user of that name, whatever its case."""
    return session.exec(select(User).where(User.username_key == username_key(username))).one_or_none()


def has_admin(session: Session) -> bool:
    """Whether the server was set up: an active admin exists."""
    found = select(User.id).where(col(User.is_admin).is_(True), col(User.is_active).is_(True)).limit(1)
    return session.exec(found).first() is not None


def active_admins(session: Session) -> int:
    """The number of admins that can sign in."""
    count = select(func.count()).select_from(User).where(col(User.is_admin).is_(True), col(User.is_active).is_(True))
    return session.exec(count).one()


def scopes_of(user: User) -> frozenset[Scope]:
    """Every scope this user may have: what a session carries and a token can be given."""
    if user.is_admin:
        return frozenset(Scope)
    return _EVERYBODY | ({Scope.JOBS} if user.can_edit else set())


def viewer_of(user: User, scopes: Iterable[str]) -> Viewer:
    """The viewer that `user` is when it comes with `scopes`; never more than the user itself may."""
    granted = frozenset(scopes) & {scope.value for scope in scopes_of(user)}
    return Viewer(
        user_id=user.id,
        is_admin=user.is_admin and Scope.ADMIN in granted,
        all_libraries=user.has_all_libraries or user.is_admin,
        max_age=user.max_age,
        sees_unrated=user.sees_unrated,
        can_edit=user.can_edit or user.is_admin,
        scopes=granted,
    )


def editor(session: Session, user_id: int) -> Viewer | None:
    """The viewer of a job that edits for a user: with all the user's rights; None once the user may not edit any more."""
    user = session.exec(select(User).where(User.id == user_id)).one_or_none()
    if user is None or not user.is_active or not (user.can_edit or user.is_admin):
        return None
    return viewer_of(user, scopes_of(user))
