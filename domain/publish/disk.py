"""The disk under a publication: folders that stay within their library, files that are old or new, never half.

Every call of the system goes through `Disk.system`, so that tests can end the program, or fill the disk, at each of them.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from domain.libraries import paths
from domain.libraries.scanning.hashing import EDGE
from domain.publish.enums import PublishFailure
from domain.publish.model import Digest, Seen

BIN: Final = ".marquee-bin"
"""Folder of displaced files: hidden, on their own file system, so that moving them there copies nothing."""
_CHUNK: Final = 1 << 20
_LONGEST_NAME: Final = 200
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EINVAL})
"""File systems without hard links, and rules against links to files of others: then a copy is made."""
_FAILURES: Final = {
    errno.ENOSPC: PublishFailure.DISK_FULL,
    errno.EDQUOT: PublishFailure.DISK_FULL,
    errno.EROFS: PublishFailure.READ_ONLY,
    errno.EACCES: PublishFailure.READ_ONLY,
    errno.EPERM: PublishFailure.READ_ONLY,
    errno.ENOENT: PublishFailure.FOLDER_GONE,
    errno.ENOTDIR: PublishFailure.FOLDER_GONE,
    errno.ESTALE: PublishFailure.FOLDER_GONE,
}


class Trouble(Exception):
    """Why a step could not be done."""

    def __init__(self, failure: PublishFailure, message: str) -> None:
        super().__init__(message)
        self.failure = failure
        self.message = message


def trouble(error: OSError, path: str) -> Trouble:
    """A system error in our words."""
    failure = _FAILURES.get(error.errno or 0, PublishFailure.IO_ERROR)
    return Trouble(failure, f"{path}: {error.strerror or type(error).__name__}.")


@dataclass(slots=True)
class Folder:
    """An open folder, to be named by its descriptor: nobody can put a link in its place meanwhile."""

    descriptor: int
    path: str
    device: int


class Disk:
    """Reads and writes files below the roots of libraries. All paths are stored ones unless they are called real."""

    def __init__(self, system: Any = os) -> None:
        self.system = system

    @contextlib.contextmanager
    def folder(self, root: str, path: str) -> Iterator[Folder]:
        """The folder at `path`, which lies in `root` whatever links say. Raises Trouble outside_library, OSError."""
        real_root, place = os.path.realpath(paths.real(root)), os.path.realpath(paths.real(path))
        if not paths.is_within(place, real_root):
            raise Trouble(PublishFailure.OUTSIDE_LIBRARY, f"{path} leads out of the library.")
        descriptor = self.system.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            yield Folder(descriptor, path, os.fstat(descriptor).st_dev)
        finally:
            os.close(descriptor)

    def make(self, root: str, path: str, name: str) -> None:
        """Make a folder in the one at `path`, unless it is there. Raises Trouble, OSError."""
        with self.folder(root, path) as home, contextlib.suppress(FileExistsError):
            self.system.mkdir(paths.real(name), 0o777, dir_fd=home.descriptor)
            self.sync(home)

    @contextlib.contextmanager
    def bin(self, root: str, beside: Folder) -> Iterator[Folder]:
        """The folder for what is displaced in `beside`: that of the root, or its own where another disk is mounted below."""
        with self.folder(root, root) as top:
            home = top if top.device == beside.device else beside
            with contextlib.suppress(FileExistsError):
                self.system.mkdir(BIN, 0o777, dir_fd=home.descriptor)
                self.sync(home)
            with self.folder(root, paths.join(home.path, "", BIN)) as found:
                yield found

    def look(self, root: str, path: str) -> dict[str, Seen]:
        """What lies in a folder, by stored name. Raises Trouble, OSError."""
        with self.folder(root, path) as folder, os.scandir(folder.descriptor) as entries:
            return {paths.stored(entry.name): _seen(entry.stat(follow_symlinks=False)) for entry in entries}

    def seen(self, folder: Folder, name: str) -> Seen | None:
        """What lies there; a link is itself."""
        try:
            return _seen(self.system.stat(paths.real(name), dir_fd=folder.descriptor, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def write(self, folder: Folder, name: str, pieces: Iterable[bytes]) -> Digest:
        """Make a file that was not there, durable once this returns. Raises OSError."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = self.system.open(paths.real(name), flags, 0o666, dir_fd=folder.descriptor)
        return pour(self.system, descriptor, pieces)

    def put_aside(self, folder: Folder, name: str, bin: Folder, into: str) -> None:
        """Let the file in `folder` be in the bin, too: then it may be replaced. Raises OSError."""
        real = paths.real(name)
        try:
            self.system.link(
                real, paths.real(into), src_dir_fd=folder.descriptor, dst_dir_fd=bin.descriptor, follow_symlinks=False
            )
        except FileExistsError:
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            part = f"{into}.part"
            self.drop(bin, part)
            with self._opened(folder, name) as pieces:
                self.write(bin, part, pieces)
            self.rename(bin, part, into)
        self.sync(bin)

    def rename(self, folder: Folder, name: str, to: str) -> None:
        """Give a file another name in its folder, replacing what has it. Raises OSError."""
        at = folder.descriptor
        self.system.rename(paths.real(name), paths.real(to), src_dir_fd=at, dst_dir_fd=at)

    def drop(self, folder: Folder, name: str) -> None:
        """Delete a file if it is there. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            self.system.unlink(paths.real(name), dir_fd=folder.descriptor)

    def sync(self, folder: Folder) -> None:
        """Make names in a folder durable; file systems that cannot say so do it themselves."""
        try:
            self.system.fsync(folder.descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EBADF, errno.EOPNOTSUPP):
                raise

    def stamp(self, folder: Folder, name: str, mtime_ns: int) -> None:
        """Set a file's time of modification. Raises OSError."""
        self.system.utime(paths.real(name), ns=(mtime_ns, mtime_ns), dir_fd=folder.descriptor)

    @contextlib.contextmanager
    def _opened(self, folder: Folder, name: str) -> Iterator[Iterable[bytes]]:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = self.system.open(paths.real(name), flags, dir_fd=folder.descriptor)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            yield iter(lambda: file.read(_CHUNK), b"")

    def measure(self, path: str) -> Digest | None:
        """What the bytes of the file at a real path are; None if it cannot be read or is no regular file."""
        count = Counting()
        try:
            with open(path, "rb", buffering=0) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                while piece := file.read(_CHUNK):
                    count.add(piece)
        except OSError:
            return None
        return count.digest()


class Counting:
    """The digest of bytes that come in pieces: SHA-256, and the quick hash by which scans compare."""

    def __init__(self) -> None:
        self._whole = hashlib.sha256()
        self._size = 0
        self._head = bytearray()
        self._tail = bytearray()

    def add(self, piece: bytes) -> None:
        self._whole.update(piece)
        self._size += len(piece)
        if len(self._head) < 2 * EDGE:
            self._head += piece[: 2 * EDGE - len(self._head)]
        self._tail = (self._tail + piece)[-EDGE:]

    def digest(self) -> Digest:
        quick = hashlib.blake2b(f"{self._size}\n".encode(), digest_size=16)
        if self._size <= 2 * EDGE:
            quick.update(self._head)
        else:
            quick.update(self._head[:EDGE])
            quick.update(self._tail)
        return Digest(self._whole.hexdigest(), quick.hexdigest(), self._size)


def pour(system: Any, descriptor: int, pieces: Iterable[bytes]) -> Digest:
    """Write an open, empty file, durable once this returns, and close it. Raises OSError."""
    count = Counting()
    try:
        for piece in pieces:
            count.add(piece)
            rest = memoryview(piece)
            while rest:
                rest = rest[system.write(descriptor, rest) :]
        system.fsync(descriptor)
    finally:
        os.close(descriptor)
    return count.digest()


def count(content: bytes) -> Digest:
    """The digest of some bytes."""
    counting = Counting()
    counting.add(content)
    return counting.digest()


def chunks_of(path: str) -> Iterator[bytes]:
    """The bytes of the file at a real path. Raises OSError."""
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(_CHUNK):
            yield piece


def short(name: str) -> str:
    """A name that leaves room for what is put before it; its extension stays."""
    stem, dot, extension = name.rpartition(".")
    room = _LONGEST_NAME - len(f".{extension}".encode())
    if len(name.encode()) <= _LONGEST_NAME or not dot or room <= 0:
        return name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return stem.encode()[:room].decode(errors="ignore") + f".{extension}"


def _seen(facts: os.stat_result) -> Seen:
    return Seen(facts.st_size, facts.st_mtime_ns, stat.S_ISREG(facts.st_mode))
