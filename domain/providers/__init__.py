"""Servers that know about films, series and people: how they are asked, and what they answer."""
