"""The pool: order, deadlines, dying children and hostile files, with real processes."""

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workers.confined.pool import PoolError
from workers.confined.refusals import FailureCode, Refusal
from workers.libraries.probing.pool import ENTRY, ProbePool
from workers.libraries.probing.results import ProbeResult

ROGUE = "tests.libraries.probing.rogue_child"
MEMORY = 512 * 2**20
ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(media: Path, tmp_path: Path) -> Path:
    """A folder where the rogue child finds its one real file."""
    (tmp_path / "small.mkv").write_bytes((media / "small.mkv").read_bytes())
    return tmp_path


@pytest.fixture
def rogues() -> Iterator[ProbePool]:
    with ProbePool(2, 0.4, MEMORY, entry=ROGUE) as pool:
        yield pool


def codes(pool: ProbePool, paths: list[Path]) -> dict[str, str]:
    """Every file's name with its failure code, or "ok"."""
    answers = pool.probe_many([str(path) for path in paths])
    return {Path(path).name: "ok" if isinstance(answer, ProbeResult) else answer.code.value for path, answer in answers}


def children() -> list[psutil.Process]:
    """The probing children: a test run may hold servers for other tests as well."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(entry in part for part in process.cmdline() for entry in (ENTRY, ROGUE)):
                found.append(process)
    return found


def test_every_path_is_answered_once(media: Path) -> None:
    paths = [str(media / "small.mkv")] * 40 + [str(media / "gone.mkv")] + [str(media / "feature.mkv")] * 9
    with ProbePool(2, 20, MEMORY) as pool:
        answers = list(pool.probe_many(paths))
        assert sorted(path for path, _ in answers) == sorted(paths)
        assert len(children()) == 2
        assert [answer for path, answer in answers if path.endswith("gone.mkv")] == [
            Refusal(FailureCode.VANISHED, "no such file")
        ]
        assert list(pool.probe_many([])) == []


def test_children_start_when_needed_and_die_with_the_pool(media: Path) -> None:
    before = {process.pid for process in children()}
    pool = ProbePool(4, 20, MEMORY)
    assert {process.pid for process in children()} == before
    list(pool.probe_many([str(media / "small.mkv")]))
    started = [process for process in children() if process.pid not in before]
    assert len(started) == 1
    pool.close()
    assert not started[0].is_running()
    assert len(list(pool.probe_many([str(media / "small.mkv")]))) == 1
    pool.close()


def test_a_hanging_file_costs_only_itself(rogues: ProbePool, folder: Path) -> None:
    names = [f"a{number}" for number in range(12)] + ["hang"] + [f"b{number}" for number in range(12)]
    found = codes(rogues, [folder / name for name in names])
    assert found == {name: "timeout" if name == "hang" else "ok" for name in names}


def test_a_crashing_file_costs_only_itself(rogues: ProbePool, folder: Path) -> None:
    names = [f"a{number}" for number in range(12)] + ["crash"] + [f"b{number}" for number in range(12)]
    found = codes(rogues, [folder / name for name in names])
    assert found == {name: "crashed" if name == "crash" else "ok" for name in names}


def test_a_child_killed_from_outside_is_replaced_and_its_file_tried_again(rogues: ProbePool, folder: Path) -> None:
    assert codes(rogues, [folder / "crash-once", folder / "b"]) == {"crash-once": "ok", "b": "ok"}
    assert (folder / "crashed").exists()


def test_an_idle_child_killed_from_outside_is_replaced(rogues: ProbePool, folder: Path) -> None:
    assert codes(rogues, [folder / "a"]) == {"a": "ok"}
    for child in children():
        child.kill()
        child.wait()
    assert codes(rogues, [folder / "b", folder / "c"]) == {"b": "ok", "c": "ok"}


def test_a_memory_bomb_is_stopped_by_the_limit(folder: Path) -> None:
    with ProbePool(1, 20, 200 * 2**20, entry=ROGUE) as pool:
        assert codes(pool, [folder / "a", folder / "memory", folder / "b"]) == {"a": "ok", "memory": "memory", "b": "ok"}


def test_a_child_that_babbles_is_replaced(rogues: ProbePool, folder: Path) -> None:
    found = codes(rogues, [folder / "babble", folder / "a"])
    assert found == {"babble": "crashed", "a": "ok"}


def test_processor_time_ends_even_a_child_nobody_watches(folder: Path) -> None:
    with ProbePool(1, 0.4, MEMORY, entry=ROGUE) as pool:
        assert codes(pool, [folder / "a"]) == {"a": "ok"}
        (worker,) = pool._workers
        worker.ask(str(folder / "spin"))
        assert worker._process.wait(timeout=20) == -signal.SIGXCPU


def test_children_die_with_their_parent(folder: Path) -> None:
    script = (
        "import os, sys\n"
        "from workers.libraries.probing.pool import ENTRY, ProbePool\n"
        f"pool = ProbePool(1, 600, {MEMORY}, entry={ROGUE!r})\n"
        "list(pool.probe_many([sys.argv[1]]))\n"
        "worker = pool._workers[0]\n"
        "worker.ask(sys.argv[2])\n"
        "print(worker._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(folder / "a"), str(folder / "hang")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
        child.wait(timeout=20)
    assert not child.is_running()


def test_children_get_no_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_SECRET_KEY", "hush")
    with ProbePool(1, 20, MEMORY, entry=ROGUE) as pool:
        codes(pool, [folder / "a"])
        (child,) = children()
        environment = child.environ()
    assert "MARQUEE_SECRET_KEY" not in environment
    assert set(environment) <= {
        "PATH",
        "LD_LIBRARY_PATH",
        "LANG",
        "LC_ALL",
        "PYTHONPATH",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
    }


def test_a_pool_that_cannot_start_says_so(folder: Path) -> None:
    with ProbePool(2, 5, MEMORY, entry="tests.libraries.probing.no_such_child") as pool, pytest.raises(PoolError):
        list(pool.probe_many([str(folder / "a")]))


def test_one_call_at_a_time_and_an_abandoned_one_is_cleared(rogues: ProbePool, folder: Path) -> None:
    first = rogues.probe_many([str(folder / "a"), str(folder / "hang")])
    assert isinstance(next(first)[1], ProbeResult)
    with pytest.raises(PoolError):
        next(rogues.probe_many([str(folder / "b")]))
    first.close()
    assert codes(rogues, [folder / "b"]) == {"b": "ok"}


def test_names_too_long_or_unspeakable(folder: Path) -> None:
    endless, nul, bytes_name = str(folder / ("x" * 5000)), str(folder / "a\0b"), os.fsdecode(os.fsencode(folder) + b"/\xff.mkv")
    Path(bytes_name).write_bytes((folder / "small.mkv").read_bytes())
    with ProbePool(1, 20, MEMORY) as pool:
        found = dict(pool.probe_many([endless, nul, bytes_name]))
    assert found[endless] == Refusal(FailureCode.UNREADABLE, "the name is too long")
    assert isinstance(found[nul], Refusal)
    assert isinstance(found[bytes_name], ProbeResult)


def test_six_hundred_mutilated_files_never_break_the_pool(media: Path, tmp_path: Path) -> None:
    dice = random.Random(20)
    originals = [(media / name).read_bytes() for name in ("feature.mkv", "hdr10.mkv", "interlaced.mpg", "modern.mp4")]
    paths = []
    for number in range(600):
        data = bytearray(dice.choice(originals)[: dice.choice((400, 4000, 40000, 10**9))])
        for _ in range(dice.randint(0, 60)):
            data[dice.randrange(min(len(data), dice.choice((64, 2000, 10**9))))] = dice.randrange(256)
        path = tmp_path / f"{number}.bin"
        path.write_bytes(data)
        paths.append(str(path))
    with ProbePool(2, 20, MEMORY) as pool:
        found = dict(pool.probe_many(paths))
        alive = list(pool.probe_many([str(media / "small.mkv")]))
    kinds = [answer.code if isinstance(answer, Refusal) else "ok" for answer in found.values()]
    assert len(found) == 600
    assert kinds.count("ok") > 100
    assert kinds.count(FailureCode.NOT_MEDIA) > 50
    assert FailureCode.CRASHED not in kinds
    assert isinstance(alive[0][1], ProbeResult)
