"""Identification in the API: what items could be, and what people say they are."""
