"""From a webhook to the players: one visible chain of jobs, for each kind of event; nothing where nothing is to be done."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.jobs import leases
from domain.jobs.kinds import SCAN, Scan
from domain.jobs.service import enqueue
from domain.libraries.enums import SourceKind
from domain.players import capturing
from domain.players.enums import CaptureReason
from domain.system.enums import InboundStatus
from tests.downloaders.chain_world import FILE, FILM, WHOLE, World, completed


@pytest.mark.both
def test_acceptance_8_a_download_goes_all_the_way(world: World) -> None:
    world.films.put(FILE)
    world.films.put("Other (2001)/Other.2001.mkv")
    event = world.send(world.fixture("radarr-6.1-download"))
    world.work()
    row = world.event(event)
    assert (row.status, row.failure, row.error) == (InboundStatus.PROCESSED, None, None)
    assert row.outcome == f"Paper Lanterns: 1 file came. Read: {world.films.root / FILM}."
    assert world.chain(event) == completed(WHOLE)
    assert world.rows("SELECT title, year FROM media_items") == [("Paper Lanterns", 2019)]  # that folder alone
    assert sorted(path.name for path in (world.films.root / FILM).iterdir()) == [
        "Paper.Lanterns.2019.1080p.mkv", "Paper.Lanterns.2019.1080p.nfo",
    ]  # fmt: skip
    assert set(world.rows("SELECT priority FROM jobs WHERE chain = 'job_1'")) == {(1,)}
    parents = world.rows("SELECT DISTINCT parent_id FROM jobs WHERE chain = 'job_1' AND id <> 1")
    assert parents == [(1,)]


def test_what_was_asked_for_waits_for_each_other(world: World) -> None:
    world.films.put(FILE)
    world.send(world.fixture("radarr-6.1-download"))
    world.work(settle=False)
    edges = world.rows("SELECT job_id, depends_on_job_id, on_failure FROM job_dependencies ORDER BY 1, 2")
    assert edges == [(3, 2, "cancel"), (4, 2, "cancel"), (4, 3, "continue")]


@pytest.mark.both
def test_a_source_may_leave_publishing_to_others(world: World) -> None:
    world.films.put(FILE)
    world.add(SourceKind.RADARR, ("/srv/films", str(world.films.root)), publishes=False)
    event = world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert world.chain(event) == completed(["downloaders.process", "libraries.scan", "players.sync"])
    assert [path.name for path in (world.films.root / FILM).iterdir()] == ["Paper.Lanterns.2019.1080p.mkv"]


@pytest.mark.parametrize("is_automatic", [False, True])
def test_files_of_a_person_make_way_only_where_the_library_publishes_by_itself(world: World, is_automatic: bool) -> None:
    world.films.put(FILE)
    world.films.put(f"{FILM}/movie.nfo", b"<movie><title>Paper Lanterns</title><year>2019</year></movie>")
    with world.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE libraries SET auto_publish = :it"), {"it": is_automatic})
    world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert (world.films.root / FILM / "movie.nfo").exists() is not is_automatic
    assert len(world.rows("SELECT id FROM recycle_bin")) == is_automatic


@pytest.mark.both
def test_a_season_is_one_chain(world: World) -> None:
    folder = "The Ferry Detectives/Season 01"
    events = []
    for number in (1, 2, 3):
        world.series.put(f"{folder}/The.Ferry.Detectives.S01E0{number}.mkv")
        body = world.fixture("sonarr-4.0-download")
        body["episodeFile"]["path"] = f"/srv/tv/{folder}/The.Ferry.Detectives.S01E0{number}.mkv"
        events.append(world.send(body, SourceKind.SONARR))
        world.work(settle=False)
        world.clock.advance(1)
    events.append(world.send(world.fixture("sonarr-4.0-download-complete"), SourceKind.SONARR))
    world.work()
    assert {world.event(event).chain for event in events} == {"job_1"}
    assert world.chain(events[0]) == completed([*WHOLE, *["downloaders.process"] * 3])
    assert world.rows("SELECT kind, count(*) FROM media_items GROUP BY kind ORDER BY kind") == [
        ("episode", 3), ("season", 1), ("series", 1),
    ]  # fmt: skip
    assert str(world.event(events[3]).outcome).endswith("together with what came before it.")


@pytest.mark.both
def test_whoever_comes_while_a_folder_is_read_waits_for_the_next_time(world: World) -> None:
    world.films.put(FILE)
    first = world.send(world.fixture("radarr-6.1-download"))
    world.work(queues=("default",))
    with world.database.transaction() as uow:  # its scan runs
        assert leases.claim(uow, queues=("scans",), kinds=("libraries.scan",), worker="other", lease_s=3600)
    second = world.send(world.fixture("radarr-6.1-download-upgrade"))
    third = world.send(world.fixture("radarr-6.1-rename"))
    world.work(queues=("default",))
    chains = [world.event(event).chain for event in (first, second, third)]
    assert chains == ["job_1", "job_5", "job_5"]
    scans = world.rows("SELECT status, dedupe_key FROM jobs WHERE kind = 'libraries.scan' ORDER BY id")
    assert [status for status, _ in scans] == ["running", "waiting"]
    assert scans[1][1] == f"{scans[0][1]}:next"


def test_a_scan_of_a_chain_asks_for_nothing_else(world: World) -> None:
    world.films.put(FILE)
    world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert [kind for (kind,) in world.rows("SELECT kind FROM jobs ORDER BY id")] == WHOLE
    world.films.put("Other (2001)/Other.2001.mkv")
    with world.database.transaction() as uow:
        enqueue(uow, SCAN, Scan(world.films.id))
    world.work()
    assert world.rows("SELECT count(*) FROM media_items") == [(2,)]


@pytest.mark.both
@pytest.mark.parametrize("reason", ["manual", "missing"])
def test_acceptance_8_a_file_deleted_by_hand_is_missing_and_comes_back(world: World, reason: str) -> None:
    path = world.films.put(FILE)
    world.films.scan()
    path.unlink()
    event = world.send(world.fixture(f"radarr-6.1-movie-file-delete-{reason}"))
    world.work()
    assert world.chain(event) == completed(WHOLE)
    assert world.rows("SELECT availability, deleted_at FROM media_items") == [("missing", None)]
    world.films.put(FILE)
    world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert world.rows("SELECT id, availability FROM media_items") == [(1, "present")]


@pytest.mark.both
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("radarr-6.1-movie-file-delete-upgrade", SourceKind.RADARR), ("radarr-6.1-movie-delete-kept", SourceKind.RADARR),
        ("radarr-6.1-test", SourceKind.RADARR), ("radarr-unknown", SourceKind.RADARR), ("sonarr-4.0-test", SourceKind.SONARR),
        ("sonarr-4.0-series-delete-kept", SourceKind.SONARR), ("lidarr-2.14-test", SourceKind.LIDARR),
    ],
)  # fmt: skip
def test_acceptance_8_upgrades_kept_files_tests_and_unknown_events_touch_nothing(
    world: World, name: str, kind: SourceKind
) -> None:
    path = world.films.put(FILE)
    world.films.scan()
    path.unlink()  # as while a better one takes its place
    before = world.dump()
    event = world.send(world.fixture(name), kind)
    world.work()
    assert world.dump() == before
    assert (world.event(event).status, world.chain(event)) == (InboundStatus.IGNORED, completed(["downloaders.process"]))
    told = [type_ for (type_,) in world.rows("SELECT type FROM events WHERE topic = 'downloaders' ORDER BY sequence")]
    assert told[-2:] == ["inbound_event.received", "inbound_event.ignored"]


@pytest.mark.both
@pytest.mark.parametrize(
    ("name", "kind", "fact"),
    [
        ("radarr-6.1-grab", SourceKind.RADARR, "downloader.grabbed"),
        ("radarr-6.1-health", SourceKind.RADARR, "downloader.health_issue"),
        ("radarr-6.1-health-restored", SourceKind.RADARR, "downloader.health_restored"),
        ("radarr-6.1-manual-interaction", SourceKind.RADARR, "downloader.interaction_required"),
        ("sonarr-4.0-series-add", SourceKind.SONARR, "downloader.added"),
        ("sonarr-4.0-application-update", SourceKind.SONARR, "downloader.updated"),
        ("lidarr-2.14-import-failure", SourceKind.LIDARR, "downloader.import_failed"),
        ("lidarr-2.14-download-failure", SourceKind.LIDARR, "downloader.download_failed"),
    ],
)  # fmt: skip
def test_acceptance_8_health_and_what_else_people_should_know_is_told(
    world: World, name: str, kind: SourceKind, fact: str
) -> None:
    before = world.dump()
    event = world.send(world.fixture(name), kind)
    world.work()
    rows = world.rows("SELECT type, subject, audience FROM events WHERE type LIKE 'downloader.%'")
    assert rows == [(fact, f"src_{world.sources[kind][0]}", "admins")]
    assert world.event(event).status is InboundStatus.PROCESSED
    assert world.dump() == before


def test_acceptance_8_a_deleted_film_is_missing_where_its_files_went_too(world: World) -> None:
    world.films.put(FILE)
    world.films.put("Other (2001)/Other.2001.mkv")
    world.films.scan()
    (world.films.root / FILE).unlink()
    (world.films.root / FILM).rmdir()
    event = world.send(world.fixture("radarr-6.1-movie-delete-files"))
    world.work()
    assert world.chain(event) == completed(WHOLE)
    assert world.rows("SELECT title, availability FROM media_items ORDER BY id") == [
        ("Other", "present"),
        ("Paper Lanterns", "missing"),
    ]


@pytest.mark.both
def test_acceptance_8_a_rename_with_renamed_movie_files_keeps_history(world: World) -> None:
    old = world.films.put(FILE)
    world.films.scan()
    ((item, file),) = world.rows("SELECT item_id, file_id FROM item_files")
    old.rename(old.with_name("Paper Lanterns (2019) WEBDL-1080p.mkv"))
    world.send(world.fixture("radarr-6.1-rename"))
    world.work()
    assert world.rows("SELECT item_id, file_id FROM item_files") == [(item, file)]
    assert world.rows("SELECT uri, missing_since FROM media_files WHERE id = :file", file=file) == [
        (str(old.with_name("Paper Lanterns (2019) WEBDL-1080p.mkv")), None)
    ]


@pytest.mark.both
def test_a_renamed_folder_keeps_its_history(world: World) -> None:
    world.films.put(FILE)
    world.films.scan()
    (before,) = world.rows("SELECT item_id, file_id FROM item_files")
    (world.films.root / FILM).rename(world.films.root / "Paper Lanterns (2020)")
    event = world.send(world.fixture("radarr-6.1-rename-folder"))
    world.work()
    assert world.rows("SELECT item_id, file_id FROM item_files") == [before]
    assert world.rows("SELECT count(*) FROM media_items WHERE availability = 'present'") == [(1,)]
    folders = [world.films.root / "Paper Lanterns (2020)", world.films.root / "Paper Lanterns (2019)"]
    assert str(world.event(event).outcome).endswith(f"Read: {folders[0]}, {folders[1]}.")


def test_of_a_flat_library_only_the_file_is_taken_further(world: World) -> None:
    world.films.put("Paper.Lanterns.2019.1080p.mkv")
    world.films.put("Other.2001.mkv")
    body = world.fixture("radarr-6.1-download")
    body["movie"]["folderPath"] = "/srv/films/"
    body["movieFile"]["path"] = "/srv/films/Paper.Lanterns.2019.1080p.mkv"
    event = world.send(body)
    world.work()
    assert world.chain(event) == completed(WHOLE)
    assert str(world.event(event).outcome).endswith(f"Read: {world.films.root}/Paper.Lanterns.2019.1080p.mkv.")
    assert {path.name for path in world.films.root.glob("*.nfo")} == {"Paper.Lanterns.2019.1080p.nfo"}


@pytest.mark.both
def test_windows_paths_are_mapped(world: World) -> None:
    world.films.put(FILE)
    world.add(SourceKind.RADARR, ("D:\\Media\\Films", str(world.films.root)), ("\\\\nas\\films", str(world.films.root)))
    for name in ("radarr-4.0-download-windows", "radarr-6.1-download-unc"):
        event = world.send(world.fixture(name))
        world.work()
        assert world.chain(event) == completed(WHOLE)
        assert str(world.event(event).outcome).endswith(f"Read: {world.films.root / FILM}.")


def test_players_are_told_once(world: World) -> None:
    """A scan or a publication by itself asks for players to be told; in a chain that is its last job's."""
    world.films.put(FILE)
    with world.database.transaction() as uow:
        rows = (
            (
                "INSERT INTO player_groups (id, name, sort_key, type, is_enabled, playback_policy, version, created_at,"
                " updated_at) VALUES (1, 'House', 'house', 'kodi', true, 'ignore', 1, '{now}', '{now}')"
            ),
            (
                "INSERT INTO players (group_id, group_type, name, sort_key, is_enabled, host, port, base_path, use_websocket,"
                " is_secure, verifies_certificate, config, connection_status, is_notifying, version, created_at, updated_at)"
                " VALUES (1, 'kodi', 'TV', 'tv', true, '127.0.0.1', 9, '', true, false, true, '{{}}',"
                " 'unknown', false, 1, '{now}', '{now}')"
            ),
            "INSERT INTO player_group_libraries (group_id, library_id, created_at, updated_at) VALUES (1, 1, '{now}', '{now}')",
        )
        for row in rows:
            uow.session.connection().exec_driver_sql(row.format(now="2026-01-01T00:00:00.000000Z"))
    world.send(world.fixture("radarr-6.1-download"))
    world.work(queues=("default", "scans", "publish"))
    assert [kind for (kind,) in world.rows("SELECT kind FROM jobs ORDER BY id")] == WHOLE


def test_what_plays_is_remembered_before_a_better_file_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[CaptureReason, str | None, int]] = []

    def before(*_: Any, reason: CaptureReason, folder: str | None, **more: Any) -> list[int]:
        asked.append((reason, folder, len(world.rows("SELECT id FROM jobs WHERE kind = 'libraries.scan'"))))
        return []

    monkeypatch.setattr(capturing, "before", before)
    world.films.put(FILE)
    world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert asked == []
    world.send(world.fixture("radarr-6.1-download-upgrade"))
    world.work()
    assert asked == [(CaptureReason.UPGRADE, str(world.films.root / FILM), 1)]  # before its own scan is asked for
