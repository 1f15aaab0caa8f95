"""Users, tokens and sessions in the schema."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import column, computed, connection, entity, global_id, one
from api.kit.scalars import Locale, TimeZone
from api.uploads.types import Upload
from domain.accounts import tables as t
from domain.accounts.enums import Scope
from domain.libraries.tables import Library as LibraryRow
from domain.libraries.tables import LibraryAccess
from domain.uploads.tables import Upload as StagedUpload

if TYPE_CHECKING:
    from api.libraries.types import Library

expose(
    Scope,
    "What a token may be used for.",
    {
        "READ": "Read what the user may see.",
        "WRITE": "Change one's own things, and the libraries if the user may edit them.",
        "SCROBBLE": "Tell what is being watched.",
        "JOBS": "Start and stop jobs.",
        "ADMIN": "Administer the server (administrators only).",
        "WEBHOOK": "Deliver webhooks of other servers (administrators only).",
    },
)


def given_scopes(rows: Sequence[tuple[list[str]]]) -> Sequence[list[Scope]]:
    """The stored scopes as members."""
    return [[Scope(scope) for scope in scopes] for (scopes,) in rows]


@entity(t.ApiToken, description="A token of a user. The token itself was shown once, when it was made.")
class ApiToken(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.ApiToken.name, description="What it is for.")
    hint: str = column(t.ApiToken.hint, description="Its last four characters.")
    scopes: list[Scope] = computed(given_scopes, requires=(t.ApiToken.scopes,), description="What it may be used for.")
    created_at: datetime = column(t.ApiToken.created_at, description="When it was made.")
    expires_at: datetime | None = column(t.ApiToken.expires_at, description="When it ends by itself.")
    last_used_at: datetime | None = column(t.ApiToken.last_used_at, description="When it was last used, to the minute.")
    revoked_at: datetime | None = column(t.ApiToken.revoked_at, description="When it was revoked.")
    user: Annotated["User", strawberry.lazy("api.accounts.types")] | None = one(t.ApiToken.user_id, description="Whose it is.")


@entity(t.BrowserSession, description="A signed-in browser.")
class BrowserSession(Node):
    id: strawberry.ID = global_id()
    user_agent: str = column(t.BrowserSession.user_agent, description="What the browser calls itself.")
    ip_address: str = column(t.BrowserSession.ip_address, description="Where it signed in from.")
    created_at: datetime = column(t.BrowserSession.created_at, description="When it signed in.")
    last_seen_at: datetime = column(t.BrowserSession.last_seen_at, description="When it was last used, to the minute.")
    expires_at: datetime = column(t.BrowserSession.expires_at, description="When it ends if it is not used.")
    revoked_at: datetime | None = column(t.BrowserSession.revoked_at, description="When it was ended.")


@entity(t.User, description="A person of the household.")
class User(Node):
    id: strawberry.ID = global_id()
    username: str = column(t.User.username, description="The name to sign in with.")
    display_name: str | None = column(t.User.display_name, description="The name to show.")
    email: str | None = column(t.User.email, needs="read", description="E-mail address.")
    avatar_url: str | None = column(t.User.avatar_url, description="Address of a picture.")
    bio: str | None = column(t.User.bio, description="A few words about the person.")
    timezone: TimeZone = column(t.User.timezone, as_=TimeZone, description="The zone in which their days begin.")
    locale: Locale = column(t.User.locale, as_=Locale, description="Language and region (BCP 47).")
    is_active: bool = column(t.User.is_active, description="Whether they can sign in.")
    is_admin: bool = column(t.User.is_admin, description="Whether they administer the server.")
    can_edit: bool = column(t.User.can_edit, description="May edit what they see, and start and stop jobs on it.")
    has_all_libraries: bool = column(t.User.has_all_libraries, description="Sees every library, also those to come.")
    max_age: int | None = column(t.User.max_age, description="Highest certificate age they see; null = no limit.")
    sees_unrated: bool = column(t.User.sees_unrated, description="Whether they see what has no certificate.")
    version: int = column(t.User.version, description="Grows with each edit; for `expectedVersion`.")
    created_at: datetime = column(t.User.created_at, description="When they were added.")
    last_login_at: datetime | None = column(t.User.last_login_at, description="When they last signed in.")
    libraries: Connection[Annotated["Library", strawberry.lazy("api.libraries.types")]] | None = connection(
        via=(LibraryAccess.user_id, LibraryAccess.library_id),
        needs="read",
        order_by=(LibraryRow.sort_key,),
        description="Libraries that they were given by name, in order of names. With `hasAllLibraries` they see the others too.",
    )
    tokens: Connection[ApiToken] | None = connection(
        t.ApiToken.user_id,
        needs="read",
        order_by=((t.ApiToken.created_at, "desc"),),
        description="Their API tokens, newest first.",
    )
    uploads: Connection[Upload] | None = connection(
        StagedUpload.user_id,
        needs="read",
        order_by=((StagedUpload.created_at, "desc"),),
        description="Files they sent that nothing has used yet, newest first.",
    )
    sessions: Connection[BrowserSession] | None = connection(
        t.BrowserSession.user_id,
        needs="read",
        order_by=((t.BrowserSession.last_seen_at, "desc"),),
        description="Their sessions, latest first.",
    )
