import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant, JsonMap, PageQuery, pageOf, SearchText, Source } from '../common.ts';

export const AgentKey = z
  .string()
  .max(LIMITS.agentKeyMax)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'must be letters, digits, and . _ : - after the first')
  .describe('The key of the agent in your code');

export const PutAgentParams = z.object({ key: AgentKey });
export const AgentParams = z.object({ key: z.string().min(1).max(LIMITS.idMax) });

export const BindingMode = z
  .enum(['required', 'default'])
  .describe('required: the agent is not built without it; default: part of it unless left out');
export type BindingMode = z.infer<typeof BindingMode>;

/** How an agent searches a store; null: the default of the search. */
export const FileSearchOptions = z.strictObject({
  maxNumResults: z.int().min(1).max(LIMITS.searchResultsMax).nullable().default(null),
  filters: JsonMap.nullable().default(null).describe("OpenAI's filter grammar over attributes"),
  ranker: z.enum(['auto', 'default-2024-11-15']).nullable().default(null),
  scoreThreshold: z.number().min(0).max(1).nullable().default(null),
  includeSearchResults: z.boolean().default(false).describe('Whether the record of a run includes the search results'),
});
export type FileSearchOptions = z.infer<typeof FileSearchOptions>;

export const PutAgentBody = z.strictObject({
  bindings: z
    .array(
      z.strictObject({
        vectorStoreId: z.string().min(1).max(LIMITS.idMax),
        mode: BindingMode.default('required'),
        options: FileSearchOptions.prefault({}),
      }),
    )
    .min(1)
    .max(LIMITS.agentStoresMax)
    .describe('The whole list, in the order of the tools'),
});
export type PutAgentBody = z.input<typeof PutAgentBody>;

/** Whether a bound store can be searched. */
export const BindingState = z.enum(['ready', 'missing', 'expired', 'trashed']);
export type BindingState = z.infer<typeof BindingState>;

export const AgentBinding = z
  .object({
    vectorStoreId: z.string(),
    name: z.string().nullable().describe('Of a store that is gone: its name when it was bound'),
    source: Source.nullable().describe('null: the store does not exist any more'),
    connectionId: z.string().nullable(),
    mode: BindingMode,
    options: FileSearchOptions,
    state: BindingState,
    boundAt: Instant,
  })
  .meta({ id: 'AgentBinding' });
export type AgentBinding = z.infer<typeof AgentBinding>;

export const Agent = z
  .object({
    agentKey: z.string(),
    bindings: z.array(AgentBinding),
    brokenCount: z.int().describe('Bindings whose store cannot be searched: the agent cannot be built with them'),
    updatedAt: Instant,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

export const ListAgentsQuery = PageQuery.extend({ q: SearchText.optional().describe('A part of a key') });
export type ListAgentsQuery = z.infer<typeof ListAgentsQuery>;
export const AgentPage = pageOf(Agent).meta({ id: 'AgentPage' });
export type AgentPage = z.infer<typeof AgentPage>;

/** An agent that uses a store. */
export const StoreUser = z.object({ agentKey: z.string(), mode: BindingMode });
export type StoreUser = z.infer<typeof StoreUser>;

export const AgentToolsQuery = z.object({
  mirrors: z
    .enum(['hosted', 'espejo'])
    .default('hosted')
    .describe("hosted: OpenAI's file search, in the project of the mirror; espejo: the search of Espejo"),
  leaveOut: z
    .string()
    .max(LIMITS.agentStoresMax * (LIMITS.idMax + 1))
    .optional()
    .describe('Ids of default stores to leave out, separated by commas'),
});
export type AgentToolsQuery = z.infer<typeof AgentToolsQuery>;

const RankingOptions = z.object({ ranker: z.string().optional(), score_threshold: z.number().optional() });
const SearchFields = {
  max_num_results: z.int().optional(),
  filters: JsonMap.optional(),
  ranking_options: RankingOptions.optional(),
};

/** OpenAI's file search over stores of one project. */
export const HostedSearchTool = z
  .object({
    kind: z.literal('hosted'),
    connectionId: z.string().describe('The project of the stores: the run needs a key of it'),
    includeSearchResults: z.boolean(),
    tool: z
      .object({ type: z.literal('file_search'), vector_store_ids: z.array(z.string()), ...SearchFields })
      .describe('In the form of the Responses API'),
  })
  .meta({ id: 'HostedSearchTool' });
export type HostedSearchTool = z.infer<typeof HostedSearchTool>;

/** A function whose call is a search in Espejo. */
export const FunctionSearchTool = z
  .object({
    kind: z.literal('function'),
    vectorStoreId: z.string(),
    tool: z
      .object({
        type: z.literal('function'),
        name: z.string(),
        description: z.string(),
        strict: z.literal(true),
        parameters: JsonMap,
      })
      .describe('In the form of the Responses API'),
    search: z
      .object({ method: z.literal('POST'), path: z.string(), body: z.object(SearchFields) })
      .describe('The body of the search; a call adds `query` to it'),
  })
  .meta({ id: 'FunctionSearchTool' });
export type FunctionSearchTool = z.infer<typeof FunctionSearchTool>;

export const AgentTools = z
  .object({
    agentKey: z.string(),
    tools: z.array(z.discriminatedUnion('kind', [HostedSearchTool, FunctionSearchTool])),
  })
  .meta({ id: 'AgentTools' });
export type AgentTools = z.infer<typeof AgentTools>;
