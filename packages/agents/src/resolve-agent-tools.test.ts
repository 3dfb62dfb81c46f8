import type { FunctionSearchTool, HostedSearchTool } from '@espejo/contracts';
import { Agent, RunContext, Runner, type Tool } from '@openai/agents';
import { assistantMessage, functionCall, ScriptedModel } from '@openai/agents/testing';
import { describe, expect, it } from 'vitest';
import { resolveAgentTools } from './resolve-agent-tools.ts';
import { fakeEspejo, refusal } from './testing/fake-espejo.ts';

const ESPEJO = { baseUrl: 'http://espejo.test/', apiKey: 'esp_key', agentKey: 'support' } as const;
const filters = { type: 'eq', key: 'lang', value: 'en' } as const;
const HOSTED: HostedSearchTool = {
  kind: 'hosted',
  connectionId: 'conn-1',
  includeSearchResults: true,
  tool: {
    type: 'file_search',
    vector_store_ids: ['vs_a', 'vs_b'],
    max_num_results: 4,
    filters,
    ranking_options: { ranker: 'auto', score_threshold: 0.3 },
  },
};
const FUNCTION_TOOL: FunctionSearchTool = {
  kind: 'function',
  vectorStoreId: 'vs_c',
  tool: {
    type: 'function',
    name: 'search_handbook',
    description: "Searches the documents of 'Handbook'.",
    strict: true,
    parameters: {},
  },
  search: { method: 'POST', path: '/v1/vector_stores/vs_c/search', body: { max_num_results: 2 } },
};
const found = () =>
  Response.json({
    data: [
      {
        file_id: 'file-1',
        filename: 'leave.md',
        score: 0.9,
        attributes: {},
        content: [{ type: 'text', text: '30 days.' }],
      },
    ],
  });
const invoke = (tool: Tool | undefined, input: unknown) => {
  if (tool?.type !== 'function') throw new Error('That is no function.');
  return tool.invoke(new RunContext(), JSON.stringify(input));
};

describe('the tools of an agent', () => {
  it("are OpenAI's file search, and a function of this package", async () => {
    const espejo = fakeEspejo({ tools: [HOSTED, FUNCTION_TOOL] });
    const [hosted, functionTool] = await resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch });
    expect(hosted).toMatchObject({
      type: 'hosted_tool',
      name: 'file_search',
      providerData: { ...HOSTED.tool, include_search_results: true },
    });
    expect(functionTool).toMatchObject({
      type: 'function',
      name: 'search_handbook',
      description: FUNCTION_TOOL.tool.description,
      strict: true,
      parameters: { type: 'object', required: ['query'], additionalProperties: false },
    });
    expect(espejo.sent).toEqual([
      { method: 'GET', path: '/api/agents/support/tools', query: {}, authorization: 'Bearer esp_key', body: null },
    ]);
  });

  it('are requested with the stores to leave out and where mirrors are searched', async () => {
    const espejo = fakeEspejo({ tools: [] });
    const options = { ...ESPEJO, apiKey: undefined, agentKey: 'a:b', fetch: espejo.fetch };
    expect(await resolveAgentTools({ ...options, mirrors: 'espejo', leaveOut: ['vs_a', 'vs_b'] })).toEqual([]);
    expect(espejo.sent).toMatchObject([
      { path: '/api/agents/a%3Ab/tools', query: { mirrors: 'espejo', leaveOut: 'vs_a,vs_b' }, authorization: null },
    ]);
  });

  it('search through Espejo with their options, and return texts with their sources', async () => {
    const espejo = fakeEspejo({ tools: [FUNCTION_TOOL], search: found });
    const [functionTool] = await resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch });
    expect(JSON.parse(String(await invoke(functionTool, { query: 'leave' })))).toEqual({
      results: [{ file_id: 'file-1', filename: 'leave.md', score: 0.9, text: '30 days.' }],
    });
    expect(espejo.sent.at(-1)).toEqual({
      method: 'POST',
      path: '/v1/vector_stores/vs_c/search',
      query: {},
      authorization: 'Bearer esp_key',
      body: { max_num_results: 2, query: 'leave' },
    });
  });

  it('work in a run of the Agents SDK', async () => {
    const espejo = fakeEspejo({ tools: [HOSTED, FUNCTION_TOOL], search: found });
    const model = new ScriptedModel([
      [functionCall('search_handbook', { query: 'leave' }, { callId: 'call-1' })],
      [assistantMessage('You have 30 days.')],
    ]);
    const agent = new Agent({
      name: 'Support',
      instructions: 'Answer from the documents.',
      model,
      tools: await resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch }),
    });
    const result = await new Runner({ tracingDisabled: true }).run(agent, 'How many days of leave do I have?');
    expect(result.finalOutput).toBe('You have 30 days.');
    expect(model.calls[0]?.request.tools.map(({ name }) => name)).toEqual(['file_search', 'search_handbook']);
    expect(JSON.stringify(model.calls[1]?.request.input)).toContain('30 days.');
  });
});

describe('an agent that cannot be built or searched', () => {
  it.each([
    [
      410,
      'agent_store_unavailable',
      { agentKey: 'support', stores: [{ id: 'vs_c', name: 'Handbook', state: 'expired' }] },
    ],
    [409, 'agent_projects_mixed', { connectionIds: ['a', 'b'] }],
    [404, 'agent_not_found', undefined],
    [401, 'unauthorized', undefined],
  ])('is rejected before any run: %i %s', async (status, code, details) => {
    const espejo = fakeEspejo({ tools: refusal(status, code, `Why: ${code}.`, details) });
    await expect(resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch })).rejects.toMatchObject({
      name: 'ApiError',
      status,
      code,
      message: `Why: ${code}.`,
      details: details ?? null,
    });
  });

  it.each([
    Response.json({ agentKey: 'support', tools: [{ kind: 'oracle' }] }),
    Response.json([]),
    new Response('<html>', { status: 200 }),
  ])('is rejected for a response that is not from Espejo', async (answer) => {
    const espejo = fakeEspejo({ tools: answer });
    await expect(resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch })).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('reports to the model when a store expires between building and searching, instead of finding nothing', async () => {
    const cases: [Response, RegExp][] = [
      [
        wireRefusal(400, 'vector_store_expired', 'It has expired.'),
        /failed \(vector_store_expired\): It has expired\. .*say so/,
      ],
      [wireRefusal(404, null, 'No such store.'), /failed \(vector_store_not_found\): No such store\./],
      [new Response('oops', { status: 502 }), /failed \(bad_response\)/],
      [Response.json({ data: 'x' }), /failed \(bad_response\)/],
    ];
    for (const [answer, words] of cases) {
      const espejo = fakeEspejo({ tools: [FUNCTION_TOOL], search: () => answer });
      const [functionTool] = await resolveAgentTools({ ...ESPEJO, fetch: espejo.fetch });
      expect(await invoke(functionTool, { query: 'leave' })).toMatch(words);
    }
  });
});

function wireRefusal(status: number, code: string | null, message: string): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status });
}
