"""Random secrets, and the keyed hashes under which they are stored."""

import hashlib
import hmac
import os
import secrets
import zlib
from pathlib import Path
from typing import Final

NO_TOKEN: Final = "No token came: header X-Api-Key or X-Marquee-Token, Bearer, password of Basic, or the end of the address."  # noqa: S105
"""Said at the doors of programs that cannot sign in."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_READABLE: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no look-alikes: 0 O 1 I L


def load_key(data_dir: Path, given: str | None) -> bytes:
    """The server's key: the one given, else the key file in the data folder, made (mode 0600) at first use.

    Losing it makes every token and session invalid; a backup of the database alone reveals none of them.
    """
    if given:
        return hashlib.sha256(given.encode()).digest()
    path = data_dir / "marquee.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_bytes(32)
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key


def keyed_hash(key: bytes, purpose: str, secret: str) -> str:
    """HMAC-SHA256 of a random secret, hex. `purpose` keeps a token from passing as a session."""
    return hmac.new(key, f"{purpose}:{secret}".encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """`mq_` + 37 random base-62 characters (220 bits) + 6 of CRC-32, so that scanners and typing errors are recognised."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(37))
    return f"mq_{body}{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether `text` has the form and checksum of a token."""
    return len(text) == 46 and text.startswith("mq_") and _checksum(text[3:40]) == text[40:]


def new_session_secret() -> str:
    """The random value of a session cookie (256 bits)."""
    return secrets.token_urlsafe(32)


def new_code(groups: int = 3) -> str:
    """A code a person can read and type: `groups` of four characters without look-alikes."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(groups))


def normal_code(text: str) -> str:
    """A typed code as it was printed: upper case, groups joined by hyphens."""
    bare = "".join(c for c in text.upper() if c.isalnum())
    return "-".join(bare[i : i + 4] for i in range(0, len(bare), 4))


def _checksum(body: str) -> str:
    number, text = zlib.crc32(body.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        text = _ALPHABET[digit] + text
    return text
