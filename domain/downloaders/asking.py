"""Asks a downloader for what a person wants to see, and puts beside it what we know."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.downloaders import service
from domain.downloaders.client import Api
from domain.downloaders.comparing import Comparison, compare, local_of
from domain.downloaders.managing import Managed, Setup, managed, setup
from domain.downloaders.queries import downloader
from domain.kit.database import Database
from domain.kit.errors import Upstream
from domain.kit.http import Lan
from domain.libraries.mapping import Rule
from domain.libraries.mappings import rules_of_source


@dataclass(frozen=True, slots=True)
class View:
    """What it says, with the rules by which its paths map."""

    setup: Setup
    managed: Sequence[Managed]
    rules: Sequence[Rule]

    def local(self, path: str) -> str | None:
        """Our path for one of its; None for what nothing is read at."""
        return local_of(path, self.rules)


def look(database: Database, lan: Lan, source_id: int, *, key: bytes, actor: str, with_items: bool = False) -> View:
    """How it is set up, and what it manages. The row remembers how the contact went. Raises NotFound, Conflict, Upstream."""
    with database.read() as session:
        api = Api(lan, downloader(session, source_id, key=key))
        rules = rules_of_source(session, source_id)
    try:
        how = setup(api)
        view = View(how, managed(api, how) if with_items else (), rules)
    except Upstream as error:
        failure: Upstream = error
        database.perform(lambda uow: service.note_contact(uow, source_id=source_id, version=None, error=failure), actor=actor)
        raise
    database.perform(lambda uow: service.note_contact(uow, source_id=source_id, version=None, error=None), actor=actor)
    return view


def compared(database: Database, lan: Lan, source_id: int, *, key: bytes, actor: str) -> Comparison:
    """What it manages beside what we have. Raises NotFound, Conflict, Upstream."""
    view = look(database, lan, source_id, key=key, actor=actor, with_items=True)
    with database.read() as session:
        return compare(session, view.managed, view.setup.root_folders, view.rules)
