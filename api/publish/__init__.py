"""Publishing in the schema."""
