"""Radarr, Sonarr and Lidarr: what they tell us, what follows from it, and what they themselves know."""
