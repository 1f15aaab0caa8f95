"""Decides, file by file, what is done: from what should be there, what is there and what is ours. Pure."""

import os
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import datetime
from typing import Final

from domain.libraries import paths
from domain.libraries.scanning.comparing import instant
from domain.libraries.sidecars import split_name
from domain.publish.enums import ON_DISK, PublishAction
from domain.publish.model import THEIRS, Digest, Ours, Picture, Seen, Step, Subject, Wanted
from domain.publish.places import NFO, PICTURES, bare

LONGEST_NAME: Final = 255
"""Bytes of a name, on most file systems."""
Folders = Mapping[str, Mapping[str, Seen]]
"""Folder -> name -> what lies there."""
Measure = Callable[[str], Digest | None]
"""The digest of the file at a real path; None if it cannot be read."""
Count = Callable[[bytes], Digest]

MISSING: Final = "missing"
OUTDATED: Final = "outdated"
NOT_OURS: Final = "not_ours"
OTHERS: Final = "somebody_elses"
CURRENT: Final = "current"
CHANGED: Final = "changed_by_somebody"
CHANGED_BUT_LOCKED: Final = "changed_but_ours_is_wanted"
SAME_BYTES: Final = "same_bytes"
LIES_HERE: Final = "lies_where_players_look"
SOURCE_MISSING: Final = "source_missing"
NOT_A_FILE: Final = "not_a_regular_file"
TOO_LONG: Final = "name_too_long"
SHOWN_TOO: Final = "holds_another_shown_picture"
RIVAL: Final = "would_be_read_instead"
NOT_WANTED: Final = "no_longer_shown"
GONE: Final = "gone"
REASONS: Final = {
    MISSING: "It is not there.",
    OUTDATED: "It is ours and says what was shown before.",
    OTHERS: "Another program or a person put it there, and nobody asked for it to be replaced: it stays.",
    NOT_OURS: "Another program or a person put it there; it goes to the recycle bin.",
    CURRENT: "It is there as it should be.",
    CHANGED: "Somebody changed it since we wrote it; it stays.",
    CHANGED_BUT_LOCKED: "Somebody changed it since we wrote it, but ours is locked or was asked for: theirs goes to the bin.",
    SAME_BYTES: "Another program or a person put the same bytes there: from now on the file is ours.",
    LIES_HERE: "The shown picture itself lies where players look for it.",
    SOURCE_MISSING: "The bytes of the shown picture are missing.",
    NOT_A_FILE: "A link or a folder has that name.",
    TOO_LONG: "The video's name leaves no room for what is put behind it.",
    SHOWN_TOO: "The file is the source of another shown picture.",
    RIVAL: "Players would read it in place of ours; it goes to the recycle bin.",
    NOT_WANTED: "It is ours, and what it holds is shown no more.",
    GONE: "It was ours and is there no more, or somebody changed it.",
}  # fmt: skip
"""Why something is done, for people."""


def plan(
    subject: Subject,
    folders: Folders,
    *,
    measure: Measure,
    count: Count,
    replace_changed: bool = False,
    replace: Container[str] = (),
    spares_others: bool = False,
) -> list[Step]:
    """What is done about each file of an item, in the order of doing: bytes first, then what stands in their way.

    `measure` is asked only about files whose bytes decide, `count` for the digest of an NFO. With `replace_changed` files
    that somebody changed since we wrote them make way for ours, too; those at the paths `replace` do so alone. With
    `spares_others` nothing that is not ours makes way.
    """
    planner = _Planner(subject, folders, measure, count, replace_changed, replace, spares_others)
    return [*planner.files(), *planner.rivals(), *planner.leftovers()]


def changes(steps: list[Step]) -> list[Step]:
    """The steps that touch the disk."""
    return [step for step in steps if step.action in ON_DISK]


def is_untouched(ours: Ours, seen: Seen, measure: Measure) -> bool:
    """Whether a file is as we wrote it: same size and time, else same bytes."""
    if ours.sha256 == THEIRS or seen.size != ours.size:
        return False
    if _same_time(ours.modified_at, seen):
        return True
    found = measure(paths.real(ours.path))
    return found is not None and found.sha256 == ours.sha256


def _same_time(moment: datetime, seen: Seen) -> bool:
    return moment == instant(seen.mtime_ns)


class _Planner:
    def __init__(
        self, subject: Subject, folders: Folders, measure: Measure, count: Count, replace_changed: bool, replace: Container[str],
        spares_others: bool,
    ) -> None:  # fmt: skip
        self.subject, self.folders, self.measure, self.count = subject, folders, measure, count
        self.replace_changed, self.replace, self.spares_others = replace_changed, replace, spares_others
        self.sources = {one.picture.uri for one in subject.wanted if one.picture is not None and one.picture.uri is not None}
        self.paths = {one.path for one in subject.wanted}
        self.standing: set[str] = set()
        """Wanted paths at which ours lies or will lie."""

    def seen(self, path: str) -> Seen | None:
        return self.folders.get(paths.parent(path), {}).get(paths.last(path))

    def files(self) -> Iterator[Step]:
        for one in self.subject.wanted:
            step = self._file(one)
            if step.action not in (PublishAction.SKIP, PublishAction.KEEP_CHANGED, PublishAction.IN_PLACE):
                self.standing.add(one.path)
            yield step

    def rivals(self) -> Iterator[Step]:
        """Foreign files that a player would take in place of ours: another NFO, the same picture in another format."""
        told: set[str] = set()
        for one in self.subject.wanted:
            if one.path not in self.standing:
                continue
            names = one.place.rivals if one.asset_type == NFO else self._other_formats(one.path)
            for path in names:
                seen = self.seen(path)
                if path in told or seen is None or not seen.is_regular or self._is_spoken_for(path):
                    continue
                told.add(path)
                yield Step(path, PublishAction.DISPLACE, RIVAL, one.place.root, one.item_id, one.asset_type, seen=seen)

    def _is_spoken_for(self, path: str) -> bool:
        """Whether a file is wanted, shown, ours, or was taken back out of the recycle bin by somebody."""
        return self.spares_others or path in self.paths | self.sources | self.subject.spared or path in self.subject.ours

    def leftovers(self) -> Iterator[Step]:
        """Files of ours that nothing wants any more; those that somebody changed are theirs from now on."""
        for ours in sorted(self.subject.ours.values(), key=lambda ours: ours.path):
            root = next((root for root in self.subject.roots if paths.is_within(ours.path, root)), None)
            if ours.item_id != self.subject.item_id or ours.path in self.paths or paths.parent(ours.path) not in self.folders:
                continue
            seen = self.seen(ours.path)
            keeps = root is None or ours.path in self.sources or seen is None or not seen.is_regular
            if keeps or seen is None or root is None or not is_untouched(ours, seen, self.measure):
                place = root or ""
                yield Step(ours.path, PublishAction.FORGET, GONE, place, ours.item_id, ours.asset_type, ours_id=ours.id)
            else:
                action = PublishAction.REMOVE
                yield Step(ours.path, action, NOT_WANTED, root, ours.item_id, ours.asset_type, seen=seen, ours_id=ours.id)

    def _file(self, one: Wanted) -> Step:
        seen, ours, picture = self.seen(one.path), self.subject.ours.get(one.path), one.picture
        if picture is not None and self._is_in_place(one, picture):
            return self._step(one, PublishAction.IN_PLACE, LIES_HERE, seen, path=picture.uri)
        if seen is not None and not seen.is_regular:
            return self._step(one, PublishAction.SKIP, NOT_A_FILE, seen)
        if len(os.fsencode(paths.real(paths.last(one.path)))) > LONGEST_NAME:
            return self._step(one, PublishAction.SKIP, TOO_LONG, seen)
        if seen is not None and ours is not None and self._is_same(one, ours) and is_untouched(ours, seen, self.measure):
            return self._step(one, PublishAction.KEEP, CURRENT, seen)
        digest = self._digest(one)
        if digest is None:
            return self._step(one, PublishAction.SKIP, SOURCE_MISSING, seen)
        if seen is None:
            return self._step(one, PublishAction.WRITE, MISSING, seen, digest)
        if ours is not None and is_untouched(ours, seen, self.measure):
            if ours.sha256 == digest.sha256:
                return self._step(one, PublishAction.ADOPT, SAME_BYTES, seen, digest)
            return self._step(one, PublishAction.REPLACE, OUTDATED, seen, digest)
        if one.path in self.sources:
            return self._step(one, PublishAction.SKIP, SHOWN_TOO, seen)
        lying = self.measure(paths.real(one.path)) if seen.size == digest.size else None
        if lying is not None and lying.sha256 == digest.sha256:
            return self._step(one, PublishAction.ADOPT, SAME_BYTES, seen, digest)
        if ours is None and self.spares_others:
            return self._step(one, PublishAction.KEEP_CHANGED, OTHERS, seen)
        if ours is None and one.path not in self.subject.spared:
            return self._step(one, PublishAction.TAKE_OVER, NOT_OURS, seen, digest)
        if self.replace_changed or one.path in self.replace or (picture is not None and picture.is_locked):
            return self._step(one, PublishAction.TAKE_OVER, CHANGED_BUT_LOCKED, seen, digest)
        return self._step(one, PublishAction.KEEP_CHANGED, CHANGED, seen)

    def _step(
        self, one: Wanted, action: PublishAction, reason: str, seen: Seen | None, digest: Digest | None = None,
        *, path: str | None = None,
    ) -> Step:  # fmt: skip
        ours = self.subject.ours.get(one.path)
        picture = one.picture
        return Step(
            path or one.path, action, reason, one.place.root, one.item_id, one.asset_type,
            picture.asset_id if picture is not None else None, digest, seen, one.content,
            picture.source if picture is not None else None, ours.id if ours is not None else None, is_made=one.place.is_made,
        )  # fmt: skip

    def _is_same(self, one: Wanted, ours: Ours) -> bool:
        """Whether the file of ours was made of the bytes that are wanted, as far as that is known without reading."""
        if one.content is not None:
            return self.count(one.content).sha256 == ours.sha256
        picture = one.picture
        assert picture is not None
        return ours.sha256 == picture.sha256 or (picture.quick_hash is not None and ours.quick_hash == picture.quick_hash)

    def _digest(self, one: Wanted) -> Digest | None:
        if one.content is not None:
            return self.count(one.content)
        assert one.picture is not None
        return None if one.picture.is_missing else self.measure(one.picture.source)

    def _is_in_place(self, one: Wanted, picture: Picture) -> bool:
        """Whether the picture itself lies under a name that players take for it, and nothing with a better one beside it."""
        if picture.uri is None or picture.is_missing:
            return False
        place = one.place
        if paths.parent(picture.uri) != place.folder:
            return False
        stem = split_name(paths.last(picture.uri))[0]
        wanted = place.stem(picture.asset_type, picture.rank)
        if stem == wanted:
            return True
        is_bare = place.is_own and stem == bare(picture.asset_type, picture.rank)
        return is_bare and not any(split_name(name)[0] == wanted for name in self.folders.get(place.folder, {}))

    def _other_formats(self, path: str) -> Iterator[str]:
        folder, stem = paths.parent(path), split_name(paths.last(path))[0]
        for name in sorted(self.folders.get(folder, {})):
            if split_name(name)[0] == stem and split_name(name)[1] in PICTURES and paths.join(folder, "", name) != path:
                yield paths.join(folder, "", name)
