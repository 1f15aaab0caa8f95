"""How programs write paths: Unix, Windows drives, shares (UNC and smb), URLs; read into a place and parts, and written again."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from domain.libraries.paths import real, stored

_DRIVE: Final = re.compile(r"([A-Za-z]:)(?:[\\/]|$)")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_LONG: Final = re.compile(r"[\\/]{2}[?.][\\/](?:UNC([\\/])|(?=[A-Za-z]:))", re.IGNORECASE)
"""What Windows puts before paths that may be long: `\\\\?\\D:\\x`, `\\\\?\\UNC\\nas\\films`."""
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_SHARES: Final = frozenset({"smb", "cifs"})
_QUOTED: Final = frozenset({"file", "http", "https", "dav", "davs", "ftp", "ftps", "sftp"})
"""Schemes whose paths are percent-encoded. Kodi's smb and nfs are not, unless a rule is written so."""
_PORTS: Final = {
    "smb": "445", "cifs": "445", "nfs": "2049", "ftp": "21", "ftps": "990", "sftp": "22",
    "http": "80", "dav": "80", "https": "443", "davs": "443",
}  # fmt: skip
_SAFE: Final = "!$&'()*+,;=:@~"


@dataclass(frozen=True, slots=True)
class Place:
    """A path, read. `home` is the disk or server as it is compared; `lead` and `separator` are how it is written."""

    home: str
    parts: tuple[str, ...]
    lead: str
    separator: str = "/"
    ignores_case: bool = False
    is_quoted: bool = False
    verbatim: str | None = None
    """The text itself where nothing may be tidied: another program's own addresses, relative paths."""

    def compared(self, part: str) -> str:
        """A name as it is compared: one Unicode form, and one case where the place knows no case."""
        text = unicodedata.normalize("NFC", part)
        return text.lower() if self.ignores_case else text

    def as_written_like(self, rule: "Place") -> "Place":
        """This path, percent-decoded if the rule says that its place is written so (`smb://nas/My%20Films`)."""
        if self.is_quoted or not rule.is_quoted or self.home != rule.home or "://" not in self.lead:
            return self
        text = _decoded("/".join(self.parts))
        return replace(self, parts=_parts(text, r"[\\/]" if self.ignores_case else "/"))

    @property
    def described(self) -> str:
        """What was read, in words."""
        if self.home.startswith("relative"):
            return "Read as a path without a beginning (no /, drive, share or address): it stays to the letter."
        return f"Read as {self.described_home}, {len(self.parts)} {'part' if len(self.parts) == 1 else 'parts'} long."

    @property
    def described_home(self) -> str:
        """Where it is, in words."""
        kind, _, name = self.home.partition(" ")
        match kind:
            case "unix":
                return "a path on Unix"
            case "drive":
                return f"a path on the Windows drive {name.upper()}" if name else "a Windows path without a drive"
            case "share":
                return f"a share of {name or 'no server'}"
            case "relative":
                return "a path without a beginning"
        return f"an address at {name}"


@lru_cache(1_000)
def local_place(path: str) -> Place:
    """Our own path: this server runs on Unix."""
    if not path.startswith("/"):
        return _relative(path)
    return Place("unix", _parts(path, "/"), "/")


@lru_cache(1_000)
def rule_place(path: str) -> Place:
    """The other program's side of a rule: a share whose path has escapes is percent-encoded there."""
    return _readings(path, is_rule=True)[0]


def readings(path: str) -> list[Place]:
    """What another program's path may mean, likeliest first: `//nas/films` is a share, or a Unix path with a slash too many."""
    return _readings(path, is_rule=False)


def _readings(path: str, *, is_rule: bool) -> list[Place]:
    if scheme := _URL.match(path):
        return [_url(path, scheme[1].lower(), path[scheme.end() :], is_rule=is_rule)]
    if prefix := _LONG.match(path):
        path = ("\\\\" if prefix[1] else "") + path[prefix.end() :]
    if drive := _DRIVE.match(path):
        rest = path[2:]
        separator = "/" if "/" in rest and "\\" not in rest else "\\"
        return [Place(f"drive {drive[1].lower()}", _parts(rest, r"[\\/]"), drive[1] + separator, separator, ignores_case=True)]
    if path[:2] in ("\\\\", "//", "\\/", "/\\"):
        share = _share(path)
        return [share] if path.startswith("\\") else [share, Place("unix", _parts(path, "/"), "/")]
    if path.startswith("\\"):
        return [Place("drive ", _parts(path, r"[\\/]"), "\\", "\\", ignores_case=True)]
    return [local_place(path)]


def written(place: Place, more: tuple[str, ...] | None = None) -> str:
    """A place as text; with `more`, what lies in it below."""
    if more is None and place.verbatim is not None:
        return place.verbatim
    parts = place.parts + (more or ())
    if place.is_quoted:
        parts = tuple(quote(real(part), safe=_SAFE, errors="surrogateescape") for part in parts)
    if parts:
        return place.lead + place.separator.join(parts)
    if place.home.startswith(("unix", "drive")):  # a root keeps its separator: `/`, `D:\`, `file:///D:/`
        return place.lead
    return place.lead.rstrip("/\\") if place.home.startswith("share") else place.lead.removesuffix("/")


def unicode_forms(path: str) -> list[str]:
    """A path as it is, then in NFC and NFD where these differ."""
    return list(dict.fromkeys((path, unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))))


def _share(path: str) -> Place:
    names = _parts(path, r"[\\/]", resolves=False)
    separator = "\\" if "\\" in path else "/"
    host = names[0] if names else ""
    parts = _parts("/".join(names[1:]), r"[\\/]")
    return Place(f"share {host.lower()}", parts, f"{separator * 2}{host}{separator}", separator, ignores_case=True)


def _url(path: str, scheme: str, rest: str, *, is_rule: bool) -> Place:
    if scheme == "file":
        return _file(rest)
    netloc, _, tail = rest.partition("/")
    host = netloc.rpartition("@")[2].lower()  # who signs in there says nothing about where it is
    host = host.removesuffix(f":{_PORTS[scheme]}") if scheme in _PORTS else host
    is_share = scheme in _SHARES
    is_quoted = scheme in _QUOTED or (is_rule and scheme in _PORTS and _ESCAPE.search(tail) is not None)
    is_known = scheme in _PORTS
    text = _decoded(tail) if is_quoted else tail
    home = f"share {host}" if is_share else f"{scheme} {scheme}://{host}"
    return Place(
        home, _parts(text, r"[\\/]" if is_share else "/"), f"{scheme}://{netloc}/", "/", is_share, is_quoted,
        None if is_known else path,
    )  # fmt: skip


def _file(rest: str) -> Place:
    host, _, tail = rest.partition("/")
    text = _decoded(tail)
    if host.lower() not in ("", "localhost"):  # file://nas/films is a share to Windows
        return Place(f"share {host.lower()}", _parts(text, r"[\\/]"), f"file://{host}/", "/", ignores_case=True, is_quoted=True)
    if text.startswith("/"):  # file:////nas/films, too
        share = _share(f"//{text.lstrip('/')}")
        return replace(share, lead=f"file://{share.lead}", separator="/", is_quoted=True)
    if drive := _DRIVE.match(text):
        lead = f"file:///{drive[1]}/"
        return Place(f"drive {drive[1].lower()}", _parts(text[2:], r"[\\/]"), lead, "/", ignores_case=True, is_quoted=True)
    return Place("unix", _parts(text, "/"), "file:///", "/", is_quoted=True)


def _relative(path: str) -> Place:
    return Place(f"relative {path}", (), path, verbatim=path)


def _parts(text: str, separators: str, *, resolves: bool = True) -> tuple[str, ...]:
    found: list[str] = []
    for part in re.split(separators, text):
        if part == ".." and resolves:
            del found[-1:]
        elif part and (part != "." or not resolves):
            found.append(part)
    return tuple(found)


def _decoded(text: str) -> str:
    return stored(unquote(text, errors="surrogateescape"))
