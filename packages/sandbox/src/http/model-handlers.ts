import { OpenAiError } from '@espejo/contracts/openai';
import { type Handler, jsonReply } from './exchange.ts';

export interface EmbeddingModel {
  readonly dimensions: number;
  readonly isShortenable: boolean;
  /** Its creation time in the real API. */
  readonly createdAtS: number;
}

const MODELS: Readonly<Record<string, EmbeddingModel>> = {
  'text-embedding-3-small': { dimensions: 1536, isShortenable: true, createdAtS: 1_705_948_997 },
  'text-embedding-3-large': { dimensions: 3072, isShortenable: true, createdAtS: 1_705_953_180 },
  'text-embedding-ada-002': { dimensions: 1536, isShortenable: false, createdAtS: 1_671_217_299 },
};

export function findModel(name: string): EmbeddingModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
}

/** The embedding models: this server has no others. */
export const listModels: Handler = () =>
  jsonReply(JSON.stringify({ object: 'list', data: Object.entries(MODELS).map(([id, model]) => render(id, model)) }));

export const getModel: Handler = ({ ids: [name = ''] }) => {
  const model = findModel(name);
  if (model !== undefined) return jsonReply(JSON.stringify(render(name, model)));
  throw new OpenAiError(404, `The model '${name}' does not exist`, { param: 'model', code: 'model_not_found' });
};

function render(id: string, { createdAtS }: EmbeddingModel) {
  return { id, object: 'model', created: createdAtS, owned_by: 'system' };
}
