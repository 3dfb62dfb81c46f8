import { setTimeout as delay } from 'node:timers/promises';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { collectEvents, type ReceivedEvent, readEvents } from '../support/events.ts';
import { hold } from '../support/hold.ts';
import { expectError } from '../support/http.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

const start = async (full = false) => (await espejo.call('startSyncRun', { body: { full } })).id;
const collect = (id: string) => collectEvents(espejo, id);
const watch = (id: string) => readEvents(espejo, id);

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 24, filesPerStore: 3 });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: 'sk-any',
      ESPEJO_SYNC_ENABLED: 'false',
    },
  });
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('the event stream of a sync run', () => {
  it('begins at once, reports progress and ends once with the finished run', async () => {
    using held = hold(sandbox, /\/files$/);
    const id = await start(true);
    await held.reached;
    const stream = watch(id);
    // The run is held, so only a stream that starts at once answers here.
    let next = await stream.next();
    expect(next.value?.event.type).toBe('progress');
    const events: ReceivedEvent[] = [];
    for (let phase = ''; next.done !== true; next = await stream.next()) {
      events.push(next.value);
      const { event } = next.value;
      if (event.type === 'progress') phase = event.data.phase;
      // It goes on only after the listing it is held at was reported.
      if (phase === 'listing_attachments') held.release();
    }
    expect(events.map(({ event }) => event.type).lastIndexOf('progress')).toBe(events.length - 2);
    expect(events.at(-1)?.event).toEqual({ type: 'end', data: await espejo.call('getSyncRun', { params: { id } }) });
    const phases = events.flatMap(({ event }) => (event.type === 'progress' ? [event.data.phase] : []));
    expect(phases).toContain('listing_attachments');
  });

  it('sends the state and the end of a run that has ended', async () => {
    const run = await syncOk(espejo);
    const events = await collect(run.id);
    expect(events.map(({ event }) => event)).toEqual([
      { type: 'progress', data: run.progress },
      { type: 'end', data: run },
    ]);
  });

  it('answers 404 for an unknown run', async () => {
    expectError(await espejo.request('GET', '/api/sync-runs/run_none/events'), 404, 'sync_run_not_found');
  });

  it('serves many clients, and one that disconnects does not affect the others', async () => {
    using held = hold(sandbox, /^\/vector_stores$/);
    const id = await start();
    await held.reached;
    const watchers = Array.from({ length: 30 }, () => collect(id));
    const leaver = new AbortController();
    const left = (async () => {
      for await (const _ of readEvents(espejo, id, leaver.signal)) leaver.abort();
    })();
    await expect(left).rejects.toThrow(/abort/i);
    await delay(50);
    held.release();
    const ends = (await Promise.all(watchers)).map((events) => events.at(-1)?.event);
    expect(ends).toHaveLength(30);
    for (const end of ends) expect(end).toMatchObject({ type: 'end', data: { id, status: 'succeeded' } });
    expect(espejo.log).not.toMatch(/MaxListenersExceeded|unhandled|write after end/i);
  });
});
