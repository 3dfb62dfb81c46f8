-- A mirror is never edited here (rule 1): a write of a mirrored row passes only inside a transaction that holds the
-- permit of the row's connection. The permit is inserted at the transaction's start and deleted before it commits, so
-- every other door, a SQL prompt included, meets this error.
CREATE TRIGGER `vector_store_mirror_insert` BEFORE INSERT ON `vector_store`
WHEN (NEW.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = NEW.`connection_id`))
  -- REPLACE fires no DELETE trigger: a new row must not push a mirrored one out.
  OR (NEW.`source` <> 'cache' AND EXISTS (SELECT 1 FROM `vector_store` WHERE `tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id` AND `source` = 'cache'))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_mirror_update` BEFORE UPDATE ON `vector_store`
WHEN (OLD.`source` = 'cache' OR NEW.`source` = 'cache') AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = coalesce(OLD.`connection_id`, NEW.`connection_id`))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_mirror_delete` BEFORE DELETE ON `vector_store`
WHEN OLD.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_insert` BEFORE INSERT ON `file`
WHEN (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = NEW.`connection_id`))
  OR (NEW.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `file` WHERE `tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id` AND `connection_id` IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_update` BEFORE UPDATE ON `file`
WHEN (OLD.`connection_id` IS NOT NULL OR NEW.`connection_id` IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = coalesce(OLD.`connection_id`, NEW.`connection_id`))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_delete` BEFORE DELETE ON `file`
WHEN OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_insert` BEFORE INSERT ON `attachment`
WHEN (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = NEW.`connection_id`))
  OR (NEW.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `attachment` WHERE `tenant_id` = NEW.`tenant_id` AND `store_id` = NEW.`store_id` AND `file_id` = NEW.`file_id` AND `connection_id` IS NOT NULL))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_update` BEFORE UPDATE ON `attachment`
WHEN (OLD.`connection_id` IS NOT NULL OR NEW.`connection_id` IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = coalesce(OLD.`connection_id`, NEW.`connection_id`))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_delete` BEFORE DELETE ON `attachment`
WHEN OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
