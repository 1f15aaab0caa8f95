"""Images over HTTP and in the schema."""
