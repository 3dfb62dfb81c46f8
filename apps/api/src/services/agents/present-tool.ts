import type { AgentToolPlan, FileSearchOptions } from '@espejo/core';
import type { AgentTools, FunctionSearchTool } from './views.ts';

/** The input schema of a search function; strict, as the Agents SDK builds its own. */
const PARAMETERS = {
  type: 'object',
  properties: { query: { type: 'string', description: 'What to look for, in plain words' } },
  required: ['query'],
  additionalProperties: false,
} as const;

/** A planned tool in OpenAI's form, with the metadata that building an agent needs. */
export function presentTool(plan: AgentToolPlan): AgentTools['tools'][number] {
  const fields = toSearchFields(plan.options);
  if (plan.kind === 'hosted') {
    const { connectionId, vectorStoreIds, options } = plan;
    return {
      kind: 'hosted',
      connectionId,
      includeSearchResults: options.includeSearchResults,
      tool: { type: 'file_search', vector_store_ids: [...vectorStoreIds], ...fields },
    };
  }
  const { name, description, vectorStoreId } = plan;
  return {
    kind: 'function',
    vectorStoreId,
    tool: { type: 'function', name, description, strict: true, parameters: PARAMETERS },
    search: {
      method: 'POST',
      path: `/v1/vector_stores/${encodeURIComponent(vectorStoreId)}/search`,
      body: fields,
    },
  };
}

/** Options at their default are omitted. */
function toSearchFields(options: FileSearchOptions): FunctionSearchTool['search']['body'] {
  const { maxNumResults, filters, ranker, scoreThreshold } = options;
  const ranking = {
    ...(ranker !== null && { ranker }),
    ...(scoreThreshold !== null && { score_threshold: scoreThreshold }),
  };
  return {
    ...(maxNumResults !== null && { max_num_results: maxNumResults }),
    ...(filters !== null && { filters: { ...filters } }),
    ...(Object.keys(ranking).length > 0 && { ranking_options: ranking }),
  };
}
