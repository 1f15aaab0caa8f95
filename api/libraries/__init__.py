"""Libraries, files and the review queue, in the schema."""
