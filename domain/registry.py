"""Imports every tables module, so that the metadata is complete."""

from sqlmodel import SQLModel

metadata = SQLModel.metadata
