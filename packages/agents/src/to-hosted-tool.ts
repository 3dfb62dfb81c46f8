import type { HostedSearchTool } from '@espejo/contracts';
import { SearchFilter } from '@espejo/contracts/openai';
import { fileSearchTool, type HostedTool } from '@openai/agents';

type RankingOptions = NonNullable<NonNullable<Parameters<typeof fileSearchTool>[1]>['rankingOptions']>;

/** OpenAI's file search, which runs in the project of the mirrors. */
export function toHostedTool({ tool, includeSearchResults }: HostedSearchTool): HostedTool {
  const { vector_store_ids: ids, max_num_results: maxNumResults, filters, ranking_options: ranking } = tool;
  return fileSearchTool(ids, {
    includeSearchResults,
    ...(maxNumResults !== undefined && { maxNumResults }),
    ...(filters !== undefined && { filters: SearchFilter.parse(filters) }),
    ...(ranking !== undefined && { rankingOptions: toRankingOptions(ranking) }),
  });
}

function toRankingOptions({
  ranker,
  score_threshold,
}: {
  ranker?: string | undefined;
  score_threshold?: number | undefined;
}): RankingOptions {
  return {
    ...((ranker === 'auto' || ranker === 'default-2024-11-15') && { ranker }),
    ...(score_threshold !== undefined && { score_threshold }),
  };
}
