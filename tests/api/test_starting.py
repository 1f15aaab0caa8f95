"""A start that cannot listen says what to do, and leaves a server that runs already as it is."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from api.cli import demo
from api.cli.compose import House, house, offer_code, prepare
from api.cli.place import hold_folder, take_port
from api.cli.serving import serve
from domain.accounts import setup
from domain.accounts.tables import User
from domain.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.fixture
def found(tmp_path: Path, sqlite_template: Path, taken: int) -> Iterator[House]:
    """The data of a server without an administrator, told to use the port that is taken."""
    shutil.copy(sqlite_template, tmp_path / "marquee.db")
    settings = Settings(data_dir=tmp_path, bind="127.0.0.1", port=taken).model_copy(update={"database_url": "", "redis_url": ""})
    with house(settings) as opened:
        yield opened


def test_a_port_that_is_taken_is_told_with_what_to_do(found: House, taken: int) -> None:
    with pytest.raises(SystemExit) as refused:
        take_port(found.settings)
    assert str(refused.value) == (
        f"Port {taken} is taken, perhaps by a Marquee that runs already."
        ' Another port: --port 8700, with make: ARGS="--port 8700".'
    )


def test_a_start_that_fails_leaves_the_running_servers_setup_code_good(found: House) -> None:
    prepare(found)
    code = offer_code(found)
    assert code is not None
    with pytest.raises(SystemExit):
        serve(found, with_workers=False)
    made = setup.set_up(found.database, key=found.key, code=code, username="anna", password="long enough")
    with found.database.read() as session:
        assert session.exec(select(User.username)).all() == [made.username]


def test_a_data_folder_has_one_server(found: House) -> None:
    prepare(found)
    code = offer_code(found)
    assert code is not None
    with hold_folder(found.settings), pytest.raises(SystemExit, match="is running on the data folder"):
        serve(found, with_workers=False)
    with hold_folder(found.settings):
        setup.set_up(found.database, key=found.key, code=code, username="anna", password="long enough")


def test_migrating_leaves_the_setup_code_good(found: House) -> None:
    prepare(found)
    code = offer_code(found)
    assert code is not None
    prepare(found)
    setup.set_up(found.database, key=found.key, code=code, username="anna", password="long enough")


def test_the_demo_makes_nothing_before_it_has_its_port(tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_BIND", "127.0.0.1")
    monkeypatch.setenv("MARQUEE_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(SystemExit):
        demo.demo(folder=tmp_path / "library", port=taken)
    assert not (tmp_path / "library").exists()
