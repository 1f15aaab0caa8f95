"""Players: what shows the household's media, what plays there, and how it is told of changes."""
