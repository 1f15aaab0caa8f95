"""Enrichment in the schema."""
