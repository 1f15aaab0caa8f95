"""Where a downloader listens, as a person writes it and as it is connected to."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from domain.kit.errors import Invalid
from domain.kit.http import Target

MOST: Final = 500
"""Characters of an address."""
_PORTS: Final = {"http": 80, "https": 443}


def target_of(base_url: str, *, verifies_certificate: bool = True, field: str = "baseUrl") -> Target:
    """The target behind `http://radarr.lan:7878/radarr`. Raises Invalid."""
    parts = _parts(base_url, field)
    port, is_secure = parts.port or _PORTS[parts.scheme], parts.scheme == "https"
    try:
        return Target(parts.hostname or "", port, is_secure, verifies_certificate, parts.path.rstrip("/"))
    except Invalid as error:
        raise Invalid(error.message, path=(field,)) from None


def normal(base_url: str, field: str = "baseUrl") -> str:
    """The address without what says nothing: a slash at its end. Raises Invalid for what is none."""
    target_of(base_url, field=field)  # the host, the port and the path are looked at there
    parts = _parts(base_url, field)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _parts(text: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(text.strip())
        parts.port  # noqa: B018 - raises for what is no number
    except ValueError:
        raise Invalid("That is no address: http://radarr.lan:7878.", path=(field,)) from None
    if len(text) > MOST or parts.scheme not in _PORTS or not parts.hostname:
        raise Invalid("An address begins with http:// or https:// and names a host: http://radarr.lan:7878.", path=(field,))
    if parts.username is not None or parts.query or parts.fragment:
        raise Invalid("An address holds no password, no ? and no #: the key goes into `apiKey`.", path=(field,))
    return parts
