"""The household of the API's tests, for players too."""

from tests.api.conftest import client, empty_house, house, settings

__all__ = ["client", "empty_house", "house", "settings"]
