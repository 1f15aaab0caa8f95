"""How a column's name is spelled in the API."""


def camel(name: str) -> str:
    """`sort_title` is `sortTitle`; what follows a dot (`artwork.poster`) is spelled likewise."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
