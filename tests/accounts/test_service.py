"""Users: setup, editing, the last admin, who is locked out or deleted, and the audit log."""

import pytest
from sqlmodel import select

from domain.accounts import service, sessions, setup
from domain.accounts.enums import Scope
from domain.accounts.tables import ApiToken, BrowserSession, User
from domain.kit.database import Database
from domain.kit.errors import Conflict, Invalid, Unauthenticated, VersionConflict
from domain.system.audit_tables import AuditEntry
from tests.factories.accounts import KEY, PASSWORD, make_admin, make_token, make_user, sign_in

pytestmark = pytest.mark.both


def test_the_setup_code_makes_one_admin_and_then_is_gone(database: Database) -> None:
    with database.transaction() as uow:
        code = setup.offer_setup_code(uow, key=KEY)
    assert code is not None
    user = setup.set_up(database, key=KEY, code=code.lower().replace("-", " "), username="Anna", password=PASSWORD)
    assert (user.is_admin, user.has_all_libraries, user.username) == (True, True, "Anna")
    with pytest.raises(Conflict):
        setup.set_up(database, key=KEY, code=code, username="Eve", password=PASSWORD)
    with database.transaction() as uow:
        assert setup.offer_setup_code(uow, key=KEY) is None


def test_a_newer_start_replaces_the_setup_code(database: Database) -> None:
    with database.transaction() as uow:
        old = setup.offer_setup_code(uow, key=KEY)
    with database.transaction() as uow:
        new = setup.offer_setup_code(uow, key=KEY)
    assert old
    assert new
    with pytest.raises(Invalid):
        setup.set_up(database, key=KEY, code=old, username="anna", password=PASSWORD)
    with pytest.raises(Invalid, match="at least 8"):
        setup.set_up(database, key=KEY, code=new, username="anna", password="short")
    assert setup.set_up(database, key=KEY, code=new, username="anna", password=PASSWORD).is_admin


def test_user_names_are_unique_whatever_their_case(database: Database) -> None:
    make_user(database, "Änna")
    with pytest.raises(Conflict):
        make_user(database, "äNNA")
    for bad in ("", "with space", "a/b", "x" * 65, "a@b"):
        with pytest.raises(Invalid):
            make_user(database, bad)


def test_the_last_admin_stays(database: Database) -> None:
    admin = make_admin(database)
    for changes in ({"is_admin": False}, {"is_active": False}):
        with pytest.raises(Conflict), database.transaction() as uow:
            service.update_user(uow, user_id=admin.id, changes=changes)
    with pytest.raises(Conflict), database.transaction() as uow:
        service.delete_user(uow, user_id=admin.id)
    make_admin(database, "second")
    with database.transaction() as uow:
        service.delete_user(uow, user_id=admin.id)
    with database.read() as session:
        assert session.get(User, admin.id) is None


def test_an_edit_of_an_old_version_is_refused(database: Database) -> None:
    user = make_user(database)
    with database.transaction() as uow:
        service.update_user(uow, user_id=user.id, changes={"display_name": "Anna"}, expected_version=1)
    with pytest.raises(VersionConflict) as caught, database.transaction() as uow:
        service.update_user(uow, user_id=user.id, changes={"display_name": "Eve"}, expected_version=1)
    assert caught.value.current == 2
    with database.read() as session:
        assert session.get_one(User, user.id).display_name == "Anna"


def test_a_locked_out_user_is_out_at_once(database: Database) -> None:
    user = make_user(database)
    secret = sign_in(database)
    with database.transaction() as uow:
        service.update_user(uow, user_id=user.id, changes={"is_active": False})
    with database.read() as session:
        assert sessions.by_session(session, key=KEY, secret=secret) is None
    with pytest.raises(Unauthenticated):
        sign_in(database)


def test_what_was_done_is_in_the_audit_log(database: Database) -> None:
    user = make_user(database)
    sign_in(database)
    make_token(database, user, Scope.READ)
    with database.read() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()]
        assert PASSWORD not in str(session.exec(select(AuditEntry)).all())
    assert actions == ["user.created", "session.started", "token.created"]


def test_deleting_a_user_takes_tokens_and_sessions_along(database: Database) -> None:
    user = make_user(database)
    sign_in(database)
    make_token(database, user, Scope.READ)
    with database.transaction() as uow:
        service.delete_user(uow, user_id=user.id)
    with database.read() as session:
        assert session.exec(select(ApiToken)).all() == []
        assert session.exec(select(BrowserSession)).all() == []
