type Params = Readonly<Record<string, string>>;

/**
 * Ids of a path under `/vector_stores`. They are opaque: any listed id can be requested. An unknown id in another form
 * than OpenAI's gets OpenAI's error for that.
 */
export const ID_FORMS = {
  vector_store_not_found: { param: 'vector_store_id', inPath: 'storeId', prefix: 'vs_' },
  attachment_not_found: { param: 'file_id', inPath: 'fileId', prefix: 'file-' },
  file_batch_not_found: { param: 'batch_id', inPath: 'batchId', prefix: 'vsfb_' },
} as const;

export function storeIdOf({ storeId = '' }: Params): string {
  return storeId;
}

export function storeFileIdOf({ fileId = '' }: Params): string {
  return fileId;
}

export function batchIdOf({ batchId = '' }: Params): string {
  return batchId;
}
