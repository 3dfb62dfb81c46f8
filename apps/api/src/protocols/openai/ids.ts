import { wrongIdPrefix } from '@espejo/contracts/openai';

type Params = Readonly<Record<string, string>>;

/** Ids of a path under `/vector_stores`; one of another form is refused before anything is looked up, as OpenAI does. */
export function storeIdOf(params: Params): string {
  return checked('vector_store_id', params.storeId, 'vs_');
}

export function storeFileIdOf(params: Params): string {
  return checked('file_id', params.fileId, 'file-');
}

export function batchIdOf(params: Params): string {
  return checked('batch_id', params.batchId, 'vsfb_');
}

function checked(param: string, id: string | undefined, prefix: string): string {
  if (id === undefined || !id.startsWith(prefix)) throw wrongIdPrefix(param, id ?? '', prefix);
  return id;
}
