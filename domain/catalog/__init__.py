"""What there is: items, people, collections and everything that is said about them."""
