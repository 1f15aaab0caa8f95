"""Row policy of publishing: what was written beside an item is as visible as the item."""

from domain.kit.policy import follows
from domain.publish.tables import PublishedFile, PublishRun

follows(PublishedFile, PublishedFile.item_id)
follows(PublishRun, PublishRun.item_id)
