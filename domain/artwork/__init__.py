"""How things look: the rules of artwork, its bytes, its uses and what providers offer."""
