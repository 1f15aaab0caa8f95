"""Staged uploads in the schema and over HTTP."""
