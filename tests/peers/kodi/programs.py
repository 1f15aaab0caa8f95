"""The programs that a Kodi without a screen needs: where they are, and how they come onto a machine."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("kodi", "xvfb", "pulseaudio")
INSTALL = f"apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
ADVICE = f"Kodi is not installed on this machine. Debian: {INSTALL} (some 700 MB)"
_INSTALL_S = 900


class NoKodi(Exception):
    """Kodi cannot be started here; the message says what to do."""


@dataclass(frozen=True)
class Programs:
    """Paths of the player, of the X server that draws into memory, and of a sound server if there is one."""

    kodi: str
    xvfb: str
    pulseaudio: str | None


def find() -> Programs | None:
    """The installed programs; None if the player or the X server is missing."""
    # The package's `kodi` is a shell script that starts it again and again: the program itself can be ended.
    kodi = next((str(found) for found in sorted(Path("/usr/lib").glob("*/kodi/kodi.bin"))), None)
    xvfb = shutil.which("Xvfb")
    return Programs(kodi, xvfb, shutil.which("pulseaudio")) if kodi and xvfb else None


def find_or_install() -> Programs:
    """The programs, installed first where this is Debian and we are root. Raises NoKodi, which says what to do."""
    if found := find():
        return found
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoKodi(ADVICE)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"== {INSTALL}", flush=True)
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run([apt, *command], env=environment, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
        if done.returncode:
            raise NoKodi(f"Kodi could not be installed ({done.stderr.strip()[-400:]}). {ADVICE}")
    if found := find():
        return found
    raise NoKodi(f"{INSTALL} brought no Kodi that this command knows. {ADVICE}")
