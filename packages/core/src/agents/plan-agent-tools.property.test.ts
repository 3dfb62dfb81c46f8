import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FILE_SEARCH_RANKERS, type FileSearchOptions } from './file-search.ts';
import { planAgentTools, type ToolSource } from './plan-agent-tools.ts';

const options: fc.Arbitrary<FileSearchOptions> = fc.record({
  maxNumResults: fc.constantFrom(null, 5),
  filters: fc.constantFrom(null, { type: 'eq', key: 'lang', value: 'en' } as const),
  ranker: fc.constantFrom(null, FILE_SEARCH_RANKERS[0]),
  scoreThreshold: fc.constantFrom(null, 0.5),
  includeSearchResults: fc.boolean(),
});
// Few names, and some that become the same, so that names clash.
const name = fc.oneof(
  fc.constantFrom(
    null,
    '',
    'Help center',
    'help-center',
    'Hélp  CENTER',
    'Help center 00000001',
    '支持',
    'x'.repeat(200),
  ),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const sources: fc.Arbitrary<ToolSource[]> = fc.uniqueArray(
  fc.record({
    vectorStoreId: fc.nat(30).map((n) => `vs_${String(n).padStart(8, '0')}`),
    name,
    description: fc.option(fc.string({ maxLength: 2000 })),
    hostedBy: fc.constantFrom(null, 'conn-a', 'conn-b'),
    options,
  }),
  { selector: ({ vectorStoreId }) => vectorStoreId, maxLength: 20 },
);
const storesOf = (tool: ReturnType<typeof planAgentTools>[number]) =>
  tool.kind === 'hosted' ? tool.vectorStoreIds : [tool.vectorStoreId];

it('planAgentTools puts every store in exactly one tool, with its own options and where it can be searched', () => {
  fc.assert(
    fc.property(sources, (all) => {
      const tools = planAgentTools(all);
      expect(tools.flatMap(storesOf).sort()).toEqual(all.map(({ vectorStoreId }) => vectorStoreId).sort());
      for (const source of all) {
        const tool = tools.find((one) => storesOf(one).includes(source.vectorStoreId));
        expect(tool?.options).toEqual(source.options);
        expect(tool?.kind === 'hosted' ? tool.connectionId : null).toBe(source.hostedBy);
      }
    }),
  );
});

it('planAgentTools makes one hosted tool for each project and set of options, and no more', () => {
  fc.assert(
    fc.property(sources, (all) => {
      const hosted = all.filter(({ hostedBy }) => hostedBy !== null);
      const kinds = new Set(
        hosted.map((source) => JSON.stringify([source.hostedBy, Object.entries(source.options).sort()])),
      );
      expect(planAgentTools(all).filter(({ kind }) => kind === 'hosted')).toHaveLength(kinds.size);
    }),
  );
});

it('planAgentTools keeps the order of the stores, between tools and within one', () => {
  fc.assert(
    fc.property(sources, (all) => {
      const rank = (id: string | undefined) => all.findIndex(({ vectorStoreId }) => vectorStoreId === id);
      const tools = planAgentTools(all);
      const firsts = tools.map((tool) => rank(storesOf(tool)[0]));
      for (const ranks of [firsts, ...tools.map((tool) => storesOf(tool).map(rank))]) {
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }
    }),
  );
});

it('planAgentTools gives functions valid, distinct names, which do not depend on the order when store names differ', () => {
  fc.assert(
    fc.property(sources, (all) => {
      const namesOf = (list: readonly ToolSource[]) =>
        new Map(
          planAgentTools(list).flatMap((tool) => (tool.kind === 'function' ? [[tool.vectorStoreId, tool.name]] : [])),
        );
      const names = namesOf(all);
      for (const one of names.values()) expect(one).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(new Set(names.values()).size).toBe(names.size);
      const words = all.map((source) => source.name ?? '');
      const isAlike = words.some((word) => !/^[a-z]{1,20}$/.test(word)) || new Set(words).size < words.length;
      if (!isAlike) expect(namesOf(all.toReversed())).toEqual(names);
    }),
  );
});

it('planAgentTools names a function after its store', () => {
  const plain = { maxNumResults: null, filters: null, ranker: null, scoreThreshold: null, includeSearchResults: false };
  const source = (vectorStoreId: string, storeName: string | null): ToolSource => ({
    vectorStoreId,
    name: storeName,
    description: storeName === null ? null : 'Published articles.',
    hostedBy: null,
    options: plain,
  });
  const tools = planAgentTools([
    source('vs_00000001', 'Help center'),
    source('vs_00000002', null),
    source('vs_00000003', 'Wïki!'),
    source('vs_00000004', 'wiki'),
  ]);
  expect(tools.map((tool) => (tool.kind === 'function' ? [tool.name, tool.description] : []))).toEqual([
    ['search_help_center', "Searches the documents of 'Help center'. Published articles."],
    ['search_store', 'Searches the documents of vector store vs_00000002.'],
    ['search_wiki_00000003', "Searches the documents of 'Wïki!'. Published articles."],
    ['search_wiki_00000004', "Searches the documents of 'wiki'. Published articles."],
  ]);
});
