"""Chains that cannot go all the way: what leads nowhere is told, and nothing is forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.errors import Unreachable
from domain.libraries.enums import SourceKind
from domain.players import capturing
from domain.players.enums import CaptureReason, CaptureStatus
from domain.system.enums import InboundFailure, InboundStatus
from tests.downloaders.chain_world import FILE, FILM, WHOLE, World, completed
from tests.players.living_room import add_group, add_player


@pytest.mark.parametrize(
    ("folder", "rules", "failure", "error"),
    [
        ("/data/films/X (2019)", [], InboundFailure.NO_LIBRARY,
         "No library has this folder: /data/films/X (2019) (the source has no path mappings)."),
        ("/srv/films2/X", [("/srv/films", "{root}")], InboundFailure.NO_LIBRARY,
         "No library has this folder: /srv/films2/X (tried: /srv/films = {root})."),
        ("/data/X", [("/data", "/mnt/elsewhere")], InboundFailure.NO_LIBRARY,
         "No library has this folder: /data/X, which is /mnt/elsewhere/X here (tried: /data = /mnt/elsewhere)."),
        ("C:\\testpath", [("D:\\Films", "{root}")], InboundFailure.NO_LIBRARY, "C:"),
        ("/srv/films/../../etc", [("/srv/films", "{root}")], InboundFailure.PATH_REFUSED, "`..` is not followed"),
        ("D:\\Films\\..\\..\\x", [("D:\\Films", "{root}")], InboundFailure.PATH_REFUSED, "`..` is not followed"),
        ("/srv/films/a\u0000b", [("/srv/films", "{root}")], InboundFailure.PATH_REFUSED, "control characters"),
        ("/srv/films/a\nb", [("/srv/films", "{root}")], InboundFailure.PATH_REFUSED, "control characters"),
        ("relative/path", [], InboundFailure.NO_LIBRARY, "relative/path"),
        ("/", [], InboundFailure.NO_LIBRARY, "No library"),
        (None, [], InboundFailure.NO_PATH, "It names no folder and no file."),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_told_with_what_was_tried(
    world: World, folder: str | None, rules: Any, failure: InboundFailure, error: str
) -> None:
    root = str(world.films.root)
    world.add(SourceKind.RADARR, *[(remote, local.format(root=root)) for remote, local in rules])
    body = world.fixture("radarr-6.1-movie-delete-files")
    body["movie"]["folderPath"] = folder
    event = world.send(body)
    world.work()
    row = world.event(event)
    assert (row.status, row.failure) == (InboundStatus.FAILED, failure)
    assert error.format(root=root) in str(row.error)
    assert world.chain(event) == completed(["downloaders.process"])


def test_a_library_that_is_switched_off_is_left_alone(world: World) -> None:
    with world.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE libraries SET is_enabled = false")
    event = world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert (world.event(event).failure, world.chain(event)) == (
        InboundFailure.LIBRARY_DISABLED, completed(["downloaders.process"]),
    )  # fmt: skip


@pytest.mark.both
def test_a_folder_that_comes_late_is_waited_for_and_one_that_never_comes_is_told(world: World) -> None:
    late, never = world.send(world.fixture("radarr-6.1-download")), world.send(world.fixture("radarr-5.2-download"))
    world.work(settle=False)
    waits = f"Paper Lanterns: 1 file came. {world.films.root / FILM} is not there yet. It is looked for again for a minute."
    assert {(world.event(key).status, world.event(key).outcome) for key in (late, never)} == {(InboundStatus.RECEIVED, waits)}
    world.work()
    row = world.event(never)
    assert (row.status, row.failure) == (InboundStatus.FAILED, InboundFailure.FOLDER_MISSING)
    assert str(row.error).startswith(f"{world.films.root / FILM} is not there, as this server sees it")
    assert row.outcome == "Paper Lanterns: 1 file came. Nothing was done about it."
    world.films.put(FILE)
    event = world.send({**world.fixture("radarr-6.1-download"), "downloadId": "later"})
    world.work()
    assert world.chain(event) == completed(WHOLE)


@pytest.mark.parametrize("name", ["radarr-6.1-download", "radarr-6.1-test", "radarr-6.1-grab"])
def test_what_came_to_the_address_of_another_is_told(world: World, name: str) -> None:
    event = world.send(world.fixture(name), SourceKind.SONARR)
    world.work()
    row = world.event(event)
    assert (row.status, row.failure, row.outcome) == (
        InboundStatus.FAILED, InboundFailure.UNREADABLE, "It came to another's address. Nothing was done about it.",
    )  # fmt: skip
    assert row.error == f"This is Radarr's; src_{row.source_id} is a Sonarr. Each has an address of its own."
    assert world.chain(event) == completed(["downloaders.process"])


def test_a_webhook_whose_source_is_gone_has_no_effect(world: World) -> None:
    event = world.send(world.fixture("radarr-6.1-download"))
    with world.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("DELETE FROM sources")
    world.work()
    assert (world.event(event).status, world.event(event).outcome) == (
        InboundStatus.IGNORED, "Its source was deleted meanwhile.",
    )  # fmt: skip


def test_artists_of_a_library_that_is_none_are_told(world: World) -> None:
    event = world.send(world.fixture("lidarr-2.14-download"), SourceKind.LIDARR)
    world.work()
    assert world.event(event).failure is InboundFailure.NO_LIBRARY


@pytest.mark.parametrize("name", ["x" * 300, "y" * 200 + "/" + "z" * 4000])
def test_a_path_that_no_disk_can_hold_is_told(world: World, name: str) -> None:
    body = world.fixture("radarr-6.1-download")
    body["movie"]["folderPath"] = f"/srv/films/{name}"[:4000]
    body.pop("movieFile")
    event = world.send(body)
    world.work()
    assert (world.event(event).status, world.event(event).failure) == (InboundStatus.FAILED, InboundFailure.FOLDER_MISSING)


@pytest.mark.both
def test_a_worker_killed_with_what_it_remembered_forgets_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.database.transaction() as uow:
        player = add_player(uow, add_group(uow))

    def before(*_: Any, job_id: int, at: datetime, **more: Any) -> list[int]:
        values = {
            "player_id": player, "path": "x", "position_ms": 1, "is_paused": False, "reason": CaptureReason.UPGRADE,
            "captured_at": at, "expires_at": at + timedelta(hours=6), "job_id": job_id, "status": CaptureStatus.WAITING,
            "created_at": at, "updated_at": at, "session": "", "speed": 1.0,
        }  # fmt: skip
        with world.database.transaction() as uow:
            uow.session.execute(sa.insert(capturing.CAPTURES).values(**values))
        monkeypatch.setattr(capturing, "before", lambda *_, **more: [])  # by then nothing plays any more
        raise Unreachable("Killed.")

    monkeypatch.setattr(capturing, "before", before)
    world.films.put(FILE)
    world.send(world.fixture("radarr-6.1-download-upgrade"))
    world.work(queues=["default"])
    world.clock.advance(30)
    world.work(queues=["default"])
    (job,) = world.rows("SELECT job_id FROM playback_captures")
    assert world.rows("SELECT kind FROM jobs WHERE id = :key", key=job[0]) == [("players.playback_restore",)]


def test_a_link_into_another_library_leads_nowhere(world: World) -> None:
    world.series.put("Secret (2001)/Secret.2001.mkv")
    (world.films.root / "link").symlink_to(world.series.root)
    body = world.fixture("radarr-6.1-download")
    body["movie"]["folderPath"] = "/srv/films/link/Secret (2001)"
    event = world.send(body)
    world.work()
    assert (world.event(event).status, world.event(event).failure) == (InboundStatus.FAILED, InboundFailure.PATH_REFUSED)
    assert world.rows("SELECT count(*) FROM media_files") == [(0,)]
