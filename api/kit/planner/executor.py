"""The executor: graphql-core's own, save that a handle becomes finished data where it stands.

`strawberry.Schema(…, execution_context_class=PlanExecutor)`. It overrides one method of graphql-core 3.3.2 that is not
part of its public API; the versions are pinned and the differential test guards them.
"""

from typing import Any

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.kit.planner.handles import Page, Ref, Refs
from api.kit.planner.selection import Unsupported
from api.kit.planner.slow import load


class PlanExecutor(StrawberryGraphQLCoreExecutionContext):
    """Completes `ref`, `refs` and `page`; everything else is graphql-core's."""

    def complete_value(self, return_type: Any, details: Any, info: Any, path: Any, result: Any, *rest: Any) -> Any:
        if isinstance(result, (Ref, Refs, Page)):
            planner = self.context_value.planner
            if planner.enabled:
                try:
                    return planner.finish(self, return_type, details, info, path, result)
                except Unsupported as reason:
                    planner.counters.fell_back(str(reason))
            result = load(result, self.context_value)
        return super().complete_value(return_type, details, info, path, result, *rest)
