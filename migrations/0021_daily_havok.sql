CREATE TABLE `tool_use` (
	`tenant_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`file_id` text NOT NULL,
	`source` text NOT NULL,
	`holder_id` text NOT NULL,
	`holder_name` text,
	`last_used_at_s` integer,
	PRIMARY KEY(`tenant_id`, `connection_id`, `file_id`, `source`, `holder_id`)
);
--> statement-breakpoint
ALTER TABLE `connection` ADD `tool_states` text;--> statement-breakpoint
ALTER TABLE `connection` ADD `tools_read_at_ms` integer;