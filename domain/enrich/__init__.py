"""What providers say becomes what the catalog says: whose word counts, one way of writing it, and what it would change."""
