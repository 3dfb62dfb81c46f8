ALTER TABLE `transfer` ADD `target_missing_since_ms` integer;--> statement-breakpoint
ALTER TABLE `transfer_item` ADD `missing_since_ms` integer;