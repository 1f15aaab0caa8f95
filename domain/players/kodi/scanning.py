"""Scans and cleanings of a Kodi, and how it is known that they have ended."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any, Final

from domain.kit.errors import Conflict, Unreachable, Upstream
from domain.players.kodi.line import Line, Talk
from domain.players.kodi.playback import Call
from domain.players.kodi.wire import Refused, mapping
from domain.players.model import Section

_CLEAN_S: Final = 300.0
_ASK_S: Final = 1.0
"""So often it is asked whether it still reads, where it does not tell."""
_BEGINS_S: Final = 0.25
"""It takes a moment until it says that it reads."""
_LOOK_S: Final = 5.0
"""So often it is asked even where it tells: a notification may be lost."""


@dataclass(frozen=True, slots=True)
class _Act:
    method: str
    ends: str
    is_on: str
    """The boolean that says whether it is under way."""


_SCANS: Final = {
    "video": _Act("VideoLibrary.Scan", "VideoLibrary.OnScanFinished", "Library.IsScanningVideo"),
    "music": _Act("AudioLibrary.Scan", "AudioLibrary.OnScanFinished", "Library.IsScanningMusic"),
}
_CLEANS: Final = {
    "video": _Act("VideoLibrary.Clean", "VideoLibrary.OnCleanFinished", "Library.IsScanningVideo"),
    "music": _Act("AudioLibrary.Clean", "AudioLibrary.OnCleanFinished", "Library.IsScanningMusic"),
}


def scan(call: Call, line: Line | None, folder: str | None, *, sections: Callable[[], Sequence[Section]], wait_s: float) -> None:
    """Read a folder, or everything, and wait at most `wait_s` seconds for the end. Raises Unreachable where Kodi is busy with
    another scan so long: a second one would not wait for it but stop it."""
    if folder is None:
        for media in _kinds(sections()):
            _do(call, line, _SCANS[media], {"directory": "", "showdialogs": False}, wait_s=wait_s)
        return
    directory = folder.rstrip("/\\") + ("\\" if "\\" in folder and "/" not in folder else "/")
    for place in (_above(directory), directory):
        if place is not None:
            # It remembers listings: one made before the folder came would hide it from the scan.
            with contextlib.suppress(Refused, Conflict):
                call("Files.GetDirectory", {"directory": place, "media": "files", "limits": {"start": 0, "end": 1}})
    _do(call, line, _SCANS[_media(directory, sections())], {"directory": directory, "showdialogs": False}, wait_s=wait_s)


def clean(call: Call, line: Line | None, *, sections: Callable[[], Sequence[Section]]) -> None:
    """Forget everything that is not there any more."""
    for media in _kinds(sections()):
        _do(call, line, _CLEANS[media], {"showdialogs": False}, wait_s=_CLEAN_S)


def _kinds(sections: Sequence[Section]) -> list[str]:
    """Videos always, music if it has any."""
    return ["video", *sorted({"music"} & {one.kind for one in sections})]


def _do(call: Call, line: Line | None, act: _Act, params: dict[str, Any], *, wait_s: float) -> None:
    deadline = monotonic() + wait_s
    if not _is_idle(call, act, deadline):
        raise Unreachable("Kodi has been busy reading its library for too long.")
    is_begun = False
    if line is not None:
        try:
            with line.open() as talk:
                talk.call(act.method, params)
                is_begun = True
                _hear_end(talk, act, deadline)
                return
        except Refused:
            raise
        except Upstream:
            pass  # its WebSocket cannot be had, or has ended: it is asked
    if not is_begun:
        call(act.method, params)
        Event().wait(_BEGINS_S)
    _is_idle(call, act, deadline)


def _hear_end(talk: Talk, act: _Act, deadline: float) -> None:
    """Wait for the notification of the end."""
    looked = monotonic()
    while (left := deadline - monotonic()) > 0:
        told = talk.next(min(left, _LOOK_S))
        if told is not None and told.method == act.ends:
            return
        if monotonic() - looked >= _LOOK_S:
            looked = monotonic()
            if not _is_on(talk.call, act):
                return


def _is_idle(call: Call, act: _Act, deadline: float) -> bool:
    """Whether it reads nothing, by the deadline at the latest."""
    never = Event()
    while _is_on(call, act):
        left = deadline - monotonic()
        if left <= 0:
            return False
        never.wait(min(left, _ASK_S))
    return True


def _is_on(call: Call, act: _Act) -> bool:
    return mapping(call("XBMC.GetInfoBooleans", {"booleans": [act.is_on]}), "whether it reads").get(act.is_on) is True


def _media(directory: str, sections: Sequence[Section]) -> str:
    """`video` or `music`: the kind of the source that the folder lies in, the deepest if there are several."""
    found = [(len(path), one.kind) for one in sections for path in one.paths if directory.startswith(path.rstrip("/") + "/")]
    return str(max(found, default=(0, "video"))[1])


def _above(directory: str) -> str | None:
    """The folder above, as Kodi writes it; None for the top of a share or a disk."""
    separator = directory[-1]
    head = directory[:-1].rpartition(separator)[0]
    if not head or head.endswith((":", ":/", "://")):
        return None
    return head + separator
