CREATE TABLE `installation_fact` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
