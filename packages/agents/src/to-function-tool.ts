import { ApiError, type FunctionSearchTool } from '@espejo/contracts';
import { type FunctionTool, tool } from '@openai/agents';
import { z } from 'zod';
import { type SearchEndpoint, searchStore } from './search-store.ts';

const Parameters = z.object({ query: z.string().describe('What to look for, in plain words') });

/** A function that searches one store through Espejo. Its result is for the model: texts with their sources. */
export function toFunctionTool(
  spec: FunctionSearchTool,
  endpoint: SearchEndpoint,
): FunctionTool<unknown, typeof Parameters, string> {
  const { name, description } = spec.tool;
  return tool({
    name,
    description,
    parameters: Parameters,
    strict: true,
    execute: async ({ query }, _context, details) =>
      JSON.stringify({ results: await searchStore(spec, { query, signal: details?.signal }, endpoint) }),
    // A failed search must not look like one without results.
    errorFunction: (_context, error) =>
      `${describe(error)} Nothing was searched: say so instead of answering without it.`,
  });
}

function describe(error: unknown): string {
  if (error instanceof ApiError) return `The search failed (${error.code}): ${error.message}`;
  return `The search failed: ${error instanceof Error ? error.message : String(error)}.`;
}
