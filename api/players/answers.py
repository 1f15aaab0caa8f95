"""What players answer when they are asked while a person waits, and what a mapping does step by step. Nothing of it is stored."""

from datetime import datetime

import strawberry

from api.accounts.types import User
from api.kit.enums import expose
from api.kit.problems import ErrorCode
from api.libraries.types import Library, MediaFile
from domain.libraries.locating import Entry
from domain.libraries.mapping import Direction, StepKind

expose(
    Direction,
    "Which way a path is mapped.",
    {"TO_LOCAL": "From the other program's to ours.", "TO_REMOTE": "From ours to the other program's."},
    name="PathDirection",
)
expose(
    StepKind,
    "What happened in a step of a mapping.",
    {
        "READ": "The path was read: its place and parts; doubled separators and `..` are gone.",
        "PASSED": "A rule does not fit; the message says why.",
        "SHADOWED": "A rule fits, but another one comes first: a longer one, or one that leads back.",
        "APPLIED": "A rule fits and was applied.",
        "UNMATCHED": "No rule fits, or there is none: the path stays.",
        "OUTSIDE": "Our side of it lies in no folder of a library, or is no path of this server's.",
    },
    name="PathMappingStepKind",
)
expose(Entry, "What lies at a path.", {"FILE": "A file.", "FOLDER": "A folder."}, name="PathEntry")


@strawberry.type(description="Why a player could not be asked.")
class PlayerFailure:
    code: ErrorCode = strawberry.field(description="Kind of the failure, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    retry_at: datetime | None = strawberry.field(description="When asking again makes sense, if that is known.")


@strawberry.type(description="What a player said of itself when it was tested.")
class PlayerReport:
    software_version: str = strawberry.field(description="Its own version: 21.2.")
    api_version: str | None = strawberry.field(description="That of its interface, where it tells: 13.5.0.")
    server_id: str | None = strawberry.field(description="What it calls itself, where it does.")
    name: str | None = strawberry.field(description="Its own name: LivingRoom.")
    response_ms: int = strawberry.field(description="How long it took to answer, in milliseconds.")
    is_notifying: bool = strawberry.field(description="Its notifications can be heard.")
    trouble: str | None = strawberry.field(description="What does not work though it answers; null = all does.")


@strawberry.type(description="Somebody whom a player knows.")
class PlayerProfile:
    profile_id: str = strawberry.field(description="What the player calls them; empty: Kodi's one profile.")
    name: str | None = strawberry.field(description="Their name there.")
    user: User | None = strawberry.field(description="Who of us that is; null = nobody, or nobody has said.")
    is_assigned: bool = strawberry.field(description="`setPlayerUser` has said whose it is, or that it is nobody's.")


@strawberry.type(description="Whom a player knows.")
class PlayerProfiles:
    profiles: list[PlayerProfile] = strawberry.field(description="Empty when it could not be asked.")
    failure: PlayerFailure | None = strawberry.field(description="Why it could not be asked.")


@strawberry.type(description="A folder of a player's own library, and where that lies here.")
class PlayerFolder:
    path: str = strawberry.field(description="As the player calls it.")
    local_path: str = strawberry.field(description="As the group's path mappings make it ours.")
    libraries: list[Library] = strawberry.field(
        description="Our libraries with a folder there, above or below; none = a mapping is missing or wrong."
    )


@strawberry.type(description="A library of a player's own: a source of Kodi, a library of Jellyfin, a section of Plex.")
class PlayerSection:
    key: str = strawberry.field(description="What the player calls it.")
    title: str = strawberry.field(description="Its name there.")
    kind: str | None = strawberry.field(description="What is in it, in the player's own word.")
    folders: list[PlayerFolder] = strawberry.field(description="Its folders.")


@strawberry.type(description="The libraries of a player's own.")
class PlayerSections:
    sections: list[PlayerSection] = strawberry.field(description="Empty when it could not be asked.")
    failure: PlayerFailure | None = strawberry.field(description="Why it could not be asked.")


@strawberry.type(description="A rule of a path mapping.")
class PathRule:
    remote_path: str = strawberry.field(description="As the other program calls the folder.")
    local_path: str = strawberry.field(description="As this server sees it.")


@strawberry.type(description="One step of a mapping.")
class PathMappingStep:
    kind: StepKind = strawberry.field(description="What happened.")
    message: str = strawberry.field(description="The same in words, and why.")
    result: str = strawberry.field(description="The path after it.")
    rule: PathRule | None = strawberry.field(description="The rule that it is about.")


@strawberry.type(description="What a mapping makes of a path, and what lies there.")
class PathMappingTest:
    __test__ = False  # pytest takes every name like this for a test

    result: str = strawberry.field(description="The path on the other side; without a fitting rule as it was, tidied.")
    rule: PathRule | None = strawberry.field(description="The rule that was applied.")
    leads_back: bool = strawberry.field(description="The result, mapped the other way, is the path again.")
    steps: list[PathMappingStep] = strawberry.field(description="How it came to that; rules as they are tried.")
    local_path: str = strawberry.field(
        description="Our side of it, as it lies on the disk if it does (accents can be written in two ways)."
    )
    library: Library | None = strawberry.field(description="Our library in whose folders our side lies.")
    library_path: str | None = strawberry.field(description="The folder of it; null = in none, and nobody looked at the disk.")
    entry: Entry | None = strawberry.field(description="What lies there now; null = nothing, or nobody looked.")
    file: MediaFile | None = strawberry.field(description="The file that a scan knows by that path.")
