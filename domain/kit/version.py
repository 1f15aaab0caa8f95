"""The program's version, as the package and the API state it."""

VERSION = "0.1.0"
