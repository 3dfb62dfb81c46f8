DROP INDEX `vector_store_by_connection`;--> statement-breakpoint
CREATE INDEX `vector_store_facets` ON `vector_store` (`tenant_id`,`connection_id`,`source`,`status`,`missing_since_ms`);