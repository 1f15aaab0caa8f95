"""Passwords, resets, tokens and sessions: what opens a door, for how long, and how often one may guess."""

from datetime import timedelta

import bcrypt
import pytest
from sqlmodel import select

from domain.accounts import passwords, queries, service, sessions, tokens
from domain.accounts.enums import Scope
from domain.accounts.tables import ApiToken, LoginAttempt, User
from domain.kit.database import Database
from domain.kit.errors import Forbidden, Invalid, NotFound, Throttled, Unauthenticated
from domain.kit.secrets import is_token, new_token, normal_code
from tests.conftest import ManualClock
from tests.factories.accounts import KEY, PASSWORD, make_admin, make_token, make_user, sign_in

pytestmark = pytest.mark.both


def test_bcrypt_hashes_of_the_old_systems_verify_and_are_replaced(database: Database) -> None:
    user = make_user(database)
    old = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4)).decode()
    with database.transaction() as uow:
        service.get_user(uow, user.id).password_hash = old
    sign_in(database)
    with database.read() as session:
        stored = session.get_one(User, user.id).password_hash
    assert stored.startswith("$argon2id$")
    assert passwords.verify_password(stored, PASSWORD)
    assert sign_in(database)


def test_a_password_beyond_bcrypts_72_bytes_still_verifies() -> None:
    long = "ß" * 60
    old = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(rounds=4)).decode()
    assert passwords.verify_password(old, long)
    assert not passwords.verify_password(old, "x" * 2000)
    assert not passwords.verify_password("$2b$nonsense", long)
    assert not passwords.verify_password("nonsense", long)


def test_wrong_names_and_passwords_fail_alike(database: Database) -> None:
    make_user(database)
    for username, password in (("anna", "wrong password"), ("nobody", PASSWORD)):
        with pytest.raises(Unauthenticated, match="The user name or the password is wrong"):
            sign_in(database, username, password)


def test_the_sixth_attempt_from_one_address_is_not_heard(database: Database, manual_clock: ManualClock) -> None:
    make_user(database)
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            sign_in(database, password="wrong password")
        manual_clock.advance(1)
    with pytest.raises(Throttled) as caught:
        sign_in(database)
    assert caught.value.retry_at == manual_clock.moment - timedelta(seconds=5) + timedelta(minutes=15)
    assert sign_in(database, ip="10.0.0.2")
    manual_clock.advance(15 * 60)
    assert sign_in(database)
    with database.read() as session:
        assert session.exec(select(LoginAttempt)).all() == []


def test_twenty_addresses_do_not_get_a_hundred_guesses(database: Database) -> None:
    make_user(database)
    heard = 0
    for number in range(30):
        try:
            sign_in(database, password="wrong password", ip=f"10.0.1.{number}")
        except Unauthenticated:
            heard += 1
        except Throttled:
            pass
    assert heard == 20


def test_a_session_lives_while_it_is_used(database: Database, manual_clock: ManualClock) -> None:
    user = make_user(database)
    secret = sign_in(database)
    for _ in range(4):
        manual_clock.advance(20 * 86400)
        with database.read() as session:
            identity = sessions.by_session(session, key=KEY, secret=secret)
        assert identity is not None
        assert identity.user_id == user.id
        assert identity.stale
        with database.transaction() as uow:
            sessions.touch(uow, identity)
    manual_clock.advance(20 * 86400)  # 100 days: past its absolute life
    with database.read() as session:
        assert sessions.by_session(session, key=KEY, secret=secret) is None


def test_an_idle_or_ended_session_is_nobody(database: Database, manual_clock: ManualClock) -> None:
    make_user(database)
    idle, ended = sign_in(database), sign_in(database)
    with database.read() as session:
        identity = sessions.by_session(session, key=KEY, secret=ended)
        assert sessions.by_session(session, key=b"other" * 8, secret=ended) is None
    assert identity is not None
    assert identity.session_id is not None
    with database.transaction() as uow:
        sessions.log_out(uow, session_id=identity.session_id)
    manual_clock.advance(31 * 86400)
    with database.read() as session:
        assert sessions.by_session(session, key=KEY, secret=ended) is None
        assert sessions.by_session(session, key=KEY, secret=idle) is None


def test_a_token_is_shown_once_and_stored_as_a_hash(database: Database) -> None:
    user = make_user(database)
    token = make_token(database, user, Scope.READ)
    assert is_token(token)
    with database.read() as session:
        row = session.exec(select(ApiToken)).one()
        identity = sessions.by_token(session, key=KEY, token=token)
    assert token not in str(row)
    assert row.hint == token[-4:]
    assert identity is not None
    assert identity.viewer.scopes == {"read"}
    assert not identity.viewer.is_admin


def test_a_mistyped_token_is_refused_without_a_look_up(database: Database) -> None:
    token = new_token()
    changed = token[:10] + ("a" if token[10] != "a" else "b") + token[11:]
    assert is_token(token)
    assert not is_token(changed)
    with database.read() as session:
        assert sessions.by_token(session, key=KEY, token=token) is None


def test_expired_and_revoked_tokens_are_nobody(database: Database, manual_clock: ManualClock) -> None:
    user = make_user(database)
    with database.transaction() as uow:
        expires_at = manual_clock.moment + timedelta(hours=1)
        row, token = tokens.create_token(uow, key=KEY, user_id=user.id, name="t", scopes=[Scope.READ], expires_at=expires_at)
    other = make_token(database, user, Scope.READ)
    with database.read() as session:
        assert sessions.by_token(session, key=KEY, token=token) is not None
    manual_clock.advance(3600)
    with database.read() as session:
        assert sessions.by_token(session, key=KEY, token=token) is None
        live = sessions.by_token(session, key=KEY, token=other)
    assert live is not None
    with database.transaction() as uow:
        tokens.revoke_token(uow, token_id=live.token_id or 0, user_id=user.id)
    with database.read() as session:
        assert sessions.by_token(session, key=KEY, token=other) is None
    with pytest.raises(NotFound), database.transaction() as uow:
        tokens.revoke_token(uow, token_id=row.id, user_id=user.id + 1)


def test_nobody_gives_a_token_more_than_they_have(database: Database) -> None:
    user = make_user(database)
    with pytest.raises(Forbidden):
        make_token(database, user, Scope.READ, Scope.ADMIN)
    with pytest.raises(Forbidden):
        make_token(database, user, Scope.JOBS)
    admin = make_admin(database)
    token = make_token(database, admin, Scope.ADMIN, Scope.READ)
    with database.transaction() as uow:
        make_another = queries.user_by_name(uow.session, "anna")
        assert make_another is not None
    make_admin(database, "second")
    with database.transaction() as uow:
        service.update_user(uow, user_id=admin.id, changes={"is_admin": False})
    with database.read() as session:
        identity = sessions.by_token(session, key=KEY, token=token)
    assert identity is not None
    assert not identity.viewer.is_admin
    assert identity.viewer.scopes == {"read"}


def test_a_new_password_ends_other_sessions_and_tokens(database: Database) -> None:
    user = make_user(database)
    mine, other = sign_in(database), sign_in(database)
    token = make_token(database, user, Scope.READ)
    with database.read() as session:
        me = sessions.by_session(session, key=KEY, secret=mine)
    assert me is not None
    with database.transaction() as uow:
        service.set_password(uow, user_id=user.id, password_hash="x", keep_session_id=me.session_id)
    with database.read() as session:
        assert sessions.by_session(session, key=KEY, secret=mine) is not None
        assert sessions.by_session(session, key=KEY, secret=other) is None
        assert sessions.by_token(session, key=KEY, token=token) is None


def test_a_reset_code_works_once_and_for_a_day(database: Database, manual_clock: ManualClock) -> None:
    user = make_user(database)
    with database.transaction() as uow:
        first = service.offer_password_reset(uow, user_id=user.id, key=KEY)
    with database.transaction() as uow:
        code = service.offer_password_reset(uow, user_id=user.id, key=KEY)
    for wrong in (first, "AAAA-BBBB-CCCC"):
        with pytest.raises(Invalid), database.transaction() as uow:
            service.use_password_reset(uow, code=wrong, key=KEY, password_hash="x")
    new_hash = passwords.hash_password("another password")
    with database.transaction() as uow:
        service.use_password_reset(uow, code=normal_code(code.lower()), key=KEY, password_hash=new_hash)
    assert sign_in(database, password="another password")
    with pytest.raises(Invalid), database.transaction() as uow:
        service.use_password_reset(uow, code=code, key=KEY, password_hash="x")
    with database.transaction() as uow:
        late = service.offer_password_reset(uow, user_id=user.id, key=KEY)
    manual_clock.advance(86400)
    with pytest.raises(Invalid), database.transaction() as uow:
        service.use_password_reset(uow, code=late, key=KEY, password_hash="x")


def test_a_reset_opens_the_door_that_wrong_guesses_closed(database: Database) -> None:
    user = make_user(database)
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            sign_in(database, password="wrong password")
    with database.transaction() as uow:
        code = service.offer_password_reset(uow, user_id=user.id, key=KEY)
    new_hash = passwords.hash_password("another password")
    with database.transaction() as uow:
        service.use_password_reset(uow, code=code, key=KEY, password_hash=new_hash)
    assert sign_in(database, password="another password")
