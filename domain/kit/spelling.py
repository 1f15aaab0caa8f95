"""How names are spelled in the API, and numbers in words for people."""


def camel(name: str) -> str:
    """`sort_title` is `sortTitle`; what follows a dot (`artwork.poster`) is spelled likewise."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `1,200 files`; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
