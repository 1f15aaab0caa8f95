"""Writes a batch of pieces in one transaction, in the one order that its parts need."""

from collections.abc import Sequence

from domain.kit.database import UnitOfWork
from domain.libraries.applying.availability import refresh
from domain.libraries.applying.doubts import write_doubts
from domain.libraries.applying.episodes import place_episodes
from domain.libraries.applying.files import close_directories, ensure_directories, write_files
from domain.libraries.applying.films import place_films
from domain.libraries.applying.gone import forget_directories, mark_gone, write_moves
from domain.libraries.applying.groups import join_versions
from domain.libraries.applying.holders import leave_old_folders
from domain.libraries.applying.links import choose_defaults, write_links
from domain.libraries.applying.metadata import write_metadata
from domain.libraries.applying.model import Applied, Batch, Scope
from domain.libraries.applying.owners import load_owners
from domain.libraries.applying.runtimes import store_runtimes
from domain.libraries.applying.sidecars import place_actor_pictures, place_sidecars
from domain.libraries.applying.speakers import forget_lost_speakers, settle_speakers
from domain.libraries.applying.telling import tell
from domain.libraries.scanning.comparing import KnownFile
from domain.libraries.scanning.moves import Move
from domain.libraries.understanding.model import Piece


def apply_pieces(uow: UnitOfWork, scope: Scope, pieces: Sequence[Piece]) -> Applied:
    """Write what the pieces hold. Writing them again changes nothing."""
    batch = Batch(scope.library)
    units = list({id(piece.unit): piece.unit for piece in pieces}.values())
    ensure_directories(uow, units)
    write_files(uow, batch, pieces)
    place_films(uow, scope, batch, [piece for piece in pieces if piece.unit.hint == "movie"])
    place_episodes(uow, scope, batch, [piece for piece in pieces if piece.unit.hint != "movie"])
    leave_old_folders(uow, batch, pieces)
    for piece in pieces:
        for file in piece.files:
            if file.known is not None and (file.known.is_missing or not file.known.is_settled or file.is_new_content):
                batch.touched.update(batch.items_of.get(file.known.id, ()))
    owners = load_owners(uow, batch, pieces)
    place_sidecars(batch, pieces, owners)
    write_links(uow, batch)
    settle_speakers(uow, batch, pieces)
    write_metadata(uow, batch)
    place_actor_pictures(uow, batch, pieces, owners)
    closed = [piece.unit for piece in pieces if piece.is_last]
    gone = [file for unit in closed for file in unit.gone]
    mark_gone(uow, batch, gone)
    forget_lost_speakers(uow, batch, gone)
    join_versions(uow, batch.added)
    _finish(uow, batch)
    close_directories(uow, closed)
    return batch.applied


def apply_moves(uow: UnitOfWork, scope: Scope, moves: Sequence[Move]) -> Applied:
    """Write moves, before any unit is understood."""
    batch = Batch(scope.library)
    write_moves(uow, batch, moves)
    _finish(uow, batch)
    return batch.applied


def apply_vanished(uow: UnitOfWork, scope: Scope, files: Sequence[KnownFile], directory_ids: Sequence[int]) -> Applied:
    """Mark the files of vanished directories as missing, and the directories as gone."""
    batch = Batch(scope.library)
    mark_gone(uow, batch, files)
    forget_lost_speakers(uow, batch, files)
    _finish(uow, batch)
    forget_directories(uow, directory_ids)
    return batch.applied


def _finish(uow: UnitOfWork, batch: Batch) -> None:
    """What follows from files that came, went or changed hands: default copies, availability, doubts, events."""
    choose_defaults(uow, batch.touched)
    for item, fields in store_runtimes(uow, batch.touched).items():
        batch.change(item, *fields)
    availability = refresh(uow, batch.touched, parents=batch.touched_parents)
    write_doubts(uow, batch)
    tell(uow, batch, availability)
    batch.applied.touched += sorted(batch.touched)
