"""What people do with the pictures of items, people and collections."""
