"""Which file name extensions (lower case, without the dot) make which sort of file: the one table of them."""

from enum import StrEnum


class FileSort(StrEnum):
    """What a file is by its extension alone."""

    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    SUBTITLE = "subtitle"
    LYRICS = "lyrics"
    NFO = "nfo"


# Images stand in order of preference (Jellyfin's). SVG is not among them: nothing here decodes it.
_EXTENSIONS = {
    FileSort.VIDEO: "mkv mp4 m4v avi mov wmv flv f4v webm mpg mpeg mpe m2v m2ts mts ts vob ogv ogm 3gp 3g2 asf divx rm rmvb "
    "mk3d wtv dvr-ms iso",
    FileSort.AUDIO: "mp3 flac m4a m4b aac ogg oga opus wav wma aiff aif ape wv mka dsf dff alac mpc",
    FileSort.IMAGE: "png jpg jpeg webp avif tbn gif bmp",
    FileSort.SUBTITLE: "srt ass ssa vtt sub idx sup smi sami mks",
    FileSort.LYRICS: "lrc elrc",
    FileSort.NFO: "nfo",
}
EXTENSIONS: dict[FileSort, tuple[str, ...]] = {sort: tuple(words.split()) for sort, words in _EXTENSIONS.items()}
_SORTS = {extension: sort for sort, extensions in EXTENSIONS.items() for extension in extensions}


def split_name(name: str) -> tuple[str, str]:
    """A file name as (stem, extension in lower case without the dot, '' if it has none)."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension.lower()) if dot and stem else (name, "")


def sort_of(extension: str) -> FileSort | None:
    """The sort of file of an extension as `split_name` gives it; None if no feature reads such files."""
    return _SORTS.get(extension)
