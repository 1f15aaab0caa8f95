"""People and rights.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

from domain.kit import types

# fmt: off
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On PostgreSQL a lock that is not had within ten seconds fails the step, and nothing has happened."""
    op.create_table('audit_log',
    sa.Column('id', types.Key, nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('severity', sa.Enum('normal', 'critical', name='audit_severity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('ip_address', sa.String(), nullable=True),
    sa.Column('user_agent', sa.String(), nullable=True),
    sa.Column('details', types.Json, nullable=False),
    sa.Column('request_id', sa.String(), nullable=True),
    sa.Column('personal_salt', sa.String(), nullable=True),
    sa.Column('personal_digest', sa.String(), nullable=True),
    sa.Column('is_anchor', sa.Boolean(), nullable=False),
    sa.Column('previous_hash', sa.String(), nullable=True),
    sa.Column('hash', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log'))
    )
    op.create_index('ix_audit_log_actor_at', 'audit_log', ['actor', 'at'], unique=False)
    op.create_index('ix_audit_log_at', 'audit_log', ['at'], unique=False)
    op.create_index('ix_audit_log_subject_at', 'audit_log', ['subject', 'at'], unique=False)
    op.create_table('login_attempts',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('username_key', sa.String(), nullable=False),
    sa.Column('ip_address', sa.String(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempts'))
    )
    op.create_index('ix_login_attempts_ip_address_at', 'login_attempts', ['ip_address', 'at'], unique=False)
    op.create_index('ix_login_attempts_username_key_at', 'login_attempts', ['username_key', 'at'], unique=False)
    op.create_table('settings',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', types.Json, nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_settings'))
    )
    op.create_table('users',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('username', sa.String(), nullable=False),
    sa.Column('username_key', types.SortText, nullable=False),
    sa.Column('email', sa.String(), nullable=True),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('display_name', sa.String(), nullable=True),
    sa.Column('avatar_url', sa.String(), nullable=True),
    sa.Column('bio', sa.String(), nullable=True),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('locale', sa.String(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_admin', sa.Boolean(), nullable=False),
    sa.Column('can_edit', sa.Boolean(), nullable=False),
    sa.Column('has_all_libraries', sa.Boolean(), nullable=False),
    sa.Column('max_age', sa.Integer(), nullable=True),
    sa.Column('sees_unrated', sa.Boolean(), nullable=False),
    sa.Column('privacy_settings', types.Json, nullable=False),
    sa.Column('preferences', types.Json, nullable=False),
    sa.Column('last_login_at', types.Instant(), nullable=True),
    sa.Column('password_changed_at', types.Instant(), nullable=True),
    sa.CheckConstraint('max_age IS NULL OR max_age BETWEEN 0 AND 21', name=op.f('ck_users_max_age_range')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('username_key', name=op.f('uq_users_username_key'))
    )
    op.create_table('api_tokens',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('hint', sa.String(), nullable=False),
    sa.Column('scopes', types.Json, nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=True),
    sa.Column('last_used_at', types.Instant(), nullable=True),
    sa.Column('revoked_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    op.create_index('ix_api_tokens_live', 'api_tokens', ['user_id', 'created_at'], unique=False, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_index(op.f('ix_api_tokens_user_id'), 'api_tokens', ['user_id'], unique=False)
    op.create_table('friendships',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_low_id', types.Key, nullable=False),
    sa.Column('user_high_id', types.Key, nullable=False),
    sa.Column('requested_by_user_id', types.Key, nullable=False),
    sa.Column('state', sa.Enum('pending', 'accepted', 'blocked', name='friendship_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint('user_low_id < user_high_id', name=op.f('ck_friendships_low_before_high')),
    sa.ForeignKeyConstraint(['requested_by_user_id'], ['users.id'], name=op.f('fk_friendships_requested_by_user_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_high_id'], ['users.id'], name=op.f('fk_friendships_user_high_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_low_id'], ['users.id'], name=op.f('fk_friendships_user_low_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_friendships')),
    sa.UniqueConstraint('user_low_id', 'user_high_id', name=op.f('uq_friendships_user_low_id_user_high_id'))
    )
    op.create_index(op.f('ix_friendships_requested_by_user_id'), 'friendships', ['requested_by_user_id'], unique=False)
    op.create_index(op.f('ix_friendships_user_high_id'), 'friendships', ['user_high_id'], unique=False)
    op.create_index(op.f('ix_friendships_user_low_id'), 'friendships', ['user_low_id'], unique=False)
    op.create_table('groups',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('group_type', sa.Enum('family', 'friends', 'custom', name='group_type', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('owner_user_id', types.Key, nullable=False),
    sa.Column('privacy', sa.Enum('private', 'invite_only', 'public', name='group_privacy', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('settings', types.Json, nullable=False),
    sa.ForeignKeyConstraint(['owner_user_id'], ['users.id'], name=op.f('fk_groups_owner_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_groups'))
    )
    op.create_index(op.f('ix_groups_owner_user_id'), 'groups', ['owner_user_id'], unique=False)
    op.create_table('notification_channels',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notification_channels_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_channels')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_notification_channels_user_id_name'))
    )
    op.create_index(op.f('ix_notification_channels_user_id'), 'notification_channels', ['user_id'], unique=False)
    op.create_table('notifications',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('severity', sa.Enum('info', 'warning', 'error', name='severity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('link_url', sa.String(), nullable=True),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('payload', types.Json, nullable=False),
    sa.Column('dedupe_key', sa.String(), nullable=True),
    sa.Column('read_at', types.Instant(), nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notifications_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications'))
    )
    op.create_index(op.f('ix_notifications_expires_at'), 'notifications', ['expires_at'], unique=False)
    op.create_index(op.f('ix_notifications_user_id'), 'notifications', ['user_id'], unique=False)
    op.create_index('ix_notifications_user_id_created_at', 'notifications', ['user_id', sa.literal_column('created_at DESC')], unique=False)
    op.create_index('uq_notifications_dedupe', 'notifications', ['user_id', 'dedupe_key'], unique=True, sqlite_where=sa.text('dedupe_key IS NOT NULL AND read_at IS NULL'), postgresql_where=sa.text('dedupe_key IS NOT NULL AND read_at IS NULL'))
    op.create_table('password_resets',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.Column('used_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_password_resets_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_resets')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_password_resets_code_hash'))
    )
    op.create_index(op.f('ix_password_resets_user_id'), 'password_resets', ['user_id'], unique=False)
    op.create_table('sessions',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('secret_hash', sa.String(), nullable=False),
    sa.Column('user_agent', sa.String(), nullable=False),
    sa.Column('ip_address', sa.String(), nullable=False),
    sa.Column('last_seen_at', types.Instant(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.Column('revoked_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_sessions_secret_hash'))
    )
    op.create_index(op.f('ix_sessions_expires_at'), 'sessions', ['expires_at'], unique=False)
    op.create_index(op.f('ix_sessions_user_id'), 'sessions', ['user_id'], unique=False)
    op.create_table('device_codes',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('user_code', sa.String(), nullable=False),
    sa.Column('device_hash', sa.String(), nullable=False),
    sa.Column('device_name', sa.String(), nullable=False),
    sa.Column('scopes', types.Json, nullable=False),
    sa.Column('state', sa.Enum('pending', 'approved', 'retrieved', 'denied', name='device_code_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('user_id', types.Key, nullable=True),
    sa.Column('api_token_id', types.Key, nullable=True),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['api_token_id'], ['api_tokens.id'], name=op.f('fk_device_codes_api_token_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_device_codes_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_codes')),
    sa.UniqueConstraint('device_hash', name=op.f('uq_device_codes_device_hash'))
    )
    op.create_index(op.f('ix_device_codes_api_token_id'), 'device_codes', ['api_token_id'], unique=False)
    op.create_index(op.f('ix_device_codes_user_id'), 'device_codes', ['user_id'], unique=False)
    op.create_index('uq_device_codes_pending', 'device_codes', ['user_code'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_table('group_invitations',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('group_id', types.Key, nullable=False),
    sa.Column('from_user_id', types.Key, nullable=True),
    sa.Column('to_user_id', types.Key, nullable=True),
    sa.Column('to_email', sa.String(), nullable=True),
    sa.Column('role', sa.Enum('admin', 'member', 'limited', name='member_role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('invite_code', sa.String(), nullable=False),
    sa.Column('expires_at', types.Instant(), nullable=False),
    sa.Column('accepted_at', types.Instant(), nullable=True),
    sa.Column('accepted_by_user_id', types.Key, nullable=True),
    sa.Column('declined_at', types.Instant(), nullable=True),
    sa.Column('revoked_at', types.Instant(), nullable=True),
    sa.CheckConstraint('(CASE WHEN accepted_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN declined_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END) <= 1', name=op.f('ck_group_invitations_one_outcome')),
    sa.ForeignKeyConstraint(['accepted_by_user_id'], ['users.id'], name=op.f('fk_group_invitations_accepted_by_user_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['from_user_id'], ['users.id'], name=op.f('fk_group_invitations_from_user_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_group_invitations_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['to_user_id'], ['users.id'], name=op.f('fk_group_invitations_to_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_invitations')),
    sa.UniqueConstraint('invite_code', name=op.f('uq_group_invitations_invite_code'))
    )
    op.create_index(op.f('ix_group_invitations_accepted_by_user_id'), 'group_invitations', ['accepted_by_user_id'], unique=False)
    op.create_index(op.f('ix_group_invitations_from_user_id'), 'group_invitations', ['from_user_id'], unique=False)
    op.create_index(op.f('ix_group_invitations_group_id'), 'group_invitations', ['group_id'], unique=False)
    op.create_index(op.f('ix_group_invitations_to_user_id'), 'group_invitations', ['to_user_id'], unique=False)
    op.create_table('group_members',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('group_id', types.Key, nullable=False),
    sa.Column('user_id', types.Key, nullable=False),
    sa.Column('role', sa.Enum('admin', 'member', 'limited', name='member_role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('joined_at', types.Instant(), nullable=False),
    sa.Column('permissions', types.Json, nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_group_members_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_group_members_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_members')),
    sa.UniqueConstraint('group_id', 'user_id', name=op.f('uq_group_members_group_id_user_id'))
    )
    op.create_index(op.f('ix_group_members_group_id'), 'group_members', ['group_id'], unique=False)
    op.create_index(op.f('ix_group_members_user_id'), 'group_members', ['user_id'], unique=False)
    op.create_table('notification_deliveries',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('notification_id', types.Key, nullable=False),
    sa.Column('channel_id', types.Key, nullable=False),
    sa.Column('state', sa.Enum('pending', 'sent', 'failed', name='delivery_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', types.Instant(), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.Column('sent_at', types.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['channel_id'], ['notification_channels.id'], name=op.f('fk_notification_deliveries_channel_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['notification_id'], ['notifications.id'], name=op.f('fk_notification_deliveries_notification_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_deliveries')),
    sa.UniqueConstraint('notification_id', 'channel_id', name=op.f('uq_notification_deliveries_notification_id_channel_id'))
    )
    op.create_index(op.f('ix_notification_deliveries_channel_id'), 'notification_deliveries', ['channel_id'], unique=False)
    op.create_index(op.f('ix_notification_deliveries_notification_id'), 'notification_deliveries', ['notification_id'], unique=False)
    op.create_table('notification_rules',
    sa.Column('created_at', types.Instant(), nullable=False),
    sa.Column('updated_at', types.Instant(), nullable=False),
    sa.Column('id', types.Key, nullable=False),
    sa.Column('channel_id', types.Key, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('minimum_severity', sa.Enum('info', 'warning', 'error', name='severity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['channel_id'], ['notification_channels.id'], name=op.f('fk_notification_rules_channel_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_rules')),
    sa.UniqueConstraint('channel_id', 'kind', name=op.f('uq_notification_rules_channel_id_kind'))
    )
    op.create_index(op.f('ix_notification_rules_channel_id'), 'notification_rules', ['channel_id'], unique=False)


def downgrade() -> None:
    op.drop_table('notification_rules')
    op.drop_table('notification_deliveries')
    op.drop_table('group_members')
    op.drop_table('group_invitations')
    op.drop_table('device_codes')
    op.drop_table('sessions')
    op.drop_table('password_resets')
    op.drop_table('notifications')
    op.drop_table('notification_channels')
    op.drop_table('groups')
    op.drop_table('friendships')
    op.drop_table('api_tokens')
    op.drop_table('users')
    op.drop_table('settings')
    op.drop_table('login_attempts')
    op.drop_table('audit_log')
