import { OpenAiError } from '@espejo/contracts/openai';
import type { Services } from '../../services/services.ts';

import type { WireHandler } from './openai-request.ts';

/** The model of this installation: the only one that is served. */
export const listModels: WireHandler = async ({ services }) => ({ object: 'list', data: [present(services)] });

export const getModel: WireHandler = async ({ services, params }) => {
  const model = present(services);
  if (params.model === model.id) return model;
  throw new OpenAiError(404, `The model '${params.model ?? ''}' does not exist`, {
    param: 'model',
    code: 'model_not_found',
  });
};

/** The creation time of a model is unknown, but the field must be a number. */
function present({ embedders }: Pick<Services, 'embedders'>) {
  return { id: embedders.current.model.name, object: 'model', created: 0, owned_by: 'espejo' };
}
