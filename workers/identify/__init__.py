"""Jobs that find out what items are."""
