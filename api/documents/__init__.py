"""Registered documents in the schema."""
