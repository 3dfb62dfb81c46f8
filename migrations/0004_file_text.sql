ALTER TABLE `file` ADD `search_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- SQL lower-cases ASCII only. A mirrored name with anything else is written again by the next listing of files: its
-- emptied hash makes it look changed.
INSERT INTO `mirror_write_permit` SELECT DISTINCT `tenant_id`, `connection_id` FROM `file` WHERE `connection_id` IS NOT NULL;--> statement-breakpoint
UPDATE `file` SET
  `search_text` = lower(`filename` || char(10) || `id`),
  `content_hash` = CASE WHEN `filename` GLOB '*[^ -~]*' THEN '' ELSE `content_hash` END;--> statement-breakpoint
DELETE FROM `mirror_write_permit`;
