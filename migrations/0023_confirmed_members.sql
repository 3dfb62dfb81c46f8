ALTER TABLE `member` ADD `is_confirmed` integer DEFAULT true NOT NULL;--> statement-breakpoint
-- Whoever accepted an invitation was taken to own its address. Only the first owner, by set-up, showed theirs.
UPDATE `auth_user` SET `email_verified` = 0 WHERE `id` NOT IN (SELECT `subject` FROM `audit_event` WHERE `action` = 'owner.set_up');
