import { filesToAttachNotFound } from '@espejo/contracts/openai';
import type { Project } from '../project.ts';
import type { AttachmentRow } from '../rows.ts';
import { findLiveStore } from '../stores/find-store.ts';
import { touchStore } from '../stores/settle.ts';
import { type AttachmentInput, addAttachment } from './attachments.ts';

export interface AttachFileInput extends AttachmentInput {
  readonly storeId: string;
}

/** Attaches a file to a store, where it is `in_progress` until it is processed. */
export function attachFile(project: Project, input: AttachFileInput): AttachmentRow {
  const store = findLiveStore(project, input.storeId);
  if (project.files.get(input.fileId) === undefined) throw filesToAttachNotFound([input.fileId]);
  const attachment = addAttachment(project, store, input);
  if (input.createdAt === undefined) touchStore(project, store);
  return attachment;
}
