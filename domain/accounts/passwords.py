"""Passwords: argon2id for new ones; bcrypt hashes of the old systems verify and are replaced at the next login.

Parameters: OWASP Password Storage Cheat Sheet, argon2id m = 19 MiB, t = 2, p = 1.
"""

import threading

import argon2
import bcrypt

from domain.kit.errors import Invalid

MIN_LENGTH = 8
MAX_LENGTH = 1024

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = threading.BoundedSemaphore(2)  # twenty logins at once must not take every core and 400 MB


def check_password_rules(password: str, *, field: str = "password") -> None:
    """Raises Invalid for a password that is too short or absurdly long."""
    if len(password) < MIN_LENGTH:
        raise Invalid(f"A password has at least {MIN_LENGTH} characters.", path=(field,))
    if len(password) > MAX_LENGTH:
        raise Invalid(f"A password has at most {MAX_LENGTH} characters.", path=(field,))


def hash_password(password: str) -> str:
    """The stored form. Takes about 40 ms of one core: never inside a transaction."""
    with _slots:
        return _hasher.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """Whether `password` is the one that was stored. Never raises; takes about as long for a wrong one."""
    if len(password) > MAX_LENGTH:
        return False
    with _slots:
        if stored.startswith("$2"):
            # bcrypt reads 72 bytes; the libraries of that time cut silently, today's refuses.
            try:
                return bcrypt.checkpw(password.encode()[:72], stored.encode())
            except ValueError:
                return False
        try:
            return _hasher.verify(stored, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False


def needs_upgrade(stored: str) -> bool:
    """Whether the hash is bcrypt or of weaker parameters than today's."""
    return stored.startswith("$2") or _hasher.check_needs_rehash(stored)


_dummy: str | None = None


def waste_time(password: str) -> None:
    """Verify against a hash nobody has, so that an unknown user name takes as long as a known one."""
    global _dummy
    if _dummy is None:
        _dummy = hash_password("nobody has this password")
    verify_password(_dummy, password)
