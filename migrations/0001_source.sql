ALTER TABLE `vector_store` ADD `source` text DEFAULT 'primary' NOT NULL;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `expires_sort` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `last_active_sort` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Rows from before this column: what OpenAI backs is a mirror, everything else is ours.
UPDATE `vector_store` SET
  `source` = CASE WHEN `backend` = 'openai' THEN 'cache' ELSE 'primary' END,
  `expires_sort` = coalesce(`expires_at_s`, 9007199254740991),
  `last_active_sort` = coalesce(`last_active_at_s`, 0);--> statement-breakpoint
CREATE INDEX `vector_store_sort_created` ON `vector_store` (`tenant_id`,`created_at_s`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_name` ON `vector_store` (`tenant_id`,`name_sort`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_usage` ON `vector_store` (`tenant_id`,`usage_bytes`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_files` ON `vector_store` (`tenant_id`,`files_total`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_active` ON `vector_store` (`tenant_id`,`last_active_sort`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_expiry` ON `vector_store` (`tenant_id`,`expires_sort`,`id`,`source`,`status`,`connection_id`,`missing_since_ms`);--> statement-breakpoint
CREATE INDEX `vector_store_sort_status` ON `vector_store` (`tenant_id`,`status`,`id`,`source`,`connection_id`,`missing_since_ms`);