"""Reads of libraries for jobs and for whoever sits at the server's console."""

from sqlmodel import Session, col, select

from domain.libraries.tables import Library, LibraryPath


def library_id_by_name(session: Session, name: str) -> int | None:
    """The key of the library of that name."""
    return session.exec(select(Library.id).where(Library.name == name)).first()  # unguarded: the console sees every library


def roots(session: Session) -> list[str]:
    """The root folders of all libraries."""
    statement = select(LibraryPath.path).order_by(col(LibraryPath.path))  # unguarded: the console sees every library
    return list(session.exec(statement))


def roots_of_others(session: Session, library_id: int | None) -> list[str]:
    """The root folders of all libraries but this."""
    statement = select(LibraryPath.path).order_by(col(LibraryPath.path))  # unguarded: folders of all libraries must not overlap
    return list(session.exec(statement.where(col(LibraryPath.library_id) != (library_id or 0))))
