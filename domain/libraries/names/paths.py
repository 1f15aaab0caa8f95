"""A path below the library root, understood from its folders and its file name together."""

import re
from dataclasses import replace

from domain.libraries.names import absolute, folders, titles, worded
from domain.libraries.names.clean import clean, strip_extension
from domain.libraries.names.parsed import Hint, ParsedName
from domain.libraries.names.release import parse_release

_SPLIT = re.compile(r"(?<! )[/\\]+|(?<= )[/\\]+(?! )")
_CLOSES = re.compile(r"[^\[\]【】/\\]*(?:/[^\[\]【】/\\]*)*[\]】]")
_KEY = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^(?:the|a|an)(?=.)")
_MOST_IN_SEASON = 99  # a larger bare number in a season folder counts over the whole series


def parse_path(relative: str, *, hint: Hint) -> ParsedName | None:
    """Understand a path relative to the library root; None means that the grammar is not sure."""
    parts = split(relative)
    if not parts:
        return None
    above = [part for part in parts[:-1] if not folders.is_shelf(part)]
    if not above:
        return parse_release(parts[-1], hint=hint)
    stem = strip_extension(parts[-1])
    if folders.is_extra_file(stem) or any(folders.holds_extras(folder) for folder in above[1:] or above):
        return _extra(stem, above, hint)
    if hint == "movie":
        return _film(parts[-1], above, hint)
    episode = _episode(parts[-1], above, hint)
    if episode is not None or hint == "tv" or any(folders.season_number(folder) is not None for folder in above):
        return episode
    return _film(parts[-1], above, hint)


def split(relative: str) -> list[str]:
    """Split a path at its slashes; one between spaces or inside `[...]` belongs to the name (`[名/Title]`)."""
    parts: list[str] = []
    last = 0
    for match in _SPLIT.finditer(relative):
        before, after = relative[last : match.start()], relative[match.end() :]
        opened = before.rfind("[") > before.rfind("]") or before.rfind("【") > before.rfind("】")
        if opened and _CLOSES.match(after):
            continue
        parts.append(before)
        last = match.end()
    return [part for part in (*parts, relative[last:]) if part.strip()]


def _key(title: str) -> str:
    """Return a title without case and punctuation, for comparing."""
    return _KEY.sub("", title).casefold()


def _title_folder(above: list[str]) -> str | None:
    """Return the nearest folder that can hold a title."""
    able = [
        folder
        for folder in above
        if folders.season_number(folder) is None and folders.disc_number(folder) is None and not folders.holds_extras(folder)
    ]
    if len(able) > 1 and folders.is_year(able[-1]):
        able.pop()
    return able[-1] if able else None


def _extra(stem: str, above: list[str], hint: Hint) -> ParsedName | None:
    """Understand an extra: it belongs to the film or show of the folder above it."""
    folder = _title_folder(above)
    owner = parse_release(folder, hint=hint) if folder else None
    if owner is None and folder is None:
        return None
    title, year = titles.make(clean(folder or "").text)
    season = next((number for part in reversed(above) if (number := folders.season_number(part)) is not None), None)
    if owner is not None:
        title, year, season = owner.title, owner.year, season if season is not None else owner.season
    return ParsedName(
        "extra", title, year, season, owner.episodes if owner else (), episode_title=titles.tidy(stem),
        external_ids=owner.external_ids if owner else (), confidence=0.95, reasons=("extra",),
    )  # fmt: skip


def _episode(name: str, above: list[str], hint: Hint) -> ParsedName | None:
    """Understand an episode: its numbers from the file, else the folders; its title from the show's folder."""
    seasons = [number for folder in reversed(above) if (number := folders.season_number(folder)) is not None]
    found = parse_release(name, hint="tv" if seasons else hint)
    folder = _title_folder(above)
    folder_says = parse_release(folder, hint="tv" if seasons or hint == "tv" else hint) if folder else None
    if found is not None and found.kind in ("movie", "unknown"):
        found = None
    if folder_says is not None and folder_says.kind == "episode":
        weak = found is None or found.kind == "season" or found.confidence < 0.9 < folder_says.confidence
        if weak:
            return folder_says
    if not seasons and folder_says is not None and folder_says.kind == "season" and folder_says.season is not None:
        seasons = [folder_says.season]
    if seasons and (found is None or worded.ONLY_SEASON in found.reasons or (not found.episodes and not found.air_date)):
        found = _in_season(name, found, seasons[0])
    if found is None:
        return None
    return _titled(found, folder, folder_says, bool([part for part in above if folders.season_number(part) is not None]))


def _in_season(name: str, found: ParsedName | None, season: int) -> ParsedName | None:
    """Read a bare number as the episode of the season whose folder holds the file."""
    if found is None or not (found.absolute or found.episodes):
        text = clean(name).text
        marker = absolute.find_leading(text)
        if marker is None or not marker.absolute:
            return found
        rest = titles.tidy(text[marker.end :].split("[")[0])
        found = ParsedName("episode", "", absolute=marker.absolute, episode_title=rest, confidence=0.9, reasons=(marker.reason,))
    if worded.ONLY_SEASON in found.reasons:
        return replace(found, season=season, reasons=(*found.reasons, "season folder"))
    if found.season is not None or not found.absolute:
        return found
    if "number first" in found.reasons and len(found.absolute) == 1 and found.absolute[0] // 100 == season > 0:
        return replace(
            found, season=season, episodes=(found.absolute[0] % 100,), absolute=(), reasons=(*found.reasons, "season folder")
        )
    if found.absolute[-1] > _MOST_IN_SEASON:
        return found
    return replace(found, season=season, episodes=found.absolute, absolute=(), reasons=(*found.reasons, "season folder"))


def _titled(found: ParsedName, folder: str | None, folder_says: ParsedName | None, below_season: bool) -> ParsedName:
    """Give an episode the title of its show's folder where that folder is the show's own."""
    if folder is None:
        return found
    cleaned = clean(folder)
    title, year = (folder_says.title, folder_says.year) if folder_says is not None else titles.make(cleaned.text)
    own = below_season or (folder_says is not None and (year is not None or bool(folder_says.external_ids)))
    if folder_says is not None and folder_says.kind not in ("unknown", "movie"):
        own = False
    same = _ARTICLE.sub("", _key(title)) == _ARTICLE.sub("", _key(found.title))
    ids = dict.fromkeys((*(folder_says.external_ids if folder_says else cleaned.external_ids), *found.external_ids))
    if title and (not found.title or (own and not same)):
        chosen = title
    else:
        chosen = found.title if len(_key(found.title)) >= len(_key(title)) or not same else title
    if title and own and not same and _key(found.title).endswith(_key(title)):
        chosen = title
    if _key(title) == _key(found.title) and not title.islower() and (own or found.title.islower()):
        chosen = title  # the same words: as the folder writes them (`The Office (US)/…/the.office.us.s01e02.mkv`)
    years = year if own or same or not found.title else None
    return replace(found, title=chosen, year=years or found.year, external_ids=tuple(ids))


def _film(name: str, above: list[str], hint: Hint) -> ParsedName | None:
    """Understand a film: the folder made for it beats a messy file name."""
    found = parse_release(name, hint=hint)
    folder = _title_folder(above)
    folder_says = parse_release(folder, hint=hint) if folder else None
    part = next((number for part in above if (number := folders.disc_number(part))), None)
    if found is not None and found.kind != "movie":
        return found
    if folder_says is None or folder_says.kind != "movie":
        return replace(found, part=found.part or part) if found else None
    if found is None:
        return replace(folder_says, part=part)
    tidy = folder_says.confidence >= 1.0 or bool(folder_says.external_ids)
    mine, its = _key(found.title), _key(folder_says.title)
    collection = tidy and found.confidence >= 1.0 and found.year != folder_says.year and mine != its
    grouped = mine != its and mine.endswith(its) and found.year == folder_says.year
    if (tidy and not collection) or grouped or (folder_says.year is not None and found.year is None):
        ids = dict.fromkeys((*folder_says.external_ids, *found.external_ids))
        return replace(
            folder_says, edition=found.edition or folder_says.edition, part=found.part or part, external_ids=tuple(ids),
            reasons=(*folder_says.reasons, "folder"),
        )  # fmt: skip
    return replace(found, part=found.part or part, external_ids=found.external_ids or folder_says.external_ids)
