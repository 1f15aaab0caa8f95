"""A machine without Kodi: what may be installed is, and else one sentence says what to do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.peers.kodi import programs
from tests.peers.kodi.profile import Ports, Source, write_profile
from tests.peers.kodi.programs import ADVICE, NoKodi, Programs, find_or_install

FOUND = Programs("kodi.bin", "Xvfb", None)


def machine(
    monkeypatch: pytest.MonkeyPatch, *, user: int, has_apt: bool, finds: list[Programs | None], code: int = 0
) -> list[str]:
    """A machine that is made up; returns what was run on it."""
    ran: list[str] = []

    def run(command: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        ran.append(" ".join(command))
        return subprocess.CompletedProcess(command, code, "", "Unable to locate package kodi")

    monkeypatch.setattr(programs, "find", lambda: finds.pop(0))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if has_apt else None)
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_what_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = machine(monkeypatch, user=0, has_apt=True, finds=[FOUND])
    assert find_or_install() == FOUND
    assert ran == []


def test_root_on_debian_gets_it_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = machine(monkeypatch, user=0, has_apt=True, finds=[None, FOUND])
    assert find_or_install() == FOUND
    assert ran == [
        "/usr/bin/apt-get update -qq",
        "/usr/bin/apt-get install -qq -y --no-install-recommends kodi xvfb pulseaudio",
    ]


@pytest.mark.parametrize(("user", "has_apt"), [(1000, True), (0, False)])
def test_whoever_may_not_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, user: int, has_apt: bool) -> None:
    ran = machine(monkeypatch, user=user, has_apt=has_apt, finds=[None])
    with pytest.raises(NoKodi) as refusal:
        find_or_install()
    assert str(refusal.value) == ADVICE
    assert "apt-get install -y --no-install-recommends kodi xvfb pulseaudio" in ADVICE
    assert ran == []


def test_a_failed_installation_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, user=0, has_apt=True, finds=[None], code=100)
    with pytest.raises(NoKodi, match=r"could not be installed \(Unable to locate package kodi\)"):
        find_or_install()


def test_a_profile_names_its_ports_and_its_folders(tmp_path: Path) -> None:
    films = Source(tmp_path / "Films & more", "movies")
    write_profile(tmp_path / "home", Ports(8101, 8102, 8103), [films])
    data = tmp_path / "home" / "userdata"
    settings = (data / "guisettings.xml").read_text()
    assert '<setting id="services.webserverport">8101</setting>' in settings
    assert '<setting id="services.esport">8103</setting>' in settings
    assert "<tcpport>8102</tcpport>" in (data / "advancedsettings.xml").read_text()
    assert f"{tmp_path}/Films &amp; more/</path>" in (data / "sources.xml").read_text()
    assert films.row == (f"{tmp_path}/Films & more/", "movies", 2**31 - 1, 1)
    assert Source(tmp_path, "tvshows").row[2:] == (0, 0)
