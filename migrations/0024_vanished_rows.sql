CREATE TABLE `vanished_row` (
	`tenant_id` text NOT NULL,
	`list` text NOT NULL,
	`id` text NOT NULL,
	`created_at_s` integer NOT NULL,
	`seq` integer NOT NULL,
	`vanished_at_s` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `list`, `id`)
);
--> statement-breakpoint
CREATE INDEX `vanished_row_age` ON `vanished_row` (`vanished_at_s`);--> statement-breakpoint
ALTER TABLE `vector_store` ADD `default_chunking` text;
--> statement-breakpoint
-- Where a deleted row stood in its list, for whoever pages on from it (packages/db/src/schema/vanished-row.ts).
CREATE TRIGGER `vector_store_vanished` AFTER DELETE ON `vector_store`
BEGIN
  INSERT OR REPLACE INTO `vanished_row` VALUES (OLD.`tenant_id`, 'vector_store', OLD.`id`, OLD.`created_at_s`, OLD.`seq`, unixepoch());
END;
--> statement-breakpoint
CREATE TRIGGER `file_vanished` AFTER DELETE ON `file`
BEGIN
  INSERT OR REPLACE INTO `vanished_row` VALUES (OLD.`tenant_id`, 'file', OLD.`id`, OLD.`created_at_s`, OLD.`seq`, unixepoch());
END;
--> statement-breakpoint
-- The order of attachments within a second is that of their ingestion, whose row goes after this one.
CREATE TRIGGER `attachment_vanished` AFTER DELETE ON `attachment`
BEGIN
  INSERT OR REPLACE INTO `vanished_row` VALUES (OLD.`tenant_id`, OLD.`store_id`, OLD.`file_id`, OLD.`created_at_s`,
    coalesce((SELECT `seq` FROM `ingestion` WHERE `tenant_id` = OLD.`tenant_id` AND `store_id` = OLD.`store_id` AND `file_id` = OLD.`file_id`), 0),
    unixepoch());
END;
