"""Files and artwork.

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('asset_types',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(32), nullable=False),
    sa.Column('media', sa.Enum('image', 'video', 'audio', 'text', name='cached_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('kinds', types.Json, nullable=False),
    sa.Column('ratio_width', sa.Integer(), nullable=True),
    sa.Column('ratio_height', sa.Integer(), nullable=True),
    sa.Column('ratio_tolerance_percent', sa.Integer(), nullable=True),
    sa.Column('min_width', sa.Integer(), nullable=True),
    sa.Column('min_height', sa.Integer(), nullable=True),
    sa.Column('formats', types.Json, nullable=False),
    sa.Column('default_limit', sa.Integer(), nullable=False),
    sa.Column('max_limit', sa.Integer(), nullable=False),
    sa.Column('file_suffix', sa.String(), nullable=True),
    sa.Column('file_names', types.Json, nullable=False),
    sa.CheckConstraint('(ratio_width IS NULL) = (ratio_height IS NULL)', name=op.f('ck_asset_types_ratio')),
    sa.CheckConstraint('default_limit >= 0 AND default_limit <= max_limit', name=op.f('ck_asset_types_limits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset_types')),
    sa.UniqueConstraint('name', name=op.f('uq_asset_types_name'))
    )
    op.create_table('cached_files',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('image', 'video', 'audio', 'text', name='cached_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sha256', sa.String(64), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('has_alpha', sa.Boolean(), nullable=True),
    sa.Column('foreground_ratio', sa.Double(), nullable=True),
    sa.Column('perceptual_hash', sa.String(), nullable=True),
    sa.Column('difference_hash', sa.String(), nullable=True),
    sa.Column('duration_ms', sa.BigInteger(), nullable=True),
    sa.Column('codec', sa.String(), nullable=True),
    sa.Column('last_accessed_at', types.Instant(), nullable=True),
    sa.Column('released_at', types.Instant(), nullable=True),
    sa.CheckConstraint("kind <> 'image' OR (width IS NOT NULL AND height IS NOT NULL)", name=op.f('ck_cached_files_image_size')),
    sa.CheckConstraint('coalesce(foreground_ratio, 0) >= 0 AND coalesce(foreground_ratio, 0) <= 1', name=op.f('ck_cached_files_foreground')),
    sa.CheckConstraint('size_bytes >= 0', name=op.f('ck_cached_files_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cached_files')),
    sa.UniqueConstraint('path', name=op.f('uq_cached_files_path')),
    sa.UniqueConstraint('sha256', name=op.f('uq_cached_files_sha256'))
    )
    op.create_index('ix_cached_files_perceptual_hash', 'cached_files', ['perceptual_hash'], unique=False, sqlite_where=sa.text('perceptual_hash IS NOT NULL'), postgresql_where=sa.text('perceptual_hash IS NOT NULL'))
    op.create_index('ix_cached_files_released_at', 'cached_files', ['released_at'], unique=False, sqlite_where=sa.text('released_at IS NOT NULL'), postgresql_where=sa.text('released_at IS NOT NULL'))
    op.create_table('image_candidates',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('asset_type', sa.String(32), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('provider_image_id', sa.String(), nullable=True),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('season_number', sa.Integer(), nullable=True),
    sa.Column('vote_average', types.Thousandths(), nullable=True),
    sa.Column('vote_count', sa.Integer(), nullable=True),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('score_breakdown', types.Json, nullable=True),
    sa.Column('is_blocked', sa.Boolean(), nullable=False),
    sa.Column('cached_file_id', types.Key, nullable=True),
    sa.Column('last_refreshed_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['asset_type'], ['asset_types.name'], name=op.f('fk_image_candidates_asset_type'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['cached_file_id'], ['cached_files.id'], name=op.f('fk_image_candidates_cached_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_image_candidates_entity_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_image_candidates')),
    sa.UniqueConstraint('entity_id', 'asset_type', 'url', name=op.f('uq_image_candidates_entity_id_asset_type_url'))
    )
    op.create_index('ix_image_candidates_asset_type', 'image_candidates', ['asset_type'], unique=False)
    op.create_index('ix_image_candidates_best', 'image_candidates', ['entity_id', 'asset_type', 'score'], unique=False)
    op.create_index(op.f('ix_image_candidates_cached_file_id'), 'image_candidates', ['cached_file_id'], unique=False)
    op.create_table('recycle_bin',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('library_id', types.Key, nullable=True),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('original_path', sa.String(), nullable=False),
    sa.Column('bin_path', sa.String(), nullable=False),
    sa.Column('file_kind', sa.Enum('video', 'audio', 'image', 'subtitle', 'nfo', 'text', 'archive', 'other', name='file_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('deleted_at', types.Instant(), nullable=False),
    sa.Column('deleted_by_user_id', types.Key, nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.Column('restored_at', types.Instant(), nullable=True),
    sa.Column('purged_at', types.Instant(), nullable=True),
    sa.CheckConstraint('size_bytes >= 0', name=op.f('ck_recycle_bin_not_negative')),
    sa.ForeignKeyConstraint(['deleted_by_user_id'], ['users.id'], name=op.f('fk_recycle_bin_deleted_by_user_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_recycle_bin_item_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_recycle_bin_library_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recycle_bin')),
    sa.UniqueConstraint('bin_path', name=op.f('uq_recycle_bin_bin_path')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_recycle_bin_deleted_by_user_id'), 'recycle_bin', ['deleted_by_user_id'], unique=False)
    op.create_index('ix_recycle_bin_expires_at', 'recycle_bin', ['expires_at'], unique=False, sqlite_where=sa.text('restored_at IS NULL AND purged_at IS NULL'), postgresql_where=sa.text('restored_at IS NULL AND purged_at IS NULL'))
    op.create_index(op.f('ix_recycle_bin_item_id'), 'recycle_bin', ['item_id'], unique=False)
    op.create_index(op.f('ix_recycle_bin_library_id'), 'recycle_bin', ['library_id'], unique=False)
    op.create_index(op.f('ix_recycle_bin_original_path'), 'recycle_bin', ['original_path'], unique=False)
    op.create_table('media_files',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('library_id', types.Key, nullable=True),
    sa.Column('directory_id', types.Key, nullable=True),
    sa.Column('uri', types.SortText, nullable=False),
    sa.Column('file_kind', sa.Enum('video', 'audio', 'image', 'subtitle', 'nfo', 'text', 'archive', 'other', name='file_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('modified_at', types.Instant(), nullable=True),
    sa.Column('sha256', sa.String(64), nullable=True),
    sa.Column('quick_hash', sa.String(64), nullable=True),
    sa.Column('container', sa.String(), nullable=True),
    sa.Column('duration_ms', sa.BigInteger(), nullable=True),
    sa.Column('bitrate', sa.BigInteger(), nullable=True),
    sa.Column('discovered_at', types.Instant(), nullable=False),
    sa.Column('verified_at', types.Instant(), nullable=True),
    sa.Column('probed_at', types.Instant(), nullable=True),
    sa.Column('probe_error', sa.String(), nullable=True),
    sa.Column('missing_since', types.Instant(), nullable=True),
    sa.Column('keyframe_index', types.Json, nullable=True),
    sa.CheckConstraint('size_bytes >= 0 AND coalesce(duration_ms, 0) >= 0', name=op.f('ck_media_files_not_negative')),
    sa.ForeignKeyConstraint(['directory_id'], ['library_directories.id'], name=op.f('fk_media_files_directory_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_media_files_library_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_files')),
    sa.UniqueConstraint('uri', name=op.f('uq_media_files_uri')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_media_files_directory_id'), 'media_files', ['directory_id'], unique=False)
    op.create_index('ix_media_files_discovered_at', 'media_files', ['discovered_at'], unique=False)
    op.create_index('ix_media_files_library', 'media_files', ['library_id', 'file_kind', 'id'], unique=False)
    op.create_index('ix_media_files_missing_since', 'media_files', ['missing_since'], unique=False, sqlite_where=sa.text('missing_since IS NOT NULL'), postgresql_where=sa.text('missing_since IS NOT NULL'))
    op.create_index('ix_media_files_quick_hash', 'media_files', ['quick_hash'], unique=False, sqlite_where=sa.text('quick_hash IS NOT NULL'), postgresql_where=sa.text('quick_hash IS NOT NULL'))
    op.create_index('ix_media_files_sha256', 'media_files', ['sha256'], unique=False, sqlite_where=sa.text('sha256 IS NOT NULL'), postgresql_where=sa.text('sha256 IS NOT NULL'))
    op.create_table('assets',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('entity_id', types.Key, nullable=False),
    sa.Column('asset_type', sa.String(32), nullable=False),
    sa.Column('cached_file_id', types.Key, nullable=True),
    sa.Column('media_file_id', types.Key, nullable=True),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('season_number', sa.Integer(), nullable=True),
    sa.Column('source_type', sa.Enum('provider', 'local', 'user', 'upload', name='asset_source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('source_url', sa.String(), nullable=True),
    sa.Column('provider', sa.String(), nullable=True),
    sa.Column('candidate_id', types.Key, nullable=True),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('selected_by_user_id', types.Key, nullable=True),
    sa.Column('selected_at', types.Instant(), nullable=True),
    sa.CheckConstraint('cached_file_id IS NOT NULL OR media_file_id IS NOT NULL', name=op.f('ck_assets_has_bytes')),
    sa.CheckConstraint('coalesce(rank, 0) >= 0', name=op.f('ck_assets_rank')),
    sa.ForeignKeyConstraint(['asset_type'], ['asset_types.name'], name=op.f('fk_assets_asset_type'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['cached_file_id'], ['cached_files.id'], name=op.f('fk_assets_cached_file_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['candidate_id'], ['image_candidates.id'], name=op.f('fk_assets_candidate_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entity_id'], ['entities.id'], name=op.f('fk_assets_entity_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['media_file_id'], ['media_files.id'], name=op.f('fk_assets_media_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['selected_by_user_id'], ['users.id'], name=op.f('fk_assets_selected_by_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assets')),
    sa.UniqueConstraint('entity_id', 'asset_type', 'cached_file_id', name=op.f('uq_assets_entity_id_asset_type_cached_file_id')),
    sa.UniqueConstraint('token', name=op.f('uq_assets_token')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_assets_asset_type', 'assets', ['asset_type', 'entity_id'], unique=False)
    op.create_index(op.f('ix_assets_cached_file_id'), 'assets', ['cached_file_id'], unique=False)
    op.create_index(op.f('ix_assets_candidate_id'), 'assets', ['candidate_id'], unique=False)
    op.create_index(op.f('ix_assets_media_file_id'), 'assets', ['media_file_id'], unique=False)
    op.create_index('ix_assets_pool', 'assets', ['entity_id', 'asset_type', 'score', 'created_at'], unique=False)
    op.create_index(op.f('ix_assets_selected_by_user_id'), 'assets', ['selected_by_user_id'], unique=False)
    op.create_index('uq_assets_local', 'assets', ['entity_id', 'asset_type', 'media_file_id'], unique=True, sqlite_where=sa.text('media_file_id IS NOT NULL'), postgresql_where=sa.text('media_file_id IS NOT NULL'))
    op.create_index('uq_assets_rank', 'assets', ['entity_id', 'asset_type', 'rank'], unique=True, sqlite_where=sa.text('rank IS NOT NULL'), postgresql_where=sa.text('rank IS NOT NULL'))
    op.create_table('audio_streams',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=False),
    sa.Column('stream_index', sa.Integer(), nullable=False),
    sa.Column('codec', sa.String(), nullable=True),
    sa.Column('profile', sa.String(), nullable=True),
    sa.Column('channels', sa.Integer(), nullable=True),
    sa.Column('channel_layout', sa.String(), nullable=True),
    sa.Column('sample_rate', sa.Integer(), nullable=True),
    sa.Column('bitrate', sa.BigInteger(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('is_forced', sa.Boolean(), nullable=False),
    sa.Column('is_commentary', sa.Boolean(), nullable=False),
    sa.Column('is_hearing_impaired', sa.Boolean(), nullable=False),
    sa.Column('is_visual_impaired', sa.Boolean(), nullable=False),
    sa.Column('is_original', sa.Boolean(), nullable=False),
    sa.Column('is_dub', sa.Boolean(), nullable=False),
    sa.CheckConstraint('stream_index >= 0', name=op.f('ck_audio_streams_stream_index')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_audio_streams_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audio_streams')),
    sa.UniqueConstraint('file_id', 'stream_index', name=op.f('uq_audio_streams_file_id_stream_index'))
    )
    op.create_table('item_files',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=False),
    sa.Column('role', sa.Enum('main', 'extra', 'trailer', 'sample', 'theme', 'subtitle', name='file_role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('copy_number', sa.Integer(), nullable=False),
    sa.Column('part_number', sa.Integer(), nullable=False),
    sa.Column('start_ms', sa.BigInteger(), nullable=True),
    sa.Column('end_ms', sa.BigInteger(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.CheckConstraint('(start_ms IS NULL) = (end_ms IS NULL) AND coalesce(start_ms, 0) >= 0 AND coalesce(end_ms, 1) > coalesce(start_ms, 0)', name=op.f('ck_item_files_bounds')),
    sa.CheckConstraint('copy_number >= 1 AND part_number >= 1', name=op.f('ck_item_files_numbers')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_item_files_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_files_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_files')),
    sa.UniqueConstraint('item_id', 'file_id', name=op.f('uq_item_files_item_id_file_id'))
    )
    op.create_index(op.f('ix_item_files_file_id'), 'item_files', ['file_id'], unique=False)
    op.create_index('uq_item_files_default', 'item_files', ['item_id'], unique=True, sqlite_where=sa.text("role = 'main' AND is_default AND part_number = 1"), postgresql_where=sa.text("role = 'main' AND is_default AND part_number = 1"))
    op.create_index('uq_item_files_part', 'item_files', ['item_id', 'copy_number', 'part_number'], unique=True, sqlite_where=sa.text("role = 'main'"), postgresql_where=sa.text("role = 'main'"))
    op.create_table('markers',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=False),
    sa.Column('kind', sa.Enum('chapter', 'ad_break', 'cue', 'avail', 'bumper', 'intro', 'outro', 'credits', name='marker_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('start_ms', sa.BigInteger(), nullable=False),
    sa.Column('end_ms', sa.BigInteger(), nullable=True),
    sa.Column('label', sa.String(), nullable=True),
    sa.Column('source', sa.Enum('file', 'manual', 'detected', name='marker_source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=True),
    sa.Column('payload', types.Json, nullable=True),
    sa.CheckConstraint('coalesce(confidence, 0) >= 0 AND coalesce(confidence, 0) <= 1', name=op.f('ck_markers_confidence')),
    sa.CheckConstraint('start_ms >= 0 AND coalesce(end_ms, start_ms + 1) > start_ms', name=op.f('ck_markers_stretch')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_markers_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_markers')),
    sa.UniqueConstraint('file_id', 'kind', 'start_ms', 'source', name=op.f('uq_markers_file_id_kind_start_ms_source'))
    )
    op.create_table('review_queue',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=True),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=False),
    sa.Column('candidates', types.Json, nullable=False),
    sa.Column('status', sa.Enum('pending', 'resolved', 'rejected', name='review_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('resolution', types.Json, nullable=True),
    sa.Column('resolved_at', types.Instant(), nullable=True),
    sa.Column('resolved_by_user_id', types.Key, nullable=True),
    sa.CheckConstraint("(status = 'pending') = (resolved_at IS NULL)", name=op.f('ck_review_queue_resolved')),
    sa.CheckConstraint('(CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN item_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_review_queue_one_subject')),
    sa.CheckConstraint('confidence >= 0 AND confidence <= 1', name=op.f('ck_review_queue_confidence')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_review_queue_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_review_queue_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by_user_id'], ['users.id'], name=op.f('fk_review_queue_resolved_by_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_queue')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_review_queue_file_id'), 'review_queue', ['file_id'], unique=False)
    op.create_index(op.f('ix_review_queue_item_id'), 'review_queue', ['item_id'], unique=False)
    op.create_index(op.f('ix_review_queue_resolved_by_user_id'), 'review_queue', ['resolved_by_user_id'], unique=False)
    op.create_index('ix_review_queue_status', 'review_queue', ['status', 'created_at', 'id'], unique=False)
    op.create_index('uq_review_queue_file', 'review_queue', ['file_id', 'reason'], unique=True, sqlite_where=sa.text("status = 'pending' AND file_id IS NOT NULL"), postgresql_where=sa.text("status = 'pending' AND file_id IS NOT NULL"))
    op.create_index('uq_review_queue_item', 'review_queue', ['item_id', 'reason'], unique=True, sqlite_where=sa.text("status = 'pending' AND item_id IS NOT NULL"), postgresql_where=sa.text("status = 'pending' AND item_id IS NOT NULL"))
    op.create_table('source_refs',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('source_collection_id', types.Key, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('item_id', types.Key, nullable=True),
    sa.Column('file_id', types.Key, nullable=True),
    sa.Column('remote_path', sa.String(), nullable=True),
    sa.Column('raw', types.Json, nullable=True),
    sa.Column('remote_updated_at', types.Instant(), nullable=True),
    sa.Column('seen_at', types.Instant(), nullable=False),
    sa.CheckConstraint('(CASE WHEN item_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN file_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_source_refs_one_subject')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_source_refs_file_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_source_refs_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_collection_id'], ['source_collections.id'], name=op.f('fk_source_refs_source_collection_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_refs')),
    sa.UniqueConstraint('source_collection_id', 'kind', 'key', name=op.f('uq_source_refs_source_collection_id_kind_key'))
    )
    op.create_index(op.f('ix_source_refs_file_id'), 'source_refs', ['file_id'], unique=False)
    op.create_index(op.f('ix_source_refs_item_id'), 'source_refs', ['item_id'], unique=False)
    op.create_table('video_streams',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=False),
    sa.Column('stream_index', sa.Integer(), nullable=False),
    sa.Column('codec', sa.String(), nullable=True),
    sa.Column('profile', sa.String(), nullable=True),
    sa.Column('codec_level', sa.String(), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('aspect_ratio', sa.String(), nullable=True),
    sa.Column('frame_rate_numerator', sa.Integer(), nullable=True),
    sa.Column('frame_rate_denominator', sa.Integer(), nullable=True),
    sa.Column('bitrate', sa.BigInteger(), nullable=True),
    sa.Column('bit_depth', sa.Integer(), nullable=True),
    sa.Column('pixel_format', sa.String(), nullable=True),
    sa.Column('field_order', sa.String(), nullable=True),
    sa.Column('color_space', sa.String(), nullable=True),
    sa.Column('color_transfer', sa.String(), nullable=True),
    sa.Column('color_primaries', sa.String(), nullable=True),
    sa.Column('hdr_format', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.CheckConstraint('(frame_rate_numerator IS NULL) = (frame_rate_denominator IS NULL)', name=op.f('ck_video_streams_frame_rate')),
    sa.CheckConstraint('stream_index >= 0', name=op.f('ck_video_streams_stream_index')),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_video_streams_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_video_streams')),
    sa.UniqueConstraint('file_id', 'stream_index', name=op.f('uq_video_streams_file_id_stream_index'))
    )
    op.create_table('subtitle_streams',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('file_id', types.Key, nullable=False),
    sa.Column('stream_index', sa.Integer(), nullable=False),
    sa.Column('codec', sa.String(), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=True),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('is_forced', sa.Boolean(), nullable=False),
    sa.Column('is_hearing_impaired', sa.Boolean(), nullable=False),
    sa.Column('is_commentary', sa.Boolean(), nullable=False),
    sa.Column('is_external', sa.Boolean(), nullable=False),
    sa.Column('asset_id', types.Key, nullable=True),
    sa.CheckConstraint('stream_index >= 0', name=op.f('ck_subtitle_streams_stream_index')),
    sa.ForeignKeyConstraint(['asset_id'], ['assets.id'], name=op.f('fk_subtitle_streams_asset_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['media_files.id'], name=op.f('fk_subtitle_streams_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subtitle_streams')),
    sa.UniqueConstraint('file_id', 'stream_index', name=op.f('uq_subtitle_streams_file_id_stream_index'))
    )
    op.create_index(op.f('ix_subtitle_streams_asset_id'), 'subtitle_streams', ['asset_id'], unique=False)


def downgrade() -> None:
    op.drop_table('subtitle_streams')
    op.drop_table('video_streams')
    op.drop_table('source_refs')
    op.drop_table('review_queue')
    op.drop_table('markers')
    op.drop_table('item_files')
    op.drop_table('audio_streams')
    op.drop_table('assets')
    op.drop_table('media_files')
    op.drop_table('recycle_bin')
    op.drop_table('image_candidates')
    op.drop_table('cached_files')
    op.drop_table('asset_types')
