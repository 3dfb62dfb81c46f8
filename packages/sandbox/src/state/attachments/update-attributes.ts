import type { Project } from '../project.ts';
import { type AttachmentRow, type Attributes, NO_ATTRIBUTES } from '../rows.ts';
import { findAttachment } from '../stores/find-store.ts';

/** Replaces the attributes of an attachment. The store is not changed, as upstream. */
export function updateAttributes(
  project: Project,
  storeId: string,
  fileId: string,
  attributes: Attributes | null,
): AttachmentRow {
  const { attachment } = findAttachment(project, storeId, fileId);
  attachment.attributes = attributes ?? NO_ATTRIBUTES;
  return attachment;
}
