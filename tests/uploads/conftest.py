"""The household of the API's tests."""

from tests.api.conftest import client, empty_house, eventually, house, live, settings

__all__ = ["client", "empty_house", "eventually", "house", "live", "settings"]
