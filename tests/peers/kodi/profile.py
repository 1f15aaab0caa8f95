"""The profile of a Kodi that nobody looks at: quiet, answering on ports of its own, with a library's folders as sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

_SETTINGS = {
    "services.webserver": "true",
    "services.webserverauthentication": "false",
    "services.webserverssl": "false",
    "services.esenabled": "true",
    "services.esallinterfaces": "false",
    "services.zeroconf": "false",
    "services.upnp": "false",
    "services.upnpserver": "false",
    "services.airplay": "false",
    "general.addonupdates": "2",  # never
    "general.addonnotifications": "false",
    "lookandfeel.enablerssfeeds": "false",
    "videolibrary.updateonstartup": "false",
    "videolibrary.backgroundupdate": "true",
    "myvideos.extractflags": "true",  # stream details of files whose NFO has none
    "myvideos.extractthumb": "false",
    "screensaver.mode": "",
    "audiooutput.guisoundmode": "0",
}


@dataclass(frozen=True)
class Ports:
    """HTTP for JSON-RPC; the other two only so that no other Kodi of the machine is met."""

    http: int
    tcp: int
    events: int


@dataclass(frozen=True)
class Source:
    """A folder that Kodi scans: what lies in it in Kodi's word, and whether every film has a folder of its own."""

    folder: Path
    content: str

    @property
    def row(self) -> tuple[str, str, int, int]:
        """Its values in Kodi's table `path`: place, content, how deep it is scanned, whether folders name the titles."""
        is_films = self.content == "movies"
        return f"{self.folder}/", self.content, 2**31 - 1 if is_films else 0, int(is_films)


def write_profile(home: Path, ports: Ports, sources: list[Source]) -> None:
    """Write the settings of a new Kodi into its home."""
    data = home / "userdata"
    data.mkdir(parents=True)
    settings = Element("settings", version="2")
    numbers = {"services.webserverport": str(ports.http), "services.esport": str(ports.events)}
    for name, value in {**_SETTINGS, **numbers}.items():
        SubElement(settings, "setting", id=name).text = value
    advanced: Mapping[str, Mapping[str, str]] = {
        "jsonrpc": {"compactoutput": "true", "tcpport": str(ports.tcp)},
        "videolibrary": {"backgroundupdate": "true"},
        "network": {"disableipv6": "true"},
    }
    deep = Element("advancedsettings", version="1.0")
    SubElement(deep, "splash").text = "false"
    for group, entries in advanced.items():
        element = SubElement(deep, group)
        for name, value in entries.items():
            SubElement(element, name).text = value
    places = Element("sources")
    videos = SubElement(places, "video")
    for source in sources:
        place = SubElement(videos, "source")
        SubElement(place, "name").text = source.folder.name
        SubElement(place, "path", pathversion="1").text = f"{source.folder}/"
    for name, root in (("guisettings", settings), ("advancedsettings", deep), ("sources", places)):
        (data / f"{name}.xml").write_bytes(tostring(root, encoding="utf-8"))
