"""Items, people and what is known of them, in the schema."""
