"""Row policy of publishing: what was written beside an item is as visible as the item; problems are the administrators'."""

from domain.catalog.access import admins
from domain.kit.policy import follows, guard
from domain.publish.tables import FileProblem, PublishedFile, PublishRun

follows(PublishedFile, PublishedFile.item_id)
follows(PublishRun, PublishRun.item_id)
guard(FileProblem, admins)
