CREATE TABLE `storage_snapshot` (
	`tenant_id` text NOT NULL,
	`connection_id` text NOT NULL,
	`taken_at_ms` integer NOT NULL,
	`store_count` integer NOT NULL,
	`file_count` integer NOT NULL,
	`usage_bytes` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `connection_id`, `taken_at_ms`)
);
