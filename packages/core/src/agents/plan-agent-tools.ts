import type { FileSearchOptions } from './file-search.ts';

/** A store that an agent is to search. */
export interface ToolSource {
  readonly vectorStoreId: string;
  readonly name: string | null;
  readonly description: string | null;
  /** The project in which OpenAI's file search finds it. Null: it is searched through Espejo. */
  readonly hostedBy: string | null;
  readonly options: FileSearchOptions;
}

/** OpenAI's file search over stores of one project that all have the same options. */
export interface HostedSearchPlan {
  readonly kind: 'hosted';
  readonly connectionId: string;
  readonly vectorStoreIds: readonly string[];
  readonly options: FileSearchOptions;
}

/** A function that the agent calls to search one store through Espejo. */
export interface FunctionSearchPlan {
  readonly kind: 'function';
  readonly name: string;
  readonly description: string;
  readonly vectorStoreId: string;
  readonly options: FileSearchOptions;
}

export type AgentToolPlan = HostedSearchPlan | FunctionSearchPlan;

/** OpenAI's limit for a function's name: 64 letters, digits, `_` and `-`. */
const NAME_MAX = 64;
const DESCRIPTION_MAX = 1024;
const SUFFIX_LENGTH = 8;

/**
 * The tools of an agent, in the order of its stores: one for all hosted stores of a project with equal options, one for
 * each other store. Every store is in exactly one tool, and no two functions share a name. A store with a unique name
 * keeps its function's name at any position in the list.
 */
export function planAgentTools(sources: readonly ToolSource[]): AgentToolPlan[] {
  const names = nameFunctions(sources.filter((source) => source.hostedBy === null));
  const hosted = new Map<string, HostedSearchPlan & { vectorStoreIds: string[] }>();
  const tools: AgentToolPlan[] = [];
  for (const source of sources) {
    const { vectorStoreId, hostedBy, options } = source;
    if (hostedBy === null) {
      const name = names.get(vectorStoreId) ?? vectorStoreId;
      tools.push({ kind: 'function', name, description: describe(source), vectorStoreId, options });
      continue;
    }
    const { maxNumResults, filters, ranker, scoreThreshold, includeSearchResults } = options;
    const group = JSON.stringify([hostedBy, maxNumResults, filters, ranker, scoreThreshold, includeSearchResults]);
    const known = hosted.get(group);
    if (known !== undefined) {
      known.vectorStoreIds.push(vectorStoreId);
      continue;
    }
    const tool = { kind: 'hosted' as const, connectionId: hostedBy, vectorStoreIds: [vectorStoreId], options };
    hosted.set(group, tool);
    tools.push(tool);
  }
  return tools;
}

function nameFunctions(sources: readonly ToolSource[]): ReadonlyMap<string, string> {
  const plain = Map.groupBy(sources, ({ name }) => plainName(name));
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const take = (source: ToolSource, wanted: string): void => {
    let name = wanted;
    for (let n = 2; taken.has(name); n += 1) name = `${wanted.slice(0, NAME_MAX - `_${n}`.length)}_${n}`;
    taken.add(name);
    names.set(source.vectorStoreId, name);
  };
  for (const [name, [first, ...others]] of plain) {
    if (first !== undefined && others.length === 0) take(first, name);
  }
  for (const [name, group] of plain) {
    if (group.length === 1) continue;
    for (const source of group) {
      const suffix = source.vectorStoreId.replaceAll(/[^A-Za-z0-9]/g, '').slice(-SUFFIX_LENGTH);
      take(source, `${name.slice(0, NAME_MAX - SUFFIX_LENGTH - 1)}_${suffix}`);
    }
  }
  return names;
}

function plainName(name: string | null): string {
  const words = (name ?? '')
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return `search_${words?.join('_') ?? 'store'}`.slice(0, NAME_MAX);
}

function describe({ vectorStoreId, name, description }: ToolSource): string {
  const what = `Searches the documents of ${name === null ? `vector store ${vectorStoreId}` : `'${name}'`}.`;
  return `${what}${description === null ? '' : ` ${description}`}`.slice(0, DESCRIPTION_MAX);
}
