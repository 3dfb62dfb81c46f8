import { OpenAiError, SearchBody } from '@espejo/contracts/openai';
import { searchStore } from '../search/search-store.ts';
import { type Handler, jsonReply } from './exchange.ts';
import { parseBody } from './parse-body.ts';
import { storeIdOf } from './path-ids.ts';

export const postSearch: Handler = (call) => {
  const storeId = storeIdOf(call);
  const body = parseBody(SearchBody, call.request.body);
  const hybrid = body.ranking_options?.hybrid_search;
  if (hybrid !== undefined && hybrid.embedding_weight + hybrid.text_weight === 0) {
    throw new OpenAiError(400, "At least one of 'embedding_weight' and 'text_weight' must be greater than 0.", {
      param: 'ranking_options.hybrid_search',
    });
  }
  const queries = typeof body.query === 'string' ? [body.query] : body.query;
  const hits = searchStore(call.project, storeId, {
    queries,
    resultsMax: body.max_num_results,
    filter: body.filters ?? null,
    scoreMin: body.ranking_options?.score_threshold ?? 0,
  });
  const data = hits.map((hit) => ({
    file_id: hit.fileId,
    filename: hit.filename,
    score: hit.score,
    attributes: hit.attributes,
    content: [{ type: 'text', text: hit.text }],
  }));
  return jsonReply(
    JSON.stringify({
      object: 'vector_store.search_results.page',
      search_query: queries,
      data,
      has_more: false,
      next_page: null,
    }),
  );
};
