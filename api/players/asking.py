"""From what a client names to what the domain asks of players and path mappings, and back."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from graphql import GraphQLError
from sqlmodel import Session

from api.accounts.types import User
from api.kit.context import Context
from api.kit.planner import ref, refs
from api.kit.problems import ErrorCode
from api.libraries.types import Library, MediaFile
from api.players import answers as a
from api.players.inputs import PathMappingInput, PathMappingOwner
from api.system.stream import begins
from domain.kit.errors import DomainError, Invalid, NotFound, Upstream
from domain.kit.ids import key_of
from domain.libraries import locating, mapping
from domain.libraries.mapping import Direction, Rule, Step, StepKind
from domain.libraries.mappings import NewRule, Owner, OwnerKind, checked, require_owner, rules_of, rules_of_group
from domain.players import trying

R = TypeVar("R")


def owner_of(given: PathMappingOwner) -> Owner:
    """Whose path mappings are meant. Raises Invalid."""
    if given.player_group is not None:
        key = key_of("player_groups", given.player_group.value, path=("owner", "playerGroup"))
        return Owner(OwnerKind.GROUP, key)
    if given.source is not None:
        return Owner(OwnerKind.SOURCE, key_of("sources", given.source.value, path=("owner", "source")))
    raise Invalid("Name a group or a source.", path=("owner",))


async def ask(context: Context, what: Callable[..., R], player: int) -> tuple[R | None, a.PlayerFailure | None]:
    """What a stored player answers, or why it does not. Raises NotFound."""
    services = context.services
    try:
        found = await context.ask(
            what, context.database, services.lan, key=services.key, player_id=player, actor=context.actor,
            request_id=context.request_id,
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as error:
        retry_at = error.retry_at if isinstance(error, Upstream) else None
        return None, a.PlayerFailure(code=ErrorCode(error.code), message=error.message, retry_at=retry_at)
    return found, None


async def require_player(context: Context, player: int | None, after: str | None) -> None:
    """For a stream of one player, that begins: raises GraphQLError where there is none, which would be waited for without end."""
    if player is None or not begins(context, after):
        return
    try:
        await context.read(trying.read_player, player)
    except NotFound as error:
        raise GraphQLError(error.message, extensions={"code": error.code}) from None


async def profiles(context: Context, player: int) -> a.PlayerProfiles:
    """Whom a player knows, asked now. Raises NotFound."""
    found, failure = await ask(context, trying.profiles_of, player)
    shown = [
        a.PlayerProfile(
            profile_id=each.profile.id, name=each.profile.name, is_assigned=each.is_known,
            user=None if each.user_id is None else ref(User, each.user_id),
        )
        for each in found or ()
    ]  # fmt: skip
    return a.PlayerProfiles(profiles=shown, failure=failure)


async def sections(context: Context, player: int) -> a.PlayerSections:
    """A player's own libraries, asked now, and where they lie here. Raises NotFound."""
    found, failure = await ask(context, trying.sections_of, player)
    paths = [path for each in found or () for path in each.paths]
    ours, libraries = await context.read(_ours, player, paths)
    shown = [
        a.PlayerSection(
            key=each.key, title=each.title, kind=each.kind,
            folders=[
                a.PlayerFolder(path=path, local_path=ours[path], libraries=_libraries(libraries[ours[path]]))
                for path in each.paths
            ],
        )
        for each in found or ()
    ]  # fmt: skip
    return a.PlayerSections(sections=shown, failure=failure)


def _ours(session: Session, player: int, paths: Sequence[str]) -> tuple[dict[str, str], dict[str, list[int]]]:
    rules = rules_of_group(session, trying.read_player(session, player).group_id)
    ours = {path: mapping.to_local(path, rules) for path in paths}
    return ours, locating.libraries_at(session, ours.values())


async def path_test(
    context: Context, path: str, direction: Direction, owner: PathMappingOwner | None, given: Sequence[PathMappingInput] | None
) -> a.PathMappingTest:
    """What mappings make of a path, step by step, and what lies there. Raises Invalid, NotFound."""
    if not 1 <= len(path) <= 4_096:
        raise Invalid("A path has 1 to 4,096 characters.", path=("path",))
    if "\0" in path:
        raise Invalid("No path holds a NUL.", path=("path",))
    if owner is not None:
        await context.read(require_owner, owner_of(owner))
    rules: list[Rule] = []
    if given is not None:
        tried = checked([NewRule(each.remote_path, each.local_path, each.description) for each in given])
        rules = [Rule(each.remote, each.local) for each in tried]
    elif owner is not None:
        rules = await context.read(rules_of, owner_of(owner))
    told = mapping.explain(path, rules, direction)
    ours = told.result if direction is Direction.TO_LOCAL else told.steps[0].result
    place = await context.read(locating.locate, ours)
    on_disk, entry = await context.run(locating.look, place)
    return a.PathMappingTest(
        result=told.result, rule=_rule(told.rule), leads_back=told.leads_back, local_path=on_disk, entry=entry,
        steps=[
            a.PathMappingStep(kind=each.kind, message=each.message, result=each.result, rule=_rule(each.rule))
            for each in (*told.steps, *_outside(ours, place.root))
        ],
        library=None if place.library_id is None else ref(Library, place.library_id), library_path=place.root,
        file=None if place.file_id is None else ref(MediaFile, place.file_id),
    )  # fmt: skip


def _outside(ours: str, root: str | None) -> list[Step]:
    """The last step where our side lies in no library."""
    if root is not None:
        return []
    why = "It lies in no folder of a library" if ours.startswith("/") else "That is no path of this server's"
    return [Step(StepKind.OUTSIDE, f"{why}: nobody looked at the disk.", ours)]


def _libraries(keys: Sequence[int]) -> list[Library]:
    return cast("list[Library]", refs(Library, keys))  # administrators see them all


def _rule(rule: Rule | None) -> Any:
    return None if rule is None else a.PathRule(remote_path=rule.remote, local_path=rule.local)
