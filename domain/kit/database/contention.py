"""Transactions that failed because others wrote the same in the same moment: done again, most succeed."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

TRIES: Final = 4


class Busy(Exception):
    """Others write too much of the same; nothing was done, and later it may be."""


_DEADLOCKS: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's SQLSTATEs: could not serialize, was chosen to end a deadlock."""
_TAKEN: Final = "23505"
"""Somebody made the same row between our look and our write: the next look finds it."""
_NO_LOCK: Final = "55P03"


def may_pass(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is begun anew."""
    return _state(error) in {*_DEADLOCKS, _TAKEN}


def is_busy(error: DBAPIError) -> bool:
    """Whether nothing is wrong with the transaction, but too much goes on for it now."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _state(error) in {*_DEADLOCKS, _NO_LOCK}


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
