"""What one player is told of changed items: folders to read, items to read anew, items to let go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from domain.kit.ids import global_id
from domain.libraries.mapping import Rule, to_remote
from domain.players.model import Ability, Adapter, Media
from domain.players.places import Place, Subject
from domain.players.reading import is_within, same_spelling

FOLDER_S: Final = 60.0
"""Seconds that the reading of a folder may take."""
ROOT_S: Final = 120.0
"""Seconds that the reading of a whole library may take."""
MOST_FOLDERS: Final = 20
"""So many folders are read one by one; where it is more, the roots of the library they lie in."""
_SHOWN: Final = 20


@dataclass(slots=True)
class Account:
    """What was done."""

    scanned: list[str] = field(default_factory=list)
    """The player's paths."""
    refreshed: int = 0
    removed: int = 0
    added: int = 0
    outside: list[str] = field(default_factory=list)
    """Of the paths those that lie in none of the player's own libraries: a mapping is missing, or the player lacks a source."""
    missing: list[int] = field(default_factory=list)
    """Items that the player should have by now, and has not."""

    def as_json(self) -> dict[str, Any]:
        """As a job's result has it; of long lists the beginning."""
        return {
            "scanned": self.scanned[:_SHOWN], "outside": self.outside[:_SHOWN],
            "scanned_count": len(self.scanned), "outside_count": len(self.outside),
            "added": self.added, "refreshed": self.refreshed, "removed": self.removed,
            "missing": [global_id("media_items", key) for key in dict.fromkeys(self.missing)][:_SHOWN],
        }  # fmt: skip


@dataclass(slots=True)
class _Known:
    """What the player knew of one file of an item before."""

    subject: Subject
    media: Media
    """As it should be known; the path is the player's."""
    found: Media | None

    @property
    def is_there(self) -> bool:
        return self.found is not None and same_spelling(self.found.path, self.media.path)


IsGone = Callable[[str], bool]
"""Whether a path of the player's is one of ours where nothing lies any more."""


def update(
    adapter: Adapter, places: Sequence[Place], rules: Sequence[Rule], account: Account, *, is_gone: IsGone,
    check: Callable[[], None],
) -> None:  # fmt: skip
    """Bring a player's library up to date with these places. Raises Upstream when it fails on the way."""
    news: dict[str, list[_Known]] = {}
    roots = {place.folder: place.root for place in places}
    for place in places:
        check()
        known = [_Known(one, media, adapter.find(media)) for one in place.subjects for media in _wanted(one, rules)]
        _let_go(adapter, place, rules, account)
        _refresh(adapter, known, account)
        fresh = [one for one in known if not one.is_there]
        if fresh or not place.subjects:
            news[place.folder] = fresh
    fresh = [one for several in news.values() for one in several]
    scanned = _scan(adapter, _folders(adapter, news, roots), roots, rules, account, check)
    absent = _look(adapter, fresh)
    again = {roots[folder] for folder, several in news.items() if any(one in absent and one.subject.is_told for one in several)}
    if again - scanned:  # its listing of the folder may be an old one
        _scan(adapter, sorted(again - scanned), roots, rules, account, check)
        absent = _look(adapter, absent)
    account.missing += [one.subject.item_id for one in absent if one.subject.is_told]
    account.added += len(fresh) - len(absent)
    _let_old_go(adapter, [one for one in fresh if one not in absent], account, is_gone)


def _folders(adapter: Adapter, news: Mapping[str, object], roots: Mapping[str, str]) -> list[str]:
    if len(news) > MOST_FOLDERS or Ability.SCAN_FOLDER not in adapter.abilities:
        return sorted({roots[folder] for folder in news})
    return list(news)


def _wanted(subject: Subject, rules: Sequence[Rule]) -> list[Media]:
    """The item by each of its files; of one in parts the first stands for all."""
    return [replace(subject.media, path=to_remote(path, rules)) for path in subject.present]


def _let_go(adapter: Adapter, place: Place, rules: Sequence[Rule], account: Account) -> None:
    """Files that are gone: found by their path alone, as another file may have the ids by now."""
    if Ability.REMOVE not in adapter.abilities:
        return
    for subject in place.subjects:
        for path in subject.gone:
            bare = Media(subject.media.kind, "", path=to_remote(path, rules))
            found = adapter.find(bare)
            if found is not None and same_spelling(found.path, bare.path):
                adapter.remove(found)
                account.removed += 1


def _refresh(adapter: Adapter, known: Sequence[_Known], account: Account) -> None:
    if Ability.REFRESH not in adapter.abilities:
        return
    done: set[str | None] = set()
    for one in known:
        if one.found is not None and one.is_there and one.subject.is_told and one.found.key not in done:
            done.add(one.found.key)
            adapter.refresh(one.found)
            account.refreshed += 1


def _scan(
    adapter: Adapter, folders: Sequence[str], roots: Mapping[str, str], rules: Sequence[Rule], account: Account,
    check: Callable[[], None],
) -> set[str]:  # fmt: skip
    homes = [path for section in adapter.sections() for path in section.paths] if folders else []
    for folder in folders:
        check()
        remote = to_remote(folder, rules)
        if not any(is_within(remote, home) for home in homes):
            account.outside.append(remote)
        adapter.scan(remote, wait_s=ROOT_S if folder in roots.values() else FOLDER_S)
        account.scanned.append(remote)
    return set(folders)


def _look(adapter: Adapter, wanted: Sequence[_Known]) -> list[_Known]:
    """Those that the player still does not have where they lie."""
    absent = []
    for one in wanted:
        found = adapter.find(one.media)
        if found is None or not same_spelling(found.path, one.media.path):
            absent.append(one)
    return absent


def _let_old_go(adapter: Adapter, fresh: Sequence[_Known], account: Account, is_gone: IsGone) -> None:
    """Where the player knew an item at a place of ours that is empty now: it would stand there twice."""
    if Ability.REMOVE not in adapter.abilities:
        return
    for old in {one.found.key: one.found for one in fresh if one.found is not None}.values():
        if old.path is None or not is_gone(old.path):
            continue
        there = adapter.find(Media(old.kind, "", path=old.path))
        if there is not None and same_spelling(there.path, old.path):
            adapter.remove(there)
            account.removed += 1
