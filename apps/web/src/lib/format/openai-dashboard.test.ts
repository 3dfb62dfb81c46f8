import { expect, it } from 'vitest';
import { dashboardHref } from './openai-dashboard.ts';

it('links to the store in OpenAI’s dashboard if its project is at OpenAI', () => {
  expect(dashboardHref('vs_1', { baseUrl: 'https://api.openai.com/v1' })).toBe(
    'https://platform.openai.com/storage/vector_stores/vs_1',
  );
});

it('returns null for another server, a similar host name, or no connection', () => {
  for (const baseUrl of ['http://localhost:4000/v1', 'https://api.openai.com.example.org/v1', 'nonsense']) {
    expect(dashboardHref('vs_1', { baseUrl })).toBeNull();
  }
  expect(dashboardHref('vs_1', undefined)).toBeNull();
});
