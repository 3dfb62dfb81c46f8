CREATE TABLE `plan` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`limits` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenant_plan` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`plan_id` text NOT NULL,
	`overrides` text NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tenant_plan_by_plan` ON `tenant_plan` (`plan_id`);--> statement-breakpoint
CREATE TABLE `usage_counter` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`day` integer NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `day`, `name`)
);
