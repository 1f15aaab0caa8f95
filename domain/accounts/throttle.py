"""The login throttle: five failures in fifteen minutes per user and address, twenty per user or address alone."""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from domain.accounts.tables import LoginAttempt
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Throttled

WINDOW = timedelta(minutes=15)
PAIR_LIMIT = 5
ALONE_LIMIT = 20


def admit(uow: UnitOfWork, *, username_key: str, ip_address: str) -> None:
    """Count this attempt before the password is looked at, so that parallel guesses cannot slip through.

    Raises Throttled with the moment the next attempt is heard.
    """
    serialize(uow.session, f"login:{username_key}")
    now = uow.now()
    since = now - WINDOW
    uow.session.execute(sa.delete(LoginAttempt).where(col(LoginAttempt.at) < since))
    recent = select(LoginAttempt).where(col(LoginAttempt.at) >= since).order_by(col(LoginAttempt.at).desc())
    same_user = uow.session.exec(recent.where(LoginAttempt.username_key == username_key).limit(ALONE_LIMIT)).all()
    same_address = uow.session.exec(recent.where(LoginAttempt.ip_address == ip_address).limit(ALONE_LIMIT)).all()
    pair = [attempt for attempt in same_user if attempt.ip_address == ip_address][:PAIR_LIMIT]
    for attempts, limit in ((pair, PAIR_LIMIT), (same_user, ALONE_LIMIT), (same_address, ALONE_LIMIT)):
        if len(attempts) >= limit:
            raise Throttled("Too many failed logins. Try again later.", retry_at=attempts[-1].at + WINDOW)
    uow.session.add(LoginAttempt(username_key=username_key, ip_address=ip_address, at=now))


def forgive_user(uow: UnitOfWork, *, username_key: str) -> None:
    """Forget all attempts of a user, after a reset code proved who it is."""
    uow.session.execute(sa.delete(LoginAttempt).where(col(LoginAttempt.username_key) == username_key))


def forgive(uow: UnitOfWork, *, username_key: str, ip_address: str) -> None:
    """Forget the attempts of a user from an address, after a right password."""
    uow.session.execute(
        sa.delete(LoginAttempt).where(col(LoginAttempt.username_key) == username_key, col(LoginAttempt.ip_address) == ip_address)
    )
