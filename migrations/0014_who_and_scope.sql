ALTER TABLE `api_key` ADD `actions` text;--> statement-breakpoint
ALTER TABLE `api_key` ADD `store_ids` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `request_id` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `address` text;