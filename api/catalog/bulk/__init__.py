"""Changes of many items in the schema, and how they are undone."""
