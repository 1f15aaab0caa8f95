"""Providers in the schema."""
