"""Downloaders in the schema, and the door that their webhooks come in by."""
