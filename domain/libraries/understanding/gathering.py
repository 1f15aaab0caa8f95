"""Lists the folders of one unit and says of every file what it is, by names and by what is known of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from domain.libraries import paths
from domain.libraries.names import Hint, ParsedName, parse_path
from domain.libraries.names.camera import is_cameras
from domain.libraries.scanning import known
from domain.libraries.scanning.comparing import KnownFile, instant, unsettled
from domain.libraries.scanning.hashing import fingerprint, salt
from domain.libraries.scanning.known import ScannedLibrary
from domain.libraries.scanning.listing import DirectoryListing
from domain.libraries.scanning.roots import Reading
from domain.libraries.scanning.rules import hint_of, ignore_patterns, is_passed_over
from domain.libraries.scanning.survey import UnitPlace
from domain.libraries.scanning.units import season_folder, unit_of
from domain.libraries.scanning.walking import walk
from domain.libraries.sidecars import (
    FileSort,
    FolderFacts,
    FolderKind,
    SidecarRole,
    classify,
    sort_of,
    split_name,
)
from domain.libraries.understanding.kinds import kind_of_file, kind_of_unit, without_part
from domain.libraries.understanding.model import FoundFile, Understand, Unit, UnitDirectory


def gather(
    reading: Reading, library: ScannedLibrary, place: UnitPlace, understand: Understand, *, check: Callable[[], None]
) -> Unit:
    """The unit at `place` as it is now. Reads directories, opens no file; `check` is called often and may raise to stop."""
    hint = hint_of(library)
    patterns = ignore_patterns(library)
    walking = walk(
        place.root.path,
        ignored=is_passed_over(library),
        start=place.path,
        within=lambda path: unit_of(path, hint=hint) == place.path,
        others=library.others,
    )
    every = []
    for listing in walking:
        check()
        every.append(listing)
    listings = [listing for listing in every if not listing.is_unreadable]
    if place.path == "" and listings and not (listings[0].files or listings[0].directories):
        listings = []  # the disk went away since the survey: what it held is not gone
    unit = Unit(place.root, place.path, hint, kind_of_unit(place.path, hint, listings, understand))
    unit.problems = [problem for listing in every for problem in listing.problems]
    rows = _add_files(unit, library.id, listings, reading, patterns)
    salted = salt(patterns)
    for listing in listings:
        time = _modified_at(paths.join(place.root.path, listing.path))
        print_now = fingerprint(listing, salt=salted)
        unit.directories.append(UnitDirectory(listing.path, rows.get(listing.path), print_now, len(listing.files), time))
    for file in unit.files:
        if file.role is SidecarRole.MAIN and file.needs_name:
            check()
            file.parsed = named(paths.join_relative(file.directory, file.name), hint, understand)
    return unit


def named(relative: str, hint: Hint, understand: Understand) -> ParsedName:
    """What a name says; an episode among films is not taken for a film whose title ends in numbers, nor a camera's
    number for a title, unless the folder says what it is."""
    folder, _, name = relative.rpartition("/")
    if is_cameras(split_name(name)[0]) and (hint == "movie" or not folder):
        above = parse_path(folder, hint="movie") if folder else None
        if above is None or above.kind != "movie" or above.year is None:
            return ParsedName("unknown", "", confidence=0.0, reasons=("camera",))
    parsed = understand(relative, hint)
    if hint == "movie" and parsed.kind == "movie" and parsed.year is None:
        other = parse_path(relative, hint=None)
        if other is not None and other.kind == "episode" and other.confidence > parsed.confidence:
            return other
    return parsed


def _add_files(
    unit: Unit, library_id: int, listings: Sequence[DirectoryListing], reading: Reading, patterns: tuple[str, ...]
) -> dict[str, int]:
    """Fill in the unit's files and those gone from it; returns the ids of its known directories by path.

    A file that was another library's until now is nobody's here: its item stays with that library.
    """
    root = unit.root
    uris = [paths.join(root.path, listing.path, facts.name) for listing in listings for facts in listing.files]
    with reading() as session:
        rows = known.directories_at(session, root.id, [listing.path for listing in listings])
        by_uri = {file.uri: file for files in known.files_in(session, rows.values()).values() for file in files}
        by_uri |= known.files_at(session, [uri for uri in uris if uri not in by_uri])
        by_uri = {uri: file if file.library_id == library_id else unsettled(file) for uri, file in by_uri.items()}
        mine = [file.id for file in by_uri.values() if file.library_id == library_id]
        linked = known.linked_files(session, mine)
        published = known.published(session, mine)
        unit.heard = known.heard_by_file(session, mine)
    stems = {listing.path: _video_stems(listing) for listing in listings}
    for listing in listings:
        unit.files += _files_of(unit, listing, _folder_facts(unit, listing, stems), patterns, by_uri, linked)
    for file in unit.files:
        file.published = published.get(file.id) if file.id is not None else None
    present = {file.uri for file in unit.files}
    here = set(rows.values())
    unit.gone = [
        file for file in by_uri.values() if file.uri not in present and file.directory_id in here and not file.is_missing
    ]
    return rows


def _files_of(
    unit: Unit,
    listing: DirectoryListing,
    folder: FolderFacts,
    patterns: tuple[str, ...],
    by_uri: Mapping[str, KnownFile],
    linked: set[int],
) -> list[FoundFile]:
    found: list[FoundFile] = []
    sidecars = classify([facts.name for facts in listing.files], folder=folder, ignore=patterns)
    for facts, sidecar in zip(listing.files, sidecars, strict=True):
        if sidecar.role is SidecarRole.IGNORED:
            continue
        uri = paths.join(unit.root.path, listing.path, facts.name)
        row = by_uri.get(uri)
        found.append(
            FoundFile(
                uri, facts.name, listing.path, kind_of_file(facts.name), facts.size, instant(facts.mtime_ns), sidecar, row,
                id=row.id if row is not None else None, is_linked=row is not None and row.id in linked,
            )
        )  # fmt: skip
    return found


def _folder_facts(unit: Unit, listing: DirectoryListing, stems: Mapping[str, tuple[str, ...]]) -> FolderFacts:
    season = season_folder(listing.path, unit.path) if unit.hint != "movie" else None
    home, number = season if season is not None else (unit.path, None)
    kind = FolderKind.SEASON if season is not None else unit.kind
    bases = [without_part(stem) for stem in stems[listing.path]]
    if listing.path != home:
        bases += [base for stem in stems.get(home, ()) for base in (without_part(stem), stem)]
    return FolderFacts(kind, paths.last(home), paths.below(listing.path, home), number, tuple(dict.fromkeys(bases)))


def _video_stems(listing: DirectoryListing) -> tuple[str, ...]:
    split = [split_name(facts.name) for facts in listing.files]
    return tuple(stem for stem, extension in split if sort_of(extension) is FileSort.VIDEO and not stem.startswith("."))


def _modified_at(place: str) -> datetime | None:
    try:
        return instant(Path(paths.real(place)).stat().st_mtime_ns)
    except OSError:
        return None
