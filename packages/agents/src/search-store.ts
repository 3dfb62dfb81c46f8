import { ApiError, type FunctionSearchTool } from '@espejo/contracts';
import { z } from 'zod';

/** Where Espejo is, and with which key it is called. */
export interface SearchEndpoint {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch: typeof fetch;
}

/** A text that was found, and its source. */
export interface FoundText {
  readonly file_id: string;
  readonly filename: string;
  readonly score: number;
  readonly text: string;
}

const SEARCH_TIMEOUT_MS = 60_000;

const SearchPage = z.object({
  data: z.array(
    z.object({
      file_id: z.string(),
      filename: z.string(),
      score: z.number(),
      content: z.array(z.object({ text: z.string() })),
    }),
  ),
});
const Refusal = z.object({ error: z.object({ code: z.string().nullable(), message: z.string() }) });

/**
 * Searches a store with the options of its tool, over `/v1`. Throws an `ApiError` with the stable code of an error
 * response.
 */
export async function searchStore(
  { search }: FunctionSearchTool,
  input: { readonly query: string; readonly signal: AbortSignal | undefined },
  { baseUrl, apiKey, fetch: send }: SearchEndpoint,
): Promise<FoundText[]> {
  const timeout = AbortSignal.timeout(SEARCH_TIMEOUT_MS);
  const response = await send(`${baseUrl}${search.path}`, {
    method: search.method,
    headers: {
      'content-type': 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ ...search.body, query: input.query }),
    signal: input.signal === undefined ? timeout : AbortSignal.any([input.signal, timeout]),
  });
  const json: unknown = await response.json().catch(() => undefined);
  const page = SearchPage.safeParse(json);
  if (response.ok && page.success) {
    return page.data.data.map(({ file_id, filename, score, content }) => ({
      file_id,
      filename,
      score,
      text: content.map(({ text }) => text).join('\n'),
    }));
  }
  const refusal = Refusal.safeParse(json);
  if (!refusal.success) {
    throw new ApiError(response.status, 'bad_response', `Espejo answered ${response.status} without a reason.`, null);
  }
  const { message } = refusal.data.error;
  // Under /v1 a missing object has no code, as in OpenAI's API.
  const code = refusal.data.error.code ?? (response.status === 404 ? 'vector_store_not_found' : 'invalid_request');
  throw new ApiError(response.status, code, message, response.headers.get('x-request-id'));
}
