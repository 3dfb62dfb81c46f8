import { describe, expect, it } from 'vitest';
import { QUERIES_MAX, queriesOf, type SearchDraft, toSearchBody } from './search-request.ts';

const draft: SearchDraft = {
  text: 'ships',
  filter: '',
  ranker: 'auto',
  vectorShare: 50,
  threshold: 0,
  limit: 10,
};

describe('toSearchBody', () => {
  it('splits the weight between vectors and words', () => {
    expect(toSearchBody({ ...draft, vectorShare: 80 })).toMatchObject({ embeddingWeight: 0.8, textWeight: 0.2 });
    expect(toSearchBody(draft)).toEqual({
      queries: ['ships'],
      filters: null,
      limit: 10,
      scoreThreshold: 0,
      ranker: 'auto',
      embeddingWeight: 0.5,
      textWeight: 0.5,
    });
  });

  it('reads one query per line, up to the maximum of a search', () => {
    expect(queriesOf(' ships \n\n night\r\n')).toEqual(['ships', 'night']);
    expect(queriesOf('x\n'.repeat(20))).toHaveLength(QUERIES_MAX);
  });

  it('returns no request without a query or with an incomplete filter', () => {
    expect(toSearchBody({ ...draft, text: ' \n ' })).toBeUndefined();
    expect(toSearchBody({ ...draft, filter: '{"type":' })).toBeUndefined();
  });
});
