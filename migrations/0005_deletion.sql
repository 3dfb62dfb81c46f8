CREATE TABLE `audit_event` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`tenant_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`outcome` text NOT NULL,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_event_by_time` ON `audit_event` (`tenant_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `audit_event_by_subject` ON `audit_event` (`tenant_id`,`subject`);--> statement-breakpoint
CREATE TABLE `deletion` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`plan_hash` text NOT NULL,
	`status` text NOT NULL,
	`title` text NOT NULL,
	`actor` text NOT NULL,
	`trigger` text NOT NULL,
	`files` text NOT NULL,
	`counts` text NOT NULL,
	`usage_bytes` integer NOT NULL,
	`savings_usd` text NOT NULL,
	`message` text,
	`is_cancel_requested` integer DEFAULT false NOT NULL,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`finished_at_ms` integer,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `deletion_by_created` ON `deletion` (`tenant_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `deletion_open` ON `deletion` (`tenant_id`) WHERE status in ('waiting', 'running');--> statement-breakpoint
CREATE TABLE `deletion_plan` (
	`tenant_id` text NOT NULL,
	`hash` text NOT NULL,
	`request` text NOT NULL,
	`decision` text NOT NULL,
	`plan` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `deletion_step` (
	`tenant_id` text NOT NULL,
	`deletion_id` text NOT NULL,
	`seq` integer NOT NULL,
	`connection_id` text,
	`upstream_identity` text,
	`kind` text NOT NULL,
	`store_id` text,
	`file_id` text,
	`name` text,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`reason` text,
	`finished_at_ms` integer,
	`snapshot` text,
	PRIMARY KEY(`tenant_id`, `deletion_id`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `deletion_step_pending` ON `deletion_step` (`tenant_id`,`connection_id`) WHERE state = 'pending';--> statement-breakpoint
DROP INDEX `attachment_by_file`;--> statement-breakpoint
CREATE INDEX `attachment_by_file` ON `attachment` (`file_id`,`tenant_id`);--> statement-breakpoint
ALTER TABLE `vector_store` ADD `trashed_at_ms` integer;