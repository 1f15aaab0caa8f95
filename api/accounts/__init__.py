"""Users, tokens and sessions in the schema."""
