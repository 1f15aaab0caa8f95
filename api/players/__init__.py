"""Players in the schema: groups, health, profiles, path mappings."""
