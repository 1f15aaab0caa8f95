"""Files that people send: announced, streamed to disk, kept until something uses them."""
