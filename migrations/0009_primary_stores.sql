CREATE TABLE `embedding_model` (
	`tenant_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`dimensions` integer NOT NULL,
	`base_url` text,
	PRIMARY KEY(`tenant_id`, `fingerprint`)
);
--> statement-breakpoint
CREATE TABLE `file_batch` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`store_id` text NOT NULL,
	`created_at_s` integer NOT NULL,
	`is_cancelled` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `file_batch_by_store` ON `file_batch` (`tenant_id`,`store_id`);--> statement-breakpoint
CREATE TABLE `file_batch_file` (
	`tenant_id` text NOT NULL,
	`batch_id` text NOT NULL,
	`file_id` text NOT NULL,
	`position` integer NOT NULL,
	`status` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `batch_id`, `file_id`)
);
--> statement-breakpoint
CREATE INDEX `file_batch_file_open` ON `file_batch_file` (`tenant_id`,`file_id`) WHERE status = 'in_progress';--> statement-breakpoint
CREATE INDEX `file_batch_file_order` ON `file_batch_file` (`tenant_id`,`batch_id`,`position`);--> statement-breakpoint
CREATE TABLE `ingestion` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`store_id` text NOT NULL,
	`file_id` text NOT NULL,
	`batch_id` text,
	`max_tokens` integer NOT NULL,
	`overlap_tokens` integer NOT NULL,
	`is_pending` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at_ms` integer NOT NULL,
	`lease_owner` text,
	`lease_expires_at_ms` integer DEFAULT 0 NOT NULL,
	`fence` integer DEFAULT 0 NOT NULL,
	`chunk_count` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ingestion_key` ON `ingestion` (`tenant_id`,`store_id`,`file_id`);--> statement-breakpoint
CREATE INDEX `ingestion_by_store` ON `ingestion` (`tenant_id`,`store_id`,`seq`);--> statement-breakpoint
CREATE INDEX `ingestion_pending` ON `ingestion` (`tenant_id`,`next_attempt_at_ms`,`seq`) WHERE is_pending = 1;--> statement-breakpoint
CREATE TABLE `local_task` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`store_id` text,
	`file_id` text,
	`sha256` text,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `local_task_by_tenant` ON `local_task` (`tenant_id`,`seq`);--> statement-breakpoint
CREATE TABLE `upload` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`filename` text NOT NULL,
	`purpose` text NOT NULL,
	`mime_type` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`status` text NOT NULL,
	`created_at_s` integer NOT NULL,
	`expires_at_s` integer NOT NULL,
	`file_expires_after_s` integer,
	`file_id` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `upload_due` ON `upload` (`tenant_id`,`expires_at_s`) WHERE status = 'pending';--> statement-breakpoint
CREATE TABLE `upload_part` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`upload_id` text NOT NULL,
	`sha256` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`created_at_s` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `upload_part_by_upload` ON `upload_part` (`tenant_id`,`upload_id`);--> statement-breakpoint
CREATE INDEX `upload_part_by_content` ON `upload_part` (`sha256`);--> statement-breakpoint
ALTER TABLE `file` ADD `sha256` text;--> statement-breakpoint
ALTER TABLE `file` ADD `mime_type` text;--> statement-breakpoint
CREATE INDEX `file_by_content` ON `file` (`sha256`,`tenant_id`) WHERE sha256 is not null;--> statement-breakpoint
CREATE INDEX `file_due` ON `file` (`tenant_id`,`expires_at_s`) WHERE connection_id is null and expires_at_s is not null;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `embedding_fingerprint` text;--> statement-breakpoint
CREATE INDEX `vector_store_embedding` ON `vector_store` (`tenant_id`,`embedding_fingerprint`) WHERE source = 'primary';