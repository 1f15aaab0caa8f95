"""Tells trailers, samples and extras from main videos by the words at the end of their names."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from domain.libraries.sidecars.bases import Bases, base_key
from domain.libraries.sidecars.model import ExtraKind, FolderKind, SidecarRole


class VideoFacts(NamedTuple):
    """A video's role, its extra kind and the base of the video it goes with (None: the folder's item)."""

    role: SidecarRole
    extra_kind: ExtraKind | None = None
    base: str | None = None


class _Guess(NamedTuple):
    facts: VideoFacts
    is_certain: bool


_KINDS = {
    "behindthescenes": ExtraKind.BEHIND_THE_SCENES,
    "deleted": ExtraKind.DELETED_SCENE,
    "deletedscene": ExtraKind.DELETED_SCENE,
    "featurette": ExtraKind.FEATURETTE,
    "interview": ExtraKind.INTERVIEW,
    "scene": ExtraKind.SCENE,
    "short": ExtraKind.SHORT,
    "clip": ExtraKind.CLIP,
    "extra": ExtraKind.OTHER,
    "other": ExtraKind.OTHER,
}
# Words that no title ends with after a hyphen; the others also end titles ("Crime-Scene", "An-Interview").
_CERTAIN = frozenset({"behindthescenes", "deletedscene", "featurette"})
_SUFFIX = re.compile(
    r"(?P<owner>.+?)(?:(?:\s?-\s?|[._])(?P<trailer>trailer)|(?P<mark>[-_. ])(?P<sample>sample)"
    rf"|[-_](?P<kind>{'|'.join(sorted(_KINDS, key=len, reverse=True))})s?)[-_ ]?[0-9]{{0,2}}\Z",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(r"(?P<role>trailer|sample)[-_ ]?[0-9]{0,2}\Z", re.IGNORECASE)
_SAMPLE_FIRST = re.compile(r"sample[-._]", re.IGNORECASE)
_LONGEST_NAME = 1024


def read_videos(stems: Iterable[str], kind: FolderKind, bases: Bases) -> Mapping[str, VideoFacts]:
    """The facts of each video of an item's own folder by its stem.

    A word that may also end a title counts only beside the video it would be an extra of (in a movie's own folder beside
    any other): what is alone is the item.
    """
    guesses = {stem: _guess(stem[:_LONGEST_NAME], bases) for stem in stems}
    has_main = any(guess is None for guess in guesses.values())
    found: dict[str, VideoFacts] = {}
    for stem, guess in guesses.items():
        own_folder = kind in (FolderKind.MOVIE, FolderKind.UNKNOWN) and has_main
        if guess and (guess.is_certain or guess.facts.base is not None or own_folder):
            found[stem] = guess.facts
        else:
            found[stem] = VideoFacts(SidecarRole.MAIN, base=stem)
    return found


def _guess(stem: str, bases: Bases) -> _Guess | None:
    if alone := _ALONE.match(stem):
        return _Guess(VideoFacts(SidecarRole(alone["role"].lower())), True)
    if first := _SAMPLE_FIRST.match(stem):
        return _Guess(VideoFacts(SidecarRole.SAMPLE, base=bases.get(base_key(stem[first.end() :]))), False)
    match = _SUFFIX.match(stem)
    if match is None:
        return None
    base = bases.get(base_key(match["owner"])) or bases.get(base_key(match["owner"].rstrip(" -_.")))
    if match["trailer"]:
        return _Guess(VideoFacts(SidecarRole.TRAILER, base=base), True)
    if match["sample"]:
        return _Guess(VideoFacts(SidecarRole.SAMPLE, base=base), match["mark"] != " ")
    word = match["kind"].lower()
    return _Guess(VideoFacts(SidecarRole.EXTRA, _KINDS[word], base), word in _CERTAIN)
