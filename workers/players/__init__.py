"""The jobs of players, and the processes that listen to them."""
