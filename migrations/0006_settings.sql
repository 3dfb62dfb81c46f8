CREATE TABLE `setting` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
