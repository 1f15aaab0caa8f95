"""`serverInfo`: what anybody may know of this server."""

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import query
from domain.accounts.queries import has_admin
from domain.kit.version import VERSION


@strawberry.type(description="What anybody may know of this server.")
class ServerInfo:
    version: str = strawberry.field(description="Marquee's version.")
    is_set_up: bool = strawberry.field(description="Whether the first administrator was made.")


@strawberry.type
class SystemQueries:
    """Reads of the server itself."""

    @query(Permission.ANYONE, "What anybody may know of this server.")
    async def server_info(self, info: Info) -> ServerInfo | None:
        return ServerInfo(version=VERSION, is_set_up=await info.context.read(has_admin))
