import { EmbeddingsBody, OpenAiError, parseValue, SearchBodyWithRawFilter } from '@espejo/contracts/openai';
import { decodeTokens } from '@espejo/retrieval';
import { createEmbeddings } from '../../services/embeddings/create-embeddings.ts';
import { searchVectorStore } from '../../services/search/search-vector-store.ts';
import type { WireHandler } from './openai-request.ts';
import { renderPage } from './render.ts';
import { findServedStore } from './store-handlers.ts';

export const postSearch: WireHandler<'search'> = async (call) => {
  const { services, tenantId } = call;
  const store = await findServedStore(call);
  const body = parseValue(SearchBodyWithRawFilter, call.body);
  const ranking = body.ranking_options;
  const hybrid = ranking?.hybrid_search;
  const { queries, results } = await searchVectorStore(services, {
    tenantId,
    storeId: store.id,
    store,
    queries: typeof body.query === 'string' ? [body.query] : body.query,
    filters: body.filters ?? null,
    resultsMax: body.max_num_results,
    scoreThreshold: ranking?.score_threshold ?? 0,
    ranker: ranking?.ranker ?? null,
    hybrid: hybrid ? { embeddingWeight: hybrid.embedding_weight, textWeight: hybrid.text_weight } : null,
    rewriteQuery: body.rewrite_query,
  });
  return renderPage('vector_store.search_results.page', {
    search_query: queries,
    data: results.map((result) => ({
      file_id: result.fileId,
      filename: result.filename,
      score: result.score,
      attributes: result.attributes,
      content: result.texts.map((text) => ({ type: 'text', text })),
    })),
  });
};

export const postEmbeddings: WireHandler<'search'> = async ({ services, body: json }) => {
  const body = parseValue(EmbeddingsBody, json);
  const { model, vectors, tokenCount } = await createEmbeddings(services, {
    model: body.model,
    texts: toTexts(body.input),
    dimensions: body.dimensions ?? null,
  });
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? toBase64(vector) : Array.from(vector),
    })),
    model,
    usage: { prompt_tokens: tokenCount, total_tokens: tokenCount },
  };
};

/** One text, several, or either as token ids of OpenAI's embedding models, which some clients send. */
function toTexts(input: EmbeddingsBody['input']): string[] {
  if (typeof input === 'string') return [input];
  if (input.every((part) => typeof part === 'number')) return [textOfTokens(input)];
  return input.map((part) => (typeof part === 'string' ? part : textOfTokens(part)));
}

function textOfTokens(ids: readonly number[]): string {
  const text = decodeTokens(ids);
  if (text !== undefined) return text;
  throw new OpenAiError(400, "Invalid 'input': a token id is not in the vocabulary 'cl100k_base'.", {
    param: 'input',
    code: 'invalid_value',
  });
}

/** Little-endian 32-bit floats, as the SDKs decode them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
