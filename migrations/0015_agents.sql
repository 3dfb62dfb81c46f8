CREATE TABLE `agent_vector_stores` (
	`tenant_id` text NOT NULL,
	`agent_key` text NOT NULL,
	`vector_store_id` text NOT NULL,
	`store_name` text,
	`mode` text NOT NULL,
	`options` text NOT NULL,
	`position` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `agent_key`, `vector_store_id`)
);
--> statement-breakpoint
CREATE INDEX `agent_vector_stores_by_store` ON `agent_vector_stores` (`tenant_id`,`vector_store_id`,`agent_key`);