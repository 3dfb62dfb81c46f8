import {
  attribute,
  fill,
  isUnknown,
  type ObjectValue,
  PluginError,
  type Resource,
  type Schema,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { Agent, AgentBinding } from '../client/espejo.ts';
import type { Json } from '../client/http.ts';
import { HttpError } from '../client/http-error.ts';
import { between, idAttribute, oneOf, text } from './attributes.ts';
import { splitId } from './composite-id.ts';

const bindingSchema: Schema = {
  version: 1,
  description:
    'Binds an agent to a vector store in Espejo, so that a deletion plan lists the agents it breaks. Each resource is one binding of an agent; bindings made elsewhere are left alone. Espejo only: other servers have no agents.',
  attributes: {
    id: { ...idAttribute, description: '`agent/vs_…`.' },
    agent_key: attribute.string({
      required: true,
      forcesReplacement: true,
      description: 'The key of the agent in your code.',
      check: (value) =>
        /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(String(value))
          ? undefined
          : 'It must have letters, digits, and . _ : - after the first; at most 128 characters.',
    }),
    vector_store_id: attribute.string({
      required: true,
      forcesReplacement: true,
      description: 'The store; it may be a mirror.',
    }),
    mode: attribute.string({
      optional: true,
      default: 'required',
      description: '`required`: the agent is not built without the store. `default`: it may be left out.',
      check: oneOf('required', 'default'),
    }),
    max_num_results: attribute.number({ optional: true, description: '1 to 50 results.', check: between(1, 50) }),
    filters: attribute.string({
      optional: true,
      description:
        'OpenAI’s filter over attributes, as JSON: `jsonencode({ type = "eq", key = "lang", value = "en" })`.',
      check: (value) => (parseJson(value) === undefined ? 'It must be a JSON object.' : undefined),
    }),
    ranker: attribute.string({
      optional: true,
      description: '`auto` or `default-2024-11-15`.',
      check: oneOf('auto', 'default-2024-11-15'),
    }),
    score_threshold: attribute.number({
      optional: true,
      description: '0 to 1.',
      check: (value) => (Number(value) >= 0 && Number(value) <= 1 ? undefined : 'It must be a number from 0 to 1.'),
    }),
    include_search_results: attribute.bool({
      optional: true,
      default: false,
      description: 'Whether the search results are part of the record of a run.',
    }),
  },
};

export const agentBinding: Resource<Client> = {
  schema: bindingSchema,
  example: `
# needs Espejo: base_url is its /v1
resource "openai_vector_store" "help" {
  name = "Help center"
}

resource "openai_vector_store_agent_binding" "support" {
  agent_key       = "support-bot"
  vector_store_id = openai_vector_store.help.id
  max_num_results = 5
  filters         = jsonencode({ type = "eq", key = "lang", value = "en" })
}`,
  importExample: 'terraform import openai_vector_store_agent_binding.support support-bot/vs_68e5a0c0b2c4',

  async create(context, planned) {
    const client = await context.client();
    await change(client, String(planned.agent_key), (bindings) => [
      ...bindings.filter(({ vectorStoreId }) => vectorStoreId !== planned.vector_store_id),
      bindingOf(planned),
    ]);
    return withId(planned);
  },

  async read({ client }, state) {
    const agent = await findAgent(await client(), String(state.agent_key));
    const found = agent?.bindings.find(({ vectorStoreId }) => vectorStoreId === state.vector_store_id);
    if (found === undefined) return null;
    const { options } = found;
    return {
      ...state,
      mode: found.mode,
      max_num_results: options.maxNumResults,
      filters: sameJson(options.filters, state.filters),
      ranker: options.ranker,
      score_threshold: options.scoreThreshold,
      include_search_results: options.includeSearchResults,
    };
  },

  async update(context, planned) {
    await change(await context.client(), String(planned.agent_key), (bindings) =>
      bindings.map((binding) => (binding.vectorStoreId === planned.vector_store_id ? bindingOf(planned) : binding)),
    );
    return withId(planned);
  },

  async delete(context, prior) {
    await change(await context.client(), String(prior.agent_key), (bindings) =>
      bindings.filter(({ vectorStoreId }) => vectorStoreId !== prior.vector_store_id),
    );
  },

  importState(id) {
    const at = id.lastIndexOf('/');
    const [agentKey, storeId] = at > 0 ? [id.slice(0, at), id.slice(at + 1)] : splitId(id, 'agent/vs_…');
    return { id: `${agentKey}/${storeId}`, agent_key: agentKey, vector_store_id: storeId };
  },
};

/**
 * Changes the bindings of an agent, which Espejo accepts only as a whole list: serialised, so that no resource overwrites
 * another. An agent without bindings is deleted.
 */
function change(
  client: Client,
  agentKey: string,
  edit: (bindings: readonly AgentBinding[]) => readonly AgentBinding[],
): Promise<void> {
  return client.exclusively(`agent ${agentKey}`, async () => {
    const present = (await findAgent(client, agentKey))?.bindings ?? [];
    const wanted = edit(present);
    if (wanted.length > 0) {
      await client.espejo.putAgent(
        agentKey,
        wanted.map(({ vectorStoreId, mode, options }) => ({ vectorStoreId, mode, options })),
      );
    } else if (present.length > 0) {
      await client.espejo.deleteAgent(agentKey).catch(ignoreNotFound);
    }
  });
}

async function findAgent(client: Client, agentKey: string): Promise<Agent | undefined> {
  try {
    return await client.espejo.getAgent(agentKey);
  } catch (cause) {
    if (!(cause instanceof HttpError) || cause.status !== 404) throw cause;
    if (cause.code === 'agent_not_found') return undefined;
    throw new PluginError(
      'This server has no agents',
      `${client.baseUrl} is not Espejo, or not its /v1. Only Espejo has agent bindings.`,
    );
  }
}

function ignoreNotFound(cause: unknown): void {
  if (!(cause instanceof HttpError) || cause.status !== 404) throw cause;
}

function bindingOf(state: ObjectValue): AgentBinding {
  return {
    vectorStoreId: String(state.vector_store_id),
    mode: state.mode === 'default' ? 'default' : 'required',
    options: {
      maxNumResults: typeof state.max_num_results === 'number' ? state.max_num_results : null,
      filters: parseJson(state.filters) ?? null,
      ranker: text(state.ranker),
      scoreThreshold: typeof state.score_threshold === 'number' ? state.score_threshold : null,
      includeSearchResults: state.include_search_results === true,
    },
  };
}

const withId = (state: ObjectValue): ObjectValue =>
  fill(bindingSchema, { ...state, id: `${String(state.agent_key)}/${String(state.vector_store_id)}` });

function parseJson(value: Value | undefined): Json | undefined {
  if (typeof value !== 'string' || isUnknown(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** The text of the configuration if it is equal JSON, whatever its formatting. */
function sameJson(remote: Json | null, known: Value | undefined): Value {
  if (remote === null) return null;
  return sorted(remote) === sorted(parseJson(known) ?? null) ? (known ?? null) : JSON.stringify(remote);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
