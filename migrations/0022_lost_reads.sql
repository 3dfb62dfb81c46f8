ALTER TABLE `ingestion` ADD `is_being_read` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `ingestion` ADD `lost_reads` integer DEFAULT 0 NOT NULL;