-- A mirror is never edited here (rule 1): a write of a mirrored row passes only inside a transaction that holds the
-- permit of the row's connection. The permit is inserted at the transaction's start and deleted before it commits, so
-- every other door, a SQL prompt included, meets this error.
--
-- INSERT OR REPLACE and UPDATE OR REPLACE push rows out without firing a DELETE trigger, by any of the row's unique
-- keys: the last condition of each insert and update trigger keeps a row of ours from doing so to a mirrored one.
CREATE TRIGGER `vector_store_mirror_insert` BEFORE INSERT ON `vector_store`
WHEN (NEW.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (NEW.`source` <> 'cache' AND EXISTS (SELECT 1 FROM `vector_store` WHERE `source` = 'cache' AND (`seq` = NEW.`seq` OR (`tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id`))))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_mirror_update` BEFORE UPDATE ON `vector_store`
WHEN (OLD.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`))
  OR (NEW.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (OLD.`source` <> 'cache' AND EXISTS (SELECT 1 FROM `vector_store` WHERE `source` = 'cache' AND (`seq` = NEW.`seq` OR (`tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id`))))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_mirror_delete` BEFORE DELETE ON `vector_store`
WHEN OLD.`source` = 'cache' AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_insert` BEFORE INSERT ON `file`
WHEN (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (NEW.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `file` WHERE `connection_id` IS NOT NULL AND (`seq` = NEW.`seq` OR (`tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id`))))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_update` BEFORE UPDATE ON `file`
WHEN (OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`))
  OR (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (OLD.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `file` WHERE `connection_id` IS NOT NULL AND (`seq` = NEW.`seq` OR (`tenant_id` = NEW.`tenant_id` AND `id` = NEW.`id`))))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `file_mirror_delete` BEFORE DELETE ON `file`
WHEN OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_insert` BEFORE INSERT ON `attachment`
WHEN (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (NEW.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `attachment` WHERE `connection_id` IS NOT NULL AND `tenant_id` = NEW.`tenant_id` AND `store_id` = NEW.`store_id` AND `file_id` = NEW.`file_id`))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_update` BEFORE UPDATE ON `attachment`
WHEN (OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`))
  OR (NEW.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = NEW.`tenant_id` AND `connection_id` = NEW.`connection_id`))
  OR (OLD.`connection_id` IS NULL AND EXISTS (SELECT 1 FROM `attachment` WHERE `connection_id` IS NOT NULL AND `tenant_id` = NEW.`tenant_id` AND `store_id` = NEW.`store_id` AND `file_id` = NEW.`file_id`))
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
--> statement-breakpoint
CREATE TRIGGER `attachment_mirror_delete` BEFORE DELETE ON `attachment`
WHEN OLD.`connection_id` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM `mirror_write_permit` WHERE `tenant_id` = OLD.`tenant_id` AND `connection_id` = OLD.`connection_id`)
BEGIN
  SELECT RAISE(ABORT, 'vector_store_read_only');
END;
