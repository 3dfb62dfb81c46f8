import { Action, type ApiKey, type CreatedApiKey, type MemberList, Role } from '@espejo/contracts';
import { actionsOf, type Rights } from '@espejo/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBrowser, invite, setUp, type TestBrowser } from '../../testing/browser.ts';
import { type ApiHarness, createApiHarness } from '../../testing/whole-api-harness.ts';

const START_MS = 1_800_000_000_000;
const DAY_S = 86_400;

interface Bounds {
  readonly role: Role;
  readonly actions: Action[] | null;
  readonly expiresInDays: number | null;
}

const bounds: fc.Arbitrary<Bounds> = fc.record({
  role: fc.constantFrom(...Role.options),
  actions: fc.option(fc.subarray([...Action.options], { minLength: 1 })),
  expiresInDays: fc.option(fc.integer({ min: 1, max: 60 })),
});
/** Scopes of a key that may create others. */
const makers = bounds.map(
  (made): Bounds => ({
    ...made,
    role: 'owner',
    actions: made.actions && [...new Set<Action>([...made.actions, 'own'])],
  }),
);

function isWithin(given: Rights, giver: Rights): boolean {
  const own = actionsOf(giver);
  return (
    actionsOf(given).every((action) => own.includes(action)) &&
    (giver.storeIds === null || (given.storeIds?.every((id) => giver.storeIds?.includes(id)) ?? false))
  );
}

async function open(): Promise<{ api: ApiHarness; ana: TestBrowser; storeId: string; memberId: string }> {
  const api = await createApiHarness(START_MS);
  const ana = await setUp(api);
  await invite(api, ana, { email: 'vic@example.com', role: 'viewer' });
  const { id: storeId } = (await ana.send('POST', '/api/vector-stores', { name: 's' })).body as { id: string };
  const { data } = (await ana.send('GET', '/api/members')).body as MemberList;
  const memberId = data.find(({ isYou }) => !isYou)?.id ?? '';
  return { api, ana, storeId, memberId };
}

const asBearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('API keys that create API keys', () => {
  it('never create one with more permissions than themselves, by any endpoint', async () => {
    const { api, ana, storeId, memberId } = await open();
    const program = createBrowser(api);
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(makers, bounds, async (maker, made) => {
        turn += 1;
        const { key, ...giver } = (await ana.send('POST', '/api/api-keys', { name: 'maker', ...maker }))
          .body as CreatedApiKey;
        const send = (method: 'POST' | 'PUT' | 'PATCH', path: string, body: object) =>
          program.send(method, path, body, asBearer(key));
        const endsInTime = (given: ApiKey) =>
          giver.expiresAt === null || (given.expiresAt !== null && given.expiresAt <= giver.expiresAt);

        const created = await send('POST', '/api/api-keys', { name: 'made', ...made });
        if (created.status === 201) {
          const given = created.body as CreatedApiKey;
          expect({ given, isWithin: isWithin(given, giver), isInTime: endsInTime(given) }).toMatchObject({
            isWithin: true,
            isInTime: true,
          });
        } else expect(created.code).toBe('scope_insufficient');

        const other = (await ana.send('POST', '/api/api-keys', { name: 'other', ...made })).body as CreatedApiKey;
        const rotated = await send('POST', `/api/api-keys/${other.id}/rotate`, {});
        if (rotated.status === 201) {
          const given = rotated.body as CreatedApiKey;
          expect({ given, isWithin: isWithin(given, giver), isInTime: endsInTime(given) }).toMatchObject({
            isWithin: true,
            isInTime: true,
          });
        } else expect(rotated.code).toBe('scope_insufficient');

        const person: Rights = { role: made.role, actions: null, storeIds: null };
        const invited = await send('POST', '/api/invitations', {
          email: `guest${turn}@example.com`,
          role: made.role,
        });
        expect(invited.status).toBe(isWithin(person, giver) ? 201 : 403);

        await ana.send('PATCH', `/api/members/${memberId}`, { role: made.role === 'viewer' ? 'editor' : 'viewer' });
        const raised = await send('PATCH', `/api/members/${memberId}`, { role: made.role });
        expect(raised.status).toBe(isWithin(person, giver) ? 200 : 403);

        const inStore: Rights = { role: 'editor', actions: null, storeIds: [storeId] };
        const granted = await send('PUT', `/api/members/${memberId}/grants/${storeId}`, { role: 'editor' });
        expect(granted.status).toBe(isWithin(inStore, giver) ? 200 : 403);
      }),
      { numRuns: 40 },
    );
  });

  it('create only keys limited to their own stores when they are, and show that scope', async () => {
    const { api, ana } = await open();
    const { key } = (await ana.send('POST', '/api/api-keys', { name: 'o', role: 'owner', actions: ['own'] }))
      .body as CreatedApiKey;
    const program = createBrowser(api);
    const make = (body: object) => program.send('POST', '/api/api-keys', body, asBearer(key));
    expect(await make({ name: 'all', role: 'owner' })).toMatchObject({
      status: 403,
      code: 'scope_insufficient',
      body: { error: { details: { actions: ['own'] } } },
    });
    expect((await make({ name: 'same', role: 'owner', actions: ['own'] })).status).toBe(201);
  });

  it('cannot extend their own lifetime when they expire', async () => {
    const { api, ana } = await open();
    const { key, id, expiresAt } = (
      await ana.send('POST', '/api/api-keys', { name: 'short', role: 'owner', expiresInDays: 1 })
    ).body as CreatedApiKey;
    expect(expiresAt).toBe(START_MS / 1000 + DAY_S);
    api.clock.advance(1_000);
    const program = createBrowser(api);
    expect(await program.send('POST', `/api/api-keys/${id}/rotate`, {}, asBearer(key))).toMatchObject({
      status: 403,
      code: 'scope_insufficient',
      body: { error: { details: { expiresAt } } },
    });
    // A principal that does not expire may.
    expect((await ana.send('POST', `/api/api-keys/${id}/rotate`, {})).status).toBe(201);
  });
});
