"""The first start: a one-time code, printed on the console, makes the first admin."""

from domain.accounts import queries, service
from domain.accounts.passwords import hash_password
from domain.accounts.tables import User
from domain.kit.database import Database, UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid
from domain.kit.secrets import keyed_hash, new_code, normal_code
from domain.system.settings_store import drop_setting, get_setting, put_setting

_SETTING = "setup_code_hash"


def offer_setup_code(uow: UnitOfWork, *, key: bytes) -> str | None:
    """A new code while there is no admin (an older one stops working), else None. Shown once, stored as a hash."""
    if queries.has_admin(uow.session):
        drop_setting(uow, _SETTING)
        return None
    code = new_code()
    put_setting(uow, _SETTING, keyed_hash(key, "setup", code), description="Hash of the one-time setup code")
    return code


def set_up(database: Database, *, key: bytes, code: str, username: str, password: str) -> User:
    """Make the first admin. Raises Invalid for a wrong code or bad values, Conflict when the server is set up."""
    with database.read() as session:
        if queries.has_admin(session):
            raise Conflict("This server is set up already. Sign in instead.")
        expected = get_setting(session, _SETTING)
    if expected is None or keyed_hash(key, "setup", normal_code(code)) != expected:
        raise Invalid("That is not the setup code that the server printed at its last start.", path=("setupCode",))
    service.check_new_user(username=username, password=password)
    password_hash = hash_password(password)
    with database.transaction(actor="setup") as uow:
        serialize(uow.session, "setup")
        if queries.has_admin(uow.session):
            raise Conflict("This server is set up already. Sign in instead.")
        if get_setting(uow.session, _SETTING) != expected:
            raise Invalid("The setup code was replaced by a newer start of the server.", path=("setupCode",))
        drop_setting(uow, _SETTING)
        return service.create_user(uow, username=username, password_hash=password_hash, is_admin=True, has_all_libraries=True)
