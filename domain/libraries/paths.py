"""Paths as text: what the file system calls a file, written so that both databases can store it, and back again.

File names on Unix are bytes. One that is not UTF-8 reaches Python with lone surrogates, which no database stores; each
such byte is written as a character of the last private plane instead, which no file system's names use.
"""

import os
import re
from typing import Final

_ESCAPES: Final = 0x10F700
_SURROGATES: Final = 0xDC00
_ODD: Final = re.compile("[\udc80-\udcff]")
_ESCAPED: Final = re.compile("[\U0010f780-\U0010f7ff]")
_REFUSED: Final = re.compile("[\x00-\x1f\x7f\U0010f780-\U0010f7ff]|[\ud800-\udc7f\udd00-\udfff]")


def stored(path: str) -> str:
    """A path as the operating system gave it, as text that can be stored."""
    if path.isascii() or not _ODD.search(path):
        return path
    return _ODD.sub(lambda match: chr(ord(match[0]) - _SURROGATES + _ESCAPES), path)


def real(uri: str) -> str:
    """The path that `stored` was given, to open the file with."""
    if uri.isascii() or not _ESCAPED.search(uri):
        return uri
    return _ESCAPED.sub(lambda match: chr(ord(match[0]) - _ESCAPES + _SURROGATES), uri)


def is_refused(name: str) -> bool:
    """Whether a name holds what no listing may carry on: control characters (NUL, line ends) or our own escapes."""
    return not (name.isascii() and name.isprintable()) and _REFUSED.search(name) is not None


def join(root: str, relative: str, name: str = "") -> str:
    """A stored path below a stored root; '' as `relative` is the root itself."""
    return "/".join(part for part in (root.rstrip("/"), relative, name) if part) or "/"


def join_relative(relative: str, name: str) -> str:
    """A path below a relative one ('' = the root)."""
    return f"{relative}/{name}" if relative else name


def below(relative: str, folder: str) -> str:
    """A relative path as seen from a folder that it lies in ('' for the folder itself)."""
    return relative[len(folder) :].strip("/") if folder else relative


def parent(relative: str) -> str:
    """The directory above a relative path ('' above the first level)."""
    return relative.rpartition("/")[0]


def last(relative: str) -> str:
    """The last part of a path."""
    return relative.rpartition("/")[2]


def order(relative: str) -> tuple[str, ...]:
    """Sort key of directories: every directory stands before what it holds, siblings by name."""
    return tuple(relative.split("/")) if relative else ()


def is_within(path: str, folder: str) -> bool:
    """Whether a path is `folder` or lies below it (both without a trailing slash, or `/`)."""
    return path == folder or path.startswith(folder if folder.endswith("/") else f"{folder}/")


def normal(path: str) -> str:
    """An absolute path without `..`, doubled or trailing slashes; links are left alone."""
    return os.path.normpath(path)
