import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';

export interface FakeWorldSeed {
  readonly stores?: readonly StoreSnapshot[] | undefined;
  readonly files?: readonly FileSnapshot[] | undefined;
  /** By store id. */
  readonly attachments?: { readonly [storeId: string]: readonly AttachmentSnapshot[] } | undefined;
}

/** What exists upstream, listed in order of insertion. Deletions do not cascade: tests do that themselves. */
export interface FakeWorld {
  readonly stores: ReadonlyMap<string, StoreSnapshot>;
  readonly files: ReadonlyMap<string, FileSnapshot>;
  attachmentsOf(storeId: string): ReadonlyMap<string, AttachmentSnapshot>;
  /** Adds a row at the end, or replaces the one with its id in place. */
  putStore(store: StoreSnapshot): void;
  putFile(file: FileSnapshot): void;
  putAttachment(storeId: string, attachment: AttachmentSnapshot): void;
  removeStore(storeId: string): void;
  removeFile(fileId: string): void;
  removeAttachment(storeId: string, fileId: string): void;
}

export function createFakeWorld(seed: FakeWorldSeed = {}): FakeWorld {
  const stores = new Map<string, StoreSnapshot>();
  const files = new Map<string, FileSnapshot>();
  const attachments = new Map<string, Map<string, AttachmentSnapshot>>();

  const world: FakeWorld = {
    stores,
    files,
    attachmentsOf: (storeId) => attachments.get(storeId) ?? new Map(),
    putStore: (store) => void stores.set(store.id, store),
    putFile: (file) => void files.set(file.id, file),
    putAttachment(storeId, attachment) {
      const rows = attachments.get(storeId) ?? new Map<string, AttachmentSnapshot>();
      attachments.set(storeId, rows.set(attachment.fileId, attachment));
    },
    removeStore(storeId) {
      stores.delete(storeId);
      attachments.delete(storeId);
    },
    removeFile: (fileId) => void files.delete(fileId),
    removeAttachment: (storeId, fileId) => void attachments.get(storeId)?.delete(fileId),
  };

  for (const store of seed.stores ?? []) world.putStore(store);
  for (const file of seed.files ?? []) world.putFile(file);
  for (const [storeId, rows] of Object.entries(seed.attachments ?? {})) {
    for (const row of rows) world.putAttachment(storeId, row);
  }
  return world;
}
