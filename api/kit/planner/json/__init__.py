"""The back end of JSON: parts of a selection that the database itself writes as JSON, spliced into the answer as they are."""
