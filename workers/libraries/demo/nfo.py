"""NFO files as Kodi reads them (wiki "NFO files", version 21): films, series, episodes, and the kind that is only a link."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from workers.libraries.demo.titles import Episode, Facts, Film, Series

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def film_nfo(film: Film) -> str:
    """The NFO of a film."""
    root = Element("movie")
    _common(root, film.facts)
    if film.facts.collection:
        collection = SubElement(root, "set")
        _text(collection, "name", film.facts.collection)
        _text(collection, "overview", "")
    _id(root, "tmdb", str(film.facts.tmdb), is_default=True)
    _id(root, "imdb", film.facts.imdb)
    return _written(root)


def series_nfo(series: Series) -> str:
    """The tvshow.nfo of a series, with the names of its seasons."""
    root = Element("tvshow")
    _common(root, series.facts)
    _text(root, "status", series.status)
    for number, name in series.seasons:
        SubElement(root, "namedseason", number=str(number)).text = name
    _id(root, "tvdb", str(series.facts.tvdb), is_default=True)
    _id(root, "tmdb", str(series.facts.tmdb))
    _id(root, "imdb", series.facts.imdb)
    return _written(root)


def episode_nfo(series: Series, episode: Episode) -> str:
    """The NFO of a file: one root for every episode in it, one after the other."""
    roots = []
    for number, title in zip(episode.numbers, episode.titles, strict=True):
        root = Element("episodedetails")
        _text(root, "title", title)
        _text(root, "showtitle", series.facts.title)
        _text(root, "season", str(episode.season))
        _text(root, "episode", str(number))
        _text(root, "plot", episode.plot)
        _text(root, "aired", episode.aired)
        _text(root, "director", series.facts.director)
        _text(root, "credits", series.facts.writers[0])
        _id(root, "tvdb", str(series.facts.tvdb * 10 + episode.season * 100 + number), is_default=True)
        roots.append(_body(root))
    return _HEAD + "".join(roots)


def link_nfo(facts: Facts) -> str:
    """An NFO that is only an address, as some tools write to tell Kodi what a film is."""
    return f"https://www.themoviedb.org/movie/{facts.tmdb}\n"


def _common(root: Element, facts: Facts) -> None:
    _text(root, "title", facts.title)
    _text(root, "originaltitle", facts.original_title or facts.title)
    ratings = SubElement(root, "ratings")
    rating = SubElement(ratings, "rating", name="themoviedb", max="10", default="true")
    _text(rating, "value", str(facts.rating))
    _text(rating, "votes", str(facts.votes))
    _text(root, "plot", facts.plot)
    _text(root, "tagline", facts.tagline)
    _text(root, "runtime", str(facts.minutes))
    _text(root, "mpaa", facts.certificate)
    for genre in facts.genres:
        _text(root, "genre", genre)
    _text(root, "country", facts.country)
    _text(root, "director", facts.director)
    for writer in facts.writers:
        _text(root, "credits", writer)
    _text(root, "premiered", facts.premiered or f"{facts.year}-03-14")
    _text(root, "year", str(facts.year))
    _text(root, "studio", facts.studio)
    for order, (name, role) in enumerate(facts.cast):
        actor = SubElement(root, "actor")
        _text(actor, "name", name)
        _text(actor, "role", role)
        _text(actor, "order", str(order))


def _id(root: Element, kind: str, value: str, *, is_default: bool = False) -> None:
    element = SubElement(root, "uniqueid", type=kind)
    if is_default:
        element.set("default", "true")
    element.text = value


def _text(parent: Element, name: str, text: str) -> None:
    if text or name == "overview":
        SubElement(parent, name).text = text


def _written(root: Element) -> str:
    return _HEAD + _body(root)


def _body(root: Element) -> str:
    indent(root)
    return tostring(root, encoding="unicode") + "\n"
