"""The back end of rows: one statement per level of the selection, its rows assembled by a generated Python function."""
