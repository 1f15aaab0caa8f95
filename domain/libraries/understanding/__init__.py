"""Turns the folders of one unit into facts: what each file is, what its name says, what is inside it."""
