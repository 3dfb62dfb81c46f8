import { CreateConnectionBody } from '@espejo/contracts';
import { expect, it } from 'vitest';
import {
  differsFromSaved,
  hasOtherAddress,
  NEW_CONNECTION,
  toCreateBody,
  toTestBody,
  toUpdateBody,
} from './connection-draft.ts';

const saved = { ...NEW_CONNECTION, name: 'Support', project: 'proj_1' };

it('sends no field of a connection when only spaces changed, because a sent base URL resets its health', () => {
  expect(toUpdateBody(saved, { ...saved, name: ' Support ', baseUrl: `${saved.baseUrl} ` })).toEqual({});
});

it('sends only the changed field of a connection', () => {
  expect(toUpdateBody(saved, { ...saved, apiKey: ' sk-new ' })).toEqual({ apiKey: 'sk-new' });
  expect(toUpdateBody(saved, { ...saved, project: '' })).toEqual({ project: null });
  expect(toUpdateBody(saved, { ...saved, removalGraceMinutes: '1.5' })).toEqual({ removalGraceSeconds: 90 });
  expect(toUpdateBody(saved, { ...saved, isSyncEnabled: false })).toEqual({ isSyncEnabled: false });
});

it('builds a valid connection body and leaves a value that is not a number for the schema to reject', () => {
  const filled = { ...saved, apiKey: 'sk-1' };
  expect(CreateConnectionBody.safeParse(toCreateBody(filled)).success).toBe(true);
  for (const bad of [
    { removalGraceMinutes: '' },
    { removalGraceMinutes: 'soon' },
    { concurrency: '99' },
    { apiKey: ' ' },
  ]) {
    expect(CreateConnectionBody.safeParse(toCreateBody({ ...filled, ...bad })).success).toBe(false);
  }
});

it('tests the values of the form only when they differ from the saved connection', () => {
  expect(differsFromSaved(saved, { ...saved, name: 'Other', syncCron: '0 * * * *' })).toBe(false);
  expect(differsFromSaved(saved, { ...saved, apiKey: 'sk' })).toBe(true);
  expect(toTestBody({ ...saved, organization: ' ' })).toMatchObject({ organization: null, project: 'proj_1' });
});

it('counts a new base URL, organization or project as another address, but not a new key or name', () => {
  expect(hasOtherAddress(saved, { ...saved, apiKey: 'sk-new', name: 'Other', baseUrl: `${saved.baseUrl} ` })).toBe(
    false,
  );
  expect(hasOtherAddress(saved, { ...saved, baseUrl: 'https://example.com/v1' })).toBe(true);
  expect(hasOtherAddress(saved, { ...saved, organization: 'org-1' })).toBe(true);
  expect(hasOtherAddress(saved, { ...saved, project: '' })).toBe(true);
});
