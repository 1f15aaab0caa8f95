"""Media items.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('media_items',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('movie', 'series', 'season', 'episode', 'artist', 'album', 'track', 'interstitial', 'intro', 'outro', 'promo', 'bumper', 'station_id', 'clip', 'ad', 'unknown', 'custom', name='item_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('media_type_id', types.Key, nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('parent_level', sa.Integer(), sa.Computed('level - 1', persisted=True), nullable=True),
    sa.Column('parent_id', types.Key, nullable=True),
    sa.Column('root_id', types.Key, nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('disc_number', sa.Integer(), nullable=True),
    sa.Column('library_id', types.Key, nullable=True),
    sa.Column('directory_path', sa.String(), nullable=True),
    sa.Column('media_group_id', types.Key, nullable=True),
    sa.Column('edition', sa.String(), nullable=False),
    sa.Column('is_preferred', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('sort_title', sa.String(), nullable=True),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.Column('original_title', sa.String(), nullable=True),
    sa.Column('tagline', sa.String(), nullable=True),
    sa.Column('plot', sa.String(), nullable=True),
    sa.Column('outline', sa.String(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('release_date', sa.Date(), nullable=True),
    sa.Column('end_date', sa.Date(), nullable=True),
    sa.Column('runtime_ms', sa.BigInteger(), nullable=True),
    sa.Column('production_status', sa.Enum('rumored', 'planned', 'in_production', 'post_production', 'released', 'returning', 'ended', 'canceled', 'pilot', name='production_status', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('original_language', sa.String(), nullable=True),
    sa.Column('homepage', sa.String(), nullable=True),
    sa.Column('popularity', sa.Double(), nullable=True),
    sa.Column('budget', sa.BigInteger(), nullable=True),
    sa.Column('revenue', sa.BigInteger(), nullable=True),
    sa.Column('album_type', sa.Enum('album', 'single', 'ep', 'compilation', 'live', 'soundtrack', 'remix', 'other', name='album_type', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('min_age', sa.Integer(), nullable=True),
    sa.Column('is_kids_friendly', sa.Boolean(), nullable=False),
    sa.Column('identification', sa.Enum('unidentified', 'ambiguous', 'identified', name='identification', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('enrichment', sa.Enum('never', 'partial', 'complete', 'failed', name='enrichment', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('publication', sa.Enum('never', 'published', 'outdated', 'failed', name='publication', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('availability', sa.Enum('none', 'present', 'missing', name='availability', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('missing_since', types.Instant(), nullable=True),
    sa.Column('enrichment_priority', sa.Integer(), nullable=False),
    sa.Column('is_monitored', sa.Boolean(), nullable=False),
    sa.Column('metadata', types.Json, nullable=False),
    sa.Column('metadata_changed_at', types.Instant(), nullable=True),
    sa.Column('last_scanned_at', types.Instant(), nullable=True),
    sa.Column('last_enriched_at', types.Instant(), nullable=True),
    sa.Column('last_published_at', types.Instant(), nullable=True),
    sa.Column('deleted_at', types.Instant(), nullable=True),
    sa.Column('purged_at', types.Instant(), nullable=True),
    sa.CheckConstraint("(availability = 'missing') = (missing_since IS NOT NULL)", name=op.f('ck_media_items_missing_since')),
    sa.CheckConstraint('(level = 0) = (parent_id IS NULL)', name=op.f('ck_media_items_top_has_no_parent')),
    sa.CheckConstraint('(level = 0) = (root_id = id)', name=op.f('ck_media_items_top_is_root')),
    sa.CheckConstraint('coalesce(min_age, 0) >= 0', name=op.f('ck_media_items_min_age')),
    sa.CheckConstraint('coalesce(position, 0) >= 0 AND coalesce(disc_number, 0) >= 0', name=op.f('ck_media_items_numbers')),
    sa.CheckConstraint('coalesce(runtime_ms, 0) >= 0', name=op.f('ck_media_items_runtime')),
    sa.CheckConstraint('enrichment_priority >= 1 AND enrichment_priority <= 10', name=op.f('ck_media_items_enrichment_priority')),
    sa.ForeignKeyConstraint(['id', 'kind'], ['entities.id', 'entities.kind'], name=op.f('fk_media_items_id_kind'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['library_id'], ['libraries.id'], name=op.f('fk_media_items_library_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['media_group_id', 'media_type_id'], ['media_groups.id', 'media_groups.media_type_id'], name='fk_media_items_version_same_type', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['media_group_id'], ['media_groups.id'], name=op.f('fk_media_items_media_group_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['media_type_id'], ['media_types.id'], name=op.f('fk_media_items_media_type_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['media_type_id', 'level', 'kind'], ['media_levels.media_type_id', 'media_levels.level', 'media_levels.kind'], name=op.f('fk_media_items_media_type_id_level_kind'), onupdate='CASCADE', ondelete='RESTRICT', initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['parent_id', 'media_type_id', 'parent_level'], ['media_items.id', 'media_items.media_type_id', 'media_items.level'], name='fk_media_items_parent_one_up', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parent_id', 'root_id'], ['media_items.id', 'media_items.root_id'], name='fk_media_items_parent_same_tree', onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['root_id', 'library_id'], ['media_items.id', 'media_items.library_id'], name='fk_media_items_one_library_a_tree', onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_items')),
    sa.UniqueConstraint('id', 'library_id', name=op.f('uq_media_items_id_library_id')),
    sa.UniqueConstraint('id', 'media_type_id', 'level', name=op.f('uq_media_items_id_media_type_id_level')),
    sa.UniqueConstraint('id', 'root_id', name=op.f('uq_media_items_id_root_id'))
    )
    op.create_index('ix_media_items_budget', 'media_items', ['budget'], unique=False, sqlite_where=sa.text('budget IS NOT NULL'), postgresql_where=sa.text('budget IS NOT NULL'))
    op.create_index('ix_media_items_deleted_at', 'media_items', ['deleted_at'], unique=False, sqlite_where=sa.text('deleted_at IS NOT NULL'), postgresql_where=sa.text('deleted_at IS NOT NULL'))
    op.create_index(op.f('ix_media_items_identification'), 'media_items', ['identification'], unique=False)
    op.create_index(op.f('ix_media_items_is_monitored'), 'media_items', ['is_monitored'], unique=False)
    op.create_index('ix_media_items_level', 'media_items', ['media_type_id', 'level', 'kind'], unique=False)
    op.create_index('ix_media_items_library', 'media_items', ['library_id', 'kind', 'sort_key'], unique=False)
    op.create_index('ix_media_items_list', 'media_items', ['kind', 'sort_key', 'id'], unique=False, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_media_items_media_group_id'), 'media_items', ['media_group_id'], unique=False)
    op.create_index('ix_media_items_metadata_changed_at', 'media_items', ['metadata_changed_at'], unique=False, sqlite_where=sa.text('metadata_changed_at IS NOT NULL'), postgresql_where=sa.text('metadata_changed_at IS NOT NULL'))
    op.create_index('ix_media_items_newest', 'media_items', ['kind', 'created_at', 'id'], unique=False, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index(op.f('ix_media_items_original_language'), 'media_items', ['original_language'], unique=False)
    op.create_index('ix_media_items_parent', 'media_items', ['parent_id', 'position', 'sort_key'], unique=False)
    op.create_index('ix_media_items_popularity', 'media_items', ['popularity'], unique=False, sqlite_where=sa.text('popularity IS NOT NULL'), postgresql_where=sa.text('popularity IS NOT NULL'))
    op.create_index(op.f('ix_media_items_release_date'), 'media_items', ['release_date'], unique=False)
    op.create_index('ix_media_items_revenue', 'media_items', ['revenue'], unique=False, sqlite_where=sa.text('revenue IS NOT NULL'), postgresql_where=sa.text('revenue IS NOT NULL'))
    op.create_index('ix_media_items_tree', 'media_items', ['root_id', 'library_id'], unique=False)
    op.create_index('ix_media_items_years', 'media_items', ['kind', 'year', 'id'], unique=False, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))
    op.create_index('uq_media_items_directory_path', 'media_items', ['directory_path'], unique=True, sqlite_where=sa.text('directory_path IS NOT NULL AND deleted_at IS NULL'), postgresql_where=sa.text('directory_path IS NOT NULL AND deleted_at IS NULL'))
    op.create_index('uq_media_items_number', 'media_items', ['parent_id', 'position', 'edition'], unique=True, sqlite_where=sa.text("kind IN ('season', 'episode') AND deleted_at IS NULL"), postgresql_where=sa.text("kind IN ('season', 'episode') AND deleted_at IS NULL"))
    op.create_index('uq_media_items_preferred', 'media_items', ['media_group_id'], unique=True, sqlite_where=sa.text('is_preferred AND media_group_id IS NOT NULL AND deleted_at IS NULL'), postgresql_where=sa.text('is_preferred AND media_group_id IS NOT NULL AND deleted_at IS NULL'))
    op.create_table('collection_members',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('collection_id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('sort_order', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['collections.id'], name=op.f('fk_collection_members_collection_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_collection_members_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('collection_id', 'item_id', name=op.f('pk_collection_members'))
    )
    op.create_index('ix_collection_members_item', 'collection_members', ['item_id', 'collection_id'], unique=False)
    op.create_table('credits',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('person_id', types.Key, nullable=False),
    sa.Column('department', sa.Enum('cast', 'directing', 'writing', 'production', 'music', 'camera', 'editing', 'art', 'sound', 'other', name='department', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('job', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_role_locked', sa.Boolean(), nullable=False),
    sa.Column('is_removed', sa.Boolean(), nullable=False),
    sa.CheckConstraint('position >= 0', name=op.f('ck_credits_position')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_credits_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_credits_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credits')),
    sa.UniqueConstraint('item_id', 'person_id', 'department', 'job', 'role', name=op.f('uq_credits_item_id_person_id_department_job_role'))
    )
    op.create_index('ix_credits_item', 'credits', ['item_id', 'department', 'position'], unique=False)
    op.create_index('ix_credits_person', 'credits', ['person_id', 'item_id'], unique=False)
    op.create_index('ix_credits_shown', 'credits', ['item_id', 'position', 'id'], unique=False, sqlite_where=sa.text('is_removed = 0'), postgresql_where=sa.text('NOT is_removed'))
    op.create_table('episode_orders',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('ordering', sa.Enum('aired', 'dvd', 'absolute', 'alternate', 'regional', 'digital', 'story', 'production', name='episode_ordering', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('root_id', types.Key, nullable=False),
    sa.Column('season_number', sa.Integer(), nullable=False),
    sa.Column('episode_number', sa.Integer(), nullable=False),
    sa.Column('display_season', sa.Integer(), nullable=True),
    sa.Column('display_episode', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['item_id', 'root_id'], ['media_items.id', 'media_items.root_id'], name=op.f('fk_episode_orders_item_id_root_id'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episode_orders')),
    sa.UniqueConstraint('item_id', 'ordering', name=op.f('uq_episode_orders_item_id_ordering')),
    sa.UniqueConstraint('root_id', 'ordering', 'season_number', 'episode_number', name=op.f('uq_episode_orders_root_id_ordering_season_number_episode_number'))
    )
    op.create_index('ix_episode_orders_item', 'episode_orders', ['item_id', 'root_id'], unique=False)
    op.create_table('item_certifications',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_certifications_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['system', 'code'], ['rating_systems.system', 'rating_systems.code'], name=op.f('fk_item_certifications_system_code'), onupdate='CASCADE', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_certifications')),
    sa.UniqueConstraint('item_id', 'system', 'country', name=op.f('uq_item_certifications_item_id_system_country'))
    )
    op.create_index('ix_item_certifications_system_code', 'item_certifications', ['system', 'code'], unique=False)
    op.create_index('uq_item_certifications_primary', 'item_certifications', ['item_id'], unique=True, sqlite_where=sa.text('is_primary'), postgresql_where=sa.text('is_primary'))
    op.create_table('item_countries',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('country_id', types.Key, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['country_id'], ['countries.id'], name=op.f('fk_item_countries_country_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_countries_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', 'country_id', name=op.f('pk_item_countries'))
    )
    op.create_index('ix_item_countries_country', 'item_countries', ['country_id', 'item_id'], unique=False)
    op.create_table('item_genres',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('genre_id', types.Key, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['genre_id'], ['genres.id'], name=op.f('fk_item_genres_genre_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_genres_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', 'genre_id', name=op.f('pk_item_genres'))
    )
    op.create_index('ix_item_genres_genre', 'item_genres', ['genre_id', 'item_id'], unique=False)
    op.create_table('item_ratings',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('value', types.Thousandths(), nullable=False),
    sa.Column('votes', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('value >= 0 AND coalesce(votes, 0) >= 0', name=op.f('ck_item_ratings_not_negative')),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_ratings_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_ratings')),
    sa.UniqueConstraint('item_id', 'source', name=op.f('uq_item_ratings_item_id_source'))
    )
    op.create_table('item_studios',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('studio_id', types.Key, nullable=False),
    sa.Column('role', sa.Enum('studio', 'network', 'label', 'publisher', name='studio_role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_item_studios_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['studio_id'], ['studios.id'], name=op.f('fk_item_studios_studio_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', 'studio_id', 'role', name=op.f('pk_item_studios'))
    )
    op.create_index('ix_item_studios_studio', 'item_studios', ['studio_id', 'item_id'], unique=False)
    op.create_table('media_relationships',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('from_item_id', types.Key, nullable=False),
    sa.Column('to_item_id', types.Key, nullable=False),
    sa.Column('type', sa.Enum('sequel', 'adaptation', 'spin_off', 'remake', 'shared_universe', name='relationship_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint("type <> 'shared_universe' OR from_item_id < to_item_id", name=op.f('ck_media_relationships_stored_once')),
    sa.CheckConstraint('from_item_id <> to_item_id', name=op.f('ck_media_relationships_two_items')),
    sa.ForeignKeyConstraint(['from_item_id'], ['media_items.id'], name=op.f('fk_media_relationships_from_item_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_item_id'], ['media_items.id'], name=op.f('fk_media_relationships_to_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_relationships')),
    sa.UniqueConstraint('from_item_id', 'to_item_id', 'type', name=op.f('uq_media_relationships_from_item_id_to_item_id_type'))
    )
    op.create_index(op.f('ix_media_relationships_to_item_id'), 'media_relationships', ['to_item_id'], unique=False)
    op.create_table('release_dates',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('type', sa.Enum('premiere', 'limited', 'theatrical', 'digital', 'physical', 'tv', name='release_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_release_dates_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release_dates')),
    sa.UniqueConstraint('item_id', 'country', 'type', 'date', name=op.f('uq_release_dates_item_id_country_type_date'))
    )
    op.create_table('tags',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('item_id', types.Key, nullable=False),
    sa.Column('namespace', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('origin', sa.Enum('user', 'provider', 'sidecar', 'ingest', name='tag_origin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sort_key', types.SortText, nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['media_items.id'], name=op.f('fk_tags_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tags')),
    sa.UniqueConstraint('item_id', 'namespace', 'key', name=op.f('uq_tags_item_id_namespace_key'))
    )
    op.create_index('ix_tags_namespace_key', 'tags', ['namespace', 'key', 'item_id'], unique=False)


def downgrade() -> None:
    op.drop_table('tags')
    op.drop_table('release_dates')
    op.drop_table('media_relationships')
    op.drop_table('item_studios')
    op.drop_table('item_ratings')
    op.drop_table('item_genres')
    op.drop_table('item_countries')
    op.drop_table('item_certifications')
    op.drop_index('ix_episode_orders_item', table_name='episode_orders')
    op.drop_table('episode_orders')
    op.drop_table('credits')
    op.drop_table('collection_members')
    op.drop_table('media_items')
