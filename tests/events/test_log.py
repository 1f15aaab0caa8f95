"""The event log: nobody misses an event, nobody gets one twice, and who comes too late is told."""

import contextlib
import random
import threading
import time
from datetime import timedelta

import pytest
from sqlmodel import select

from domain.kit.database import Database
from domain.kit.errors import Invalid
from domain.system import events, wakeups
from domain.system.cursors import Cursor, Resync, ResyncReason
from domain.system.tables import Event
from tests.conftest import ManualClock

pytestmark = pytest.mark.both


def emit(database: Database, *subjects: str) -> None:
    with database.transaction(actor="usr_1") as uow:
        for subject in subjects:
            events.emit(uow, "thing.changed", subject, topic="things", changed_fields=["title", "plot"])


def read(database: Database, cursor: Cursor, *, limit: int = 500) -> list[Event]:
    with database.read() as session:
        return list(events.read_after(session, cursor, limit=limit))


def end(database: Database) -> Cursor:
    with database.read() as session:
        return events.latest(session)


@pytest.fixture
def log(database: Database) -> Database:
    with database.transaction() as uow:
        events.ensure_epoch(uow)
    return database


def test_events_come_in_order_with_what_they_say(log: Database, manual_clock: ManualClock) -> None:
    start = end(log)
    emit(log, "itm_1", "itm_2")
    emit(log, "itm_3")
    found = read(log, start)
    assert [event.subject for event in found] == ["itm_1", "itm_2", "itm_3"]
    first = found[0]
    assert (first.topic, first.type, first.actor, first.audience) == ("things", "thing.changed", "usr_1", "admins")
    assert (first.at, first.payload, first.changed_fields) == (manual_clock.moment, {}, ["plot", "title"])
    assert [event.subject for event in read(log, start, limit=2)] == ["itm_1", "itm_2"]
    assert [event.subject for event in read(log, events.cursor_of(found[1], start.epoch))] == ["itm_3"]
    assert end(log) == events.cursor_of(found[2], start.epoch)
    assert read(log, end(log)) == []


def test_an_event_is_undone_with_its_transaction_and_wakes_once_after_it(log: Database) -> None:
    calls: list[int] = []
    wakeups.install(lambda: calls.append(1))
    try:
        start = end(log)
        with contextlib.suppress(ZeroDivisionError), log.transaction() as uow:
            events.emit(uow, "thing.changed", "itm_1", topic="things")
            _ = 1 / 0
        assert (read(log, start), calls) == ([], [])
        emit(log, "itm_1", "itm_2")
        assert calls == [1]
    finally:
        wakeups.install(None)


def test_eight_writers_no_gap_no_duplicate(log: Database) -> None:
    """T10, small: numbers are given before commit, so a reader of `sequence > last` would miss what commits late."""
    start = end(log)
    writers, each = 8, 40
    done = threading.Event()

    def write(writer: int) -> None:
        dice = random.Random(writer)
        for number in range(each):
            with log.transaction() as uow:
                events.emit(uow, "thing.changed", f"itm_{writer}{number:03}", topic="things")
                if log.dialect == "postgresql":
                    time.sleep(dice.random() * 0.01)  # transactions overlap and commit out of order

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(1, writers + 1)]
    seen: list[str] = []

    def tail() -> None:
        cursor = start
        while True:
            is_last = done.is_set()
            while batch := read(log, cursor, limit=50):
                seen.extend(event.subject for event in batch)
                cursor = events.cursor_of(batch[-1], start.epoch)
            if is_last:
                return

    reader = threading.Thread(target=tail)
    for thread in [*threads, reader]:
        thread.start()
    for thread in threads:
        thread.join(60)
    done.set()
    reader.join(60)
    assert len(seen) == writers * each
    assert len(set(seen)) == writers * each
    for writer in range(1, writers + 1):
        mine = [subject for subject in seen if subject.startswith(f"itm_{writer}")]
        assert mine == sorted(mine)


@pytest.mark.postgresql  # SQLite has one writer at a time
def test_what_is_open_holds_back_what_was_committed_after_it(log: Database) -> None:
    start = end(log)
    with log.transaction() as slow:
        events.emit(slow, "thing.changed", "itm_1", topic="things")
        emit(log, "itm_2")
        assert read(log, start) == []
        assert end(log) == start
    assert [event.subject for event in read(log, start)] == ["itm_1", "itm_2"]


def test_cursors_travel_as_text(log: Database) -> None:
    emit(log, "itm_1")
    cursor = end(log)
    text = cursor.encode()
    assert (len(text), Cursor.decode(text)) == (32, cursor)
    for bad in ("", "x", text[:-1], text + "A", text[:-1] + "!", "é" * 32, "_" * 32):
        with pytest.raises(Invalid):
            Cursor.decode(bad)


def reason(database: Database, cursor: Cursor) -> ResyncReason:
    with pytest.raises(Resync) as caught:
        read(database, cursor)
    return caught.value.reason


def test_another_epoch_means_resync(log: Database) -> None:
    emit(log, "itm_1")
    old = end(log)
    with log.transaction() as uow:
        renewed = events.renew_epoch(uow, reason="a backup was restored")
    assert renewed != old.epoch
    assert reason(log, old) is ResyncReason.EPOCH
    start = end(log)
    assert start.epoch == renewed
    emit(log, "itm_2")
    assert [event.subject for event in read(log, start)] == ["itm_2"]
    with log.transaction() as uow:
        assert events.ensure_epoch(uow) == renewed


def test_a_cursor_from_the_future_means_resync(log: Database) -> None:
    emit(log, "itm_1")
    cursor = end(log)
    assert reason(log, Cursor(cursor.epoch, cursor.xid, cursor.sequence + 1)) is ResyncReason.EPOCH


def test_transaction_ids_that_went_back_renew_the_epoch(log: Database) -> None:
    emit(log, "itm_1")
    cursor = end(log)
    with log.transaction() as uow:
        event = uow.session.exec(select(Event)).one()
        event.xid = 2**62  # as after a dump of a busier server was read in here
    with log.transaction() as uow:
        renewed = events.ensure_epoch(uow)
    assert renewed != cursor.epoch
    emit(log, "itm_2")
    assert [event.subject for event in read(log, Cursor(renewed, 0, 0))] == ["itm_1", "itm_2"]


def prune(database: Database, manual_clock: ManualClock, **more: int) -> int:
    with database.transaction() as uow:
        return events.prune(uow, before=manual_clock.moment - timedelta(days=7), **more)


def test_pruned_cursors_expire_and_numbers_never_come_back(log: Database, manual_clock: ManualClock) -> None:
    start = end(log)
    emit(log, "itm_1")
    after_first = end(log)
    emit(log, "itm_2", "itm_3")
    manual_clock.advance(8 * 86400)
    emit(log, "itm_4")
    assert [prune(log, manual_clock, limit=2), prune(log, manual_clock, limit=2), prune(log, manual_clock)] == [2, 1, 0]
    assert reason(log, start) is ResyncReason.EXPIRED
    assert reason(log, after_first) is ResyncReason.EXPIRED
    everything = end(log)
    manual_clock.advance(8 * 86400)
    assert prune(log, manual_clock) == 1
    assert end(log) == everything
    assert read(log, everything) == []
    emit(log, "itm_5")
    assert [event.subject for event in read(log, everything)] == ["itm_5"]


def test_a_first_epoch_is_begun_once(database: Database) -> None:
    def begin(answers: list[int]) -> None:
        with database.transaction() as uow:
            answers.append(events.ensure_epoch(uow))

    answers: list[int] = []
    threads = [threading.Thread(target=begin, args=(answers,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0] > 0
