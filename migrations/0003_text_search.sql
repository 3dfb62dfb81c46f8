-- Substring search over names, descriptions and ids: a trigram index that follows the table by trigger. The texts are in
-- lower case already; the index must not fold more letters than that, or it would find more than contains the text.
CREATE VIRTUAL TABLE `vector_store_text` USING fts5(`search_text`, content = 'vector_store', content_rowid = 'seq', tokenize = 'trigram case_sensitive 1');
--> statement-breakpoint
INSERT INTO `vector_store_text`(`rowid`, `search_text`) SELECT `seq`, `search_text` FROM `vector_store`;
--> statement-breakpoint
CREATE TRIGGER `vector_store_text_insert` AFTER INSERT ON `vector_store`
BEGIN
  INSERT INTO `vector_store_text`(`rowid`, `search_text`) VALUES (NEW.`seq`, NEW.`search_text`);
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_text_delete` AFTER DELETE ON `vector_store`
BEGIN
  INSERT INTO `vector_store_text`(`vector_store_text`, `rowid`, `search_text`) VALUES ('delete', OLD.`seq`, OLD.`search_text`);
END;
--> statement-breakpoint
CREATE TRIGGER `vector_store_text_update` AFTER UPDATE OF `search_text` ON `vector_store` WHEN OLD.`search_text` IS NOT NEW.`search_text`
BEGIN
  INSERT INTO `vector_store_text`(`vector_store_text`, `rowid`, `search_text`) VALUES ('delete', OLD.`seq`, OLD.`search_text`);
  INSERT INTO `vector_store_text`(`rowid`, `search_text`) VALUES (NEW.`seq`, NEW.`search_text`);
END;
