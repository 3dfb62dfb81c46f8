import { type AgentTools, FunctionSearchTool, HostedSearchTool } from '@espejo/contracts';
import { RunContext } from '@openai/agents';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolveAgentTools } from './resolve-agent-tools.ts';
import { fakeEspejo } from './testing/fake-espejo.ts';

const id = fc.stringMatching(/^vs_[a-z0-9]{1,8}$/);
const scalar = fc.oneof(fc.string(), fc.integer());
const { filter } = fc.letrec<{ filter: Record<string, unknown> }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), key: fc.string(), value: scalar }),
    fc.record({ type: fc.constantFrom('in', 'nin'), key: fc.string(), value: fc.array(scalar, { maxLength: 3 }) }),
    fc.record({ type: fc.constantFrom('and', 'or'), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
}));
const fields = fc.record(
  {
    max_num_results: fc.integer({ min: 1, max: 50 }),
    filters: filter,
    ranking_options: fc.record(
      {
        ranker: fc.constantFrom('auto', 'default-2024-11-15'),
        score_threshold: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const hosted = fc
  .record({ ids: fc.uniqueArray(id, { minLength: 1, maxLength: 4 }), fields, includeSearchResults: fc.boolean() })
  .map(({ ids, fields: search, includeSearchResults }) =>
    HostedSearchTool.parse({
      kind: 'hosted',
      connectionId: 'conn',
      includeSearchResults,
      tool: { type: 'file_search', vector_store_ids: ids, ...search },
    }),
  );
const functionTool = fc.record({ id, fields, name: fc.stringMatching(/^search_[a-z0-9_]{1,20}$/) }).map((spec) =>
  FunctionSearchTool.parse({
    kind: 'function',
    vectorStoreId: spec.id,
    tool: { type: 'function', name: spec.name, description: 'd', strict: true, parameters: {} },
    search: { method: 'POST', path: `/v1/vector_stores/${spec.id}/search`, body: spec.fields },
  }),
);
const specs: fc.Arbitrary<AgentTools['tools']> = fc.array(fc.oneof(hosted, functionTool), { maxLength: 6 });

/** Without undefined fields, as after JSON. */
const onWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it('resolveAgentTools returns exactly the tools of the response, in order and with their options', async () => {
  await fc.assert(
    fc.asyncProperty(specs, fc.string({ minLength: 1 }), async (tools, query) => {
      const espejo = fakeEspejo({ tools, search: () => Response.json({ data: [] }) });
      const resolved = await resolveAgentTools({ baseUrl: 'http://espejo.test', agentKey: 'a', fetch: espejo.fetch });
      expect(resolved).toHaveLength(tools.length);
      for (const [index, spec] of tools.entries()) {
        const tool = resolved[index];
        if (spec.kind === 'hosted') {
          const { include_search_results, name, ...rest } =
            tool?.type === 'hosted_tool' ? (tool.providerData ?? {}) : {};
          expect([onWire(rest), include_search_results, name]).toEqual([
            onWire(spec.tool),
            spec.includeSearchResults,
            'file_search',
          ]);
          continue;
        }
        if (tool?.type !== 'function') throw new Error('A function was expected.');
        expect([tool.name, tool.description]).toEqual([spec.tool.name, spec.tool.description]);
        expect(await tool.invoke(new RunContext(), JSON.stringify({ query }))).toBe('{"results":[]}');
        expect(espejo.sent.at(-1)).toMatchObject({ path: spec.search.path });
        expect(espejo.sent.at(-1)?.body).toEqual(onWire({ ...spec.search.body, query }));
      }
    }),
  );
});
