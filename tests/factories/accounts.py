"""Users, tokens and sessions for tests."""

from typing import Any

from domain.accounts import service, sessions, tokens
from domain.accounts.enums import Scope
from domain.accounts.passwords import hash_password
from domain.accounts.tables import User
from domain.kit.database import Database

KEY = b"k" * 32
PASSWORD = "correct horse battery"
_HASH = hash_password(PASSWORD)


def make_user(database: Database, username: str = "anna", **columns: Any) -> User:
    """A user whose password is PASSWORD."""
    with database.transaction() as uow:
        return service.create_user(uow, username=username, password_hash=_HASH, **columns)


def make_admin(database: Database, username: str = "root") -> User:
    """An admin."""
    return make_user(database, username, is_admin=True, has_all_libraries=True)


def make_token(database: Database, user: User, *scopes: Scope) -> str:
    """A clear token of the user with these scopes."""
    with database.transaction() as uow:
        return tokens.create_token(uow, key=KEY, user_id=user.id, name="test", scopes=scopes)[1]


def sign_in(database: Database, username: str = "anna", password: str = PASSWORD, ip: str = "10.0.0.1") -> str:
    """The clear token of a new session."""
    return sessions.log_in(database, key=KEY, username=username, password=password, ip_address=ip, user_agent="test")[1]
