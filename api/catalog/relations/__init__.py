"""How items stand to each other, as people say it."""
