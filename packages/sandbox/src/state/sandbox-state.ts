import { renderAttachment, renderFile, renderStore } from '../wire/render.ts';
import { type AttachFileInput, attachFile } from './attachments/attach-file.ts';
import type { AttachmentInput } from './attachments/attachments.ts';
import { cancelBatch } from './attachments/cancel-batch.ts';
import { createBatch } from './attachments/create-batch.ts';
import { detachFile } from './attachments/detach-file.ts';
import { updateAttributes } from './attachments/update-attributes.ts';
import { type CreateFileInput, createFile } from './files/create-file.ts';
import { deleteFile } from './files/delete-file.ts';
import type { GhostMode, Project } from './project.ts';
import type { AttachmentRow, Attributes, BatchRow, FileRow, StoreRow, ToolRow } from './rows.ts';
import { type CreateStoreInput, createStore } from './stores/create-store.ts';
import { deleteStore } from './stores/delete-store.ts';
import { settle } from './stores/settle.ts';
import { type UpdateStoreInput, updateStore } from './stores/update-store.ts';
import { addTool } from './tools.ts';

export type WireObject = { readonly id: string } & Readonly<Record<string, unknown>>;

/** All data of a project, as complete listings in ascending order would show it: the expected result in tests. */
export interface ProjectSnapshot {
  readonly stores: readonly WireObject[];
  readonly files: readonly WireObject[];
  /** By store id; every store has an entry. */
  readonly attachments: ReadonlyMap<string, readonly WireObject[]>;
}

/** The functions of a project for use in-process, without HTTP. They are not counted as requests. */
export interface SandboxState {
  readonly project: Project;
  createStore(input?: CreateStoreInput): StoreRow;
  updateStore(storeId: string, input: UpdateStoreInput): StoreRow;
  deleteStore(storeId: string): void;
  createFile(input: CreateFileInput): FileRow;
  deleteFile(fileId: string, ghostMode?: GhostMode): void;
  attach(input: AttachFileInput): AttachmentRow;
  updateAttributes(storeId: string, fileId: string, attributes: Attributes | null): AttachmentRow;
  detach(storeId: string, fileId: string): void;
  createBatch(storeId: string, files: readonly AttachmentInput[]): BatchRow;
  cancelBatch(storeId: string, batchId: string): BatchRow;
  /** Gives files to a container or an assistant. */
  addTool(input: Pick<ToolRow, 'kind' | 'name' | 'fileIds'>): ToolRow;
  storeIds(): readonly string[];
  fileIds(): readonly string[];
  snapshot(): ProjectSnapshot;
}

/** Binds the functions to a project, which a reset replaces. */
export function createSandboxState(projectOf: () => Project): SandboxState {
  return {
    get project() {
      return projectOf();
    },
    createStore: (input) => createStore(projectOf(), input),
    updateStore: (storeId, input) => updateStore(projectOf(), storeId, input),
    deleteStore: (storeId) => deleteStore(projectOf(), storeId),
    createFile: (input) => createFile(projectOf(), input),
    deleteFile: (fileId, ghostMode) => deleteFile(projectOf(), fileId, ghostMode),
    attach: (input) => attachFile(projectOf(), input),
    updateAttributes: (storeId, fileId, attributes) => updateAttributes(projectOf(), storeId, fileId, attributes),
    detach: (storeId, fileId) => detachFile(projectOf(), storeId, fileId),
    createBatch: (storeId, files) => createBatch(projectOf(), storeId, files),
    addTool: (input) => addTool(projectOf(), input),
    cancelBatch: (storeId, batchId) => cancelBatch(projectOf(), storeId, batchId),
    storeIds: () => idsOf(projectOf(), 'stores'),
    fileIds: () => idsOf(projectOf(), 'files'),
    snapshot: () => takeSnapshot(projectOf()),
  };
}

function idsOf(project: Project, kind: 'stores' | 'files'): readonly string[] {
  settle(project);
  return Array.from<{ readonly id: string }, string>(project[kind].values(), (row) => row.id);
}

function takeSnapshot(project: Project): ProjectSnapshot {
  settle(project);
  const attachments = new Map<string, readonly WireObject[]>();
  const stores: WireObject[] = [];
  for (const store of project.stores.values()) {
    stores.push(wireObject(renderStore(store)));
    attachments.set(
      store.id,
      Array.from(store.attachments.values(), (row) => wireObject(renderAttachment(store.id, row))),
    );
  }
  return { stores, attachments, files: Array.from(project.files.values(), (file) => wireObject(renderFile(file))) };
}

function wireObject(json: string): WireObject {
  return JSON.parse(json);
}
