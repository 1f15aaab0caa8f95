"""Puts the parts together: database, key, broker, workers, application."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import domain.registry
from api.cli.client import OPERATIONS
from api.kit.planner import Planner
from api.kit.services import Services
from domain.accounts.setup import offer_setup_code
from domain.artwork.builtin import install_builtins as install_artwork
from domain.catalog.builtin import install_builtins as install_catalog
from domain.catalog.queries import living
from domain.enrich.builtin import install_builtins as install_orders
from domain.kit.database import Database
from domain.kit.database.migrations import SchemaMismatch, upgrade
from domain.kit.secrets import load_key
from domain.players.discovery.asking import NETWORK
from domain.providers.builtin import install_builtins as install_providers
from domain.search.upkeep import ensure_index
from domain.settings import Settings
from workers.broker import Bells

assert domain.registry


@dataclass
class House:
    """What a command works with."""

    settings: Settings
    database: Database
    key: bytes


@contextlib.contextmanager
def house(settings: Settings) -> Iterator[House]:
    """An open database and the server's key."""
    key = load_key(settings.data_dir, settings.key.get_secret_value() if settings.key else None)
    database = Database(settings.database)
    try:
        yield House(settings, database, key)
    finally:
        database.close()


def prepare(found: House) -> None:
    """Migrate, install what is built in, and ask for a missing search index."""
    try:
        upgrade(found.database)
    except SchemaMismatch as mismatch:
        raise SystemExit(f"This database does not fit this version of Marquee: {mismatch}") from None
    with found.database.transaction(actor="start") as uow:
        install_catalog(uow)
        install_artwork(uow)
        install_providers(uow)
        install_orders(uow)
        ensure_index(uow)


def offer_code(found: House) -> str | None:
    """A setup code where nobody is set up. For servers that can be reached only: it ends the code before it."""
    with found.database.transaction(actor="start") as uow:
        return offer_setup_code(uow, key=found.key)


def make_services(found: House, bells: Bells) -> Services:
    """What the API shares between requests."""
    services = Services(
        settings=found.settings,
        database=found.database,
        planner=Planner(found.database, living=living),
        key=found.key,
        wakeups=bells.wakeups,
        neighbourhood=NETWORK,
    )
    services.documents.allow(OPERATIONS)
    return services
