CREATE TABLE `parity_run` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`left_store_id` text NOT NULL,
	`right_store_id` text NOT NULL,
	`depth` integer NOT NULL,
	`query_count` integer NOT NULL,
	`mean_overlap` real NOT NULL,
	`mean_rank_correlation` real,
	`queries` text NOT NULL,
	`actor` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `parity_run_by_pair` ON `parity_run` (`tenant_id`,`left_store_id`,`right_store_id`,`created_at_ms`);--> statement-breakpoint
CREATE TABLE `transfer` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`phase` text NOT NULL,
	`source_store_id` text NOT NULL,
	`source_name` text,
	`connection_id` text NOT NULL,
	`target_store_id` text,
	`target_name` text,
	`is_target_asked` integer DEFAULT false NOT NULL,
	`final_fields` text,
	`notes` text NOT NULL,
	`reason` text,
	`actor` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`finished_at_ms` integer,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `transfer_by_created` ON `transfer` (`tenant_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `transfer_by_source` ON `transfer` (`tenant_id`,`source_store_id`);--> statement-breakpoint
CREATE INDEX `transfer_by_target` ON `transfer` (`tenant_id`,`target_store_id`);--> statement-breakpoint
CREATE INDEX `transfer_open` ON `transfer` (`tenant_id`) WHERE status = 'running';--> statement-breakpoint
CREATE TABLE `transfer_item` (
	`tenant_id` text NOT NULL,
	`transfer_id` text NOT NULL,
	`position` integer NOT NULL,
	`source_file_id` text NOT NULL,
	`filename` text NOT NULL,
	`attributes` text NOT NULL,
	`max_tokens` integer NOT NULL,
	`overlap_tokens` integer NOT NULL,
	`state` text NOT NULL,
	`upload_id` text,
	`part_ids` text,
	`completing_since_s` integer,
	`target_file_id` text,
	`reason` text,
	PRIMARY KEY(`tenant_id`, `transfer_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `transfer_item_by_state` ON `transfer_item` (`tenant_id`,`transfer_id`,`state`,`position`);--> statement-breakpoint
CREATE INDEX `transfer_item_by_target` ON `transfer_item` (`tenant_id`,`target_file_id`) WHERE target_file_id is not null;--> statement-breakpoint
ALTER TABLE `file` ADD `adopted_from` text;