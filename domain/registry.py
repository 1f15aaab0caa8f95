"""Imports every tables module and every row policy, so that both are complete."""

from sqlmodel import SQLModel

import domain.accounts.access
import domain.accounts.tables
import domain.artwork.access
import domain.artwork.tables
import domain.catalog.access
import domain.catalog.tables
import domain.documents.access
import domain.documents.tables
import domain.downloaders.access
import domain.enrich.access
import domain.enrich.tables
import domain.identify.access
import domain.identify.tables
import domain.jobs.access
import domain.jobs.tables
import domain.libraries.access
import domain.libraries.tables
import domain.notifications.tables
import domain.players.access
import domain.players.tables
import domain.providers.access
import domain.providers.tables
import domain.publish.access
import domain.publish.tables
import domain.search.access
import domain.search.keeping
import domain.search.tables
import domain.system.audit_tables
import domain.system.settings_tables
import domain.system.tables
import domain.uploads.access
import domain.uploads.tables  # noqa: F401 - imported, as the others, for what it registers

metadata = SQLModel.metadata
"""Every table of the schema: complete once this module is imported."""
