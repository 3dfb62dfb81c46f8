ALTER TABLE `vector_store` ADD `expiry_kind` text;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `expiry_value` integer;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `warned_at_ms` integer;--> statement-breakpoint
ALTER TABLE `vector_store` ADD `expired_at_ms` integer;--> statement-breakpoint
-- Stores of ours knew OpenAI's form alone until now.
UPDATE `vector_store` SET
  `expiry_kind` = CASE WHEN `expires_after` IS NULL THEN 'never' ELSE 'after_last_active' END,
  `expiry_value` = json_extract(`expires_after`, '$.days')
WHERE `source` = 'primary';
