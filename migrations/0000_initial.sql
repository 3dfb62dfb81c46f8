CREATE TABLE `connection` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`base_url` text NOT NULL,
	`api_key_cipher` text,
	`api_key_fingerprint` text,
	`organization` text,
	`project` text,
	`is_enabled` integer NOT NULL,
	`sync_cron` text NOT NULL,
	`is_sync_enabled` integer NOT NULL,
	`removal_grace_s` integer NOT NULL,
	`concurrency` integer NOT NULL,
	`health_status` text NOT NULL,
	`health_message` text,
	`health_checked_at_ms` integer,
	`seen_organization` text,
	`seen_project` text,
	`stores_listed_at_ms` integer,
	`files_listed_at_ms` integer,
	`complete_sync_at_ms` integer,
	`approved_run_id` text,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `connection_by_created` ON `connection` (`tenant_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `attachment` (
	`tenant_id` text NOT NULL,
	`store_id` text NOT NULL,
	`file_id` text NOT NULL,
	`connection_id` text,
	`status` text NOT NULL,
	`usage_bytes` integer,
	`created_at_s` integer NOT NULL,
	`last_error` text,
	`chunking_strategy` text,
	`attributes` text,
	`extra` text,
	`content_hash` text NOT NULL,
	`missing_since_ms` integer,
	PRIMARY KEY(`tenant_id`, `store_id`, `file_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `attachment_by_file` ON `attachment` (`tenant_id`,`file_id`);--> statement-breakpoint
CREATE INDEX `attachment_missing` ON `attachment` (`tenant_id`,`connection_id`,`store_id`) WHERE missing_since_ms is not null;--> statement-breakpoint
CREATE TABLE `file` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`connection_id` text,
	`filename` text NOT NULL,
	`bytes` integer,
	`purpose` text NOT NULL,
	`status` text,
	`created_at_s` integer NOT NULL,
	`expires_at_s` integer,
	`extra` text,
	`content_hash` text NOT NULL,
	`attachment_count` integer DEFAULT 0 NOT NULL,
	`synced_at_ms` integer,
	`missing_since_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `file_id` ON `file` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `file_by_created` ON `file` (`tenant_id`,`created_at_s`,`id`,`connection_id`,`purpose`);--> statement-breakpoint
CREATE INDEX `file_by_filename` ON `file` (`tenant_id`,`filename`,`id`);--> statement-breakpoint
CREATE INDEX `file_by_bytes` ON `file` (`tenant_id`,`bytes`,`id`);--> statement-breakpoint
CREATE INDEX `file_unattached` ON `file` (`tenant_id`,`purpose`,`created_at_s`,`id`) WHERE attachment_count = 0;--> statement-breakpoint
CREATE INDEX `file_missing` ON `file` (`tenant_id`,`connection_id`) WHERE missing_since_ms is not null;--> statement-breakpoint
CREATE TABLE `lease` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`owner` text NOT NULL,
	`fence` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `mirror_write_permit` (
	`tenant_id` text NOT NULL,
	`connection_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `connection_id`)
);
--> statement-breakpoint
CREATE TABLE `sync_change` (
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`store_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`is_dry_run` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`store_name` text,
	`action` text NOT NULL,
	`fields` text NOT NULL,
	`files_added` integer NOT NULL,
	`files_changed` integer NOT NULL,
	`files_removed` integer NOT NULL,
	`files_missing` integer NOT NULL,
	`file_ids` text NOT NULL,
	`message` text,
	PRIMARY KEY(`tenant_id`, `run_id`, `store_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sync_change_by_store` ON `sync_change` (`tenant_id`,`store_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `sync_removal` (
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`kind` text NOT NULL,
	`item_id` text NOT NULL,
	`name` text,
	PRIMARY KEY(`tenant_id`, `run_id`, `kind`, `item_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sync_run` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`connection_id` text NOT NULL,
	`trigger` text NOT NULL,
	`is_dry_run` integer NOT NULL,
	`is_full` integer NOT NULL,
	`status` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	`request_count` integer DEFAULT 0 NOT NULL,
	`rate_limited_count` integer DEFAULT 0 NOT NULL,
	`is_complete` integer DEFAULT false NOT NULL,
	`is_cancel_requested` integer DEFAULT false NOT NULL,
	`progress` text NOT NULL,
	`counters` text NOT NULL,
	`plan` text,
	`error_code` text,
	`error_message` text,
	`approved_at_ms` integer,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `sync_run_by_start` ON `sync_run` (`tenant_id`,`started_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `sync_run_by_connection` ON `sync_run` (`tenant_id`,`connection_id`,`started_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `sync_run_by_status` ON `sync_run` (`tenant_id`,`status`);--> statement-breakpoint
CREATE TABLE `tenant` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `vector_store` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`connection_id` text,
	`backend` text NOT NULL,
	`name` text,
	`description` text,
	`status` text NOT NULL,
	`files_in_progress` integer DEFAULT 0 NOT NULL,
	`files_completed` integer DEFAULT 0 NOT NULL,
	`files_failed` integer DEFAULT 0 NOT NULL,
	`files_cancelled` integer DEFAULT 0 NOT NULL,
	`files_total` integer DEFAULT 0 NOT NULL,
	`usage_bytes` integer DEFAULT 0 NOT NULL,
	`metadata` text,
	`expires_after` text,
	`expires_at_s` integer,
	`last_active_at_s` integer,
	`created_at_s` integer NOT NULL,
	`extra` text,
	`search_text` text DEFAULT '' NOT NULL,
	`name_sort` text DEFAULT '' NOT NULL,
	`fingerprint` text DEFAULT '' NOT NULL,
	`listed_fingerprint` text,
	`files_listed_at_ms` integer,
	`synced_at_ms` integer,
	`missing_since_ms` integer,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `vector_store_id` ON `vector_store` (`tenant_id`,`id`);--> statement-breakpoint
CREATE INDEX `vector_store_by_connection` ON `vector_store` (`tenant_id`,`connection_id`,`missing_since_ms`);