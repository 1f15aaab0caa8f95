"""Imports every tables module, so that the metadata is complete."""

from sqlmodel import SQLModel

import domain.accounts.tables
import domain.artwork.tables
import domain.catalog.tables
import domain.jobs.tables
import domain.libraries.tables
import domain.notifications.tables
import domain.system.audit_tables
import domain.system.settings_tables
import domain.system.tables  # noqa: F401 - imported, as the others, for the tables it registers

metadata = SQLModel.metadata
"""Every table of the schema: complete once this module is imported."""
