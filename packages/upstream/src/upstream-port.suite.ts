import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamErrorKind, UpstreamPage, UpstreamPort, UpstreamScope } from './port.ts';
import type { FakeWorld } from './testing/fake-world.ts';
import { attachmentSnapshot, fileSnapshot, storeSnapshot } from './testing/snapshots.ts';

/** One upstream under test: the port, and the world behind it as the other side would change it. */
export interface PortHarness {
  readonly port: UpstreamPort;
  readonly world: Pick<
    FakeWorld,
    'putStore' | 'putFile' | 'putAttachment' | 'removeStore' | 'removeFile' | 'removeAttachment'
  >;
  readonly scope: UpstreamScope;
  /** Every request from now on fails in a way that the port must report as this kind. */
  failAll(kind: UpstreamErrorKind): void;
  close(): Promise<void>;
}

/** What every implementation of the port guarantees, over whatever it stands on. */
export function describeUpstreamPort(name: string, start: () => Promise<PortHarness>): void {
  describe(`${name} is an UpstreamPort`, () => {
    let harness: PortHarness;
    let port: UpstreamPort;

    beforeEach(async () => {
      harness = await start();
      port = harness.port;
    });
    afterEach(async () => {
      await harness.close();
    });

    it.each([0, 1, 99, 100, 101, 200, 250])('lists %i stores in exactly ceil(n/100) requests', async (count) => {
      const stores = range(count).map((n) => storeSnapshot({ id: `vs_${n}`, createdAt: 1_758_000_000 + n }));
      for (const store of stores) harness.world.putStore(store);
      const pages = await collect(port.listVectorStores());
      expect(pages.flatMap((page) => page.items)).toEqual(stores);
      expect(port.requestCount).toBe(Math.max(1, Math.ceil(count / 100)));
    });

    it.each([0, 100, 201])('lists %i attachments in exactly ceil(n/100) requests', async (count) => {
      harness.world.putStore(storeSnapshot({ id: 'vs_1' }));
      const attachments = range(count).map((n) =>
        attachmentSnapshot({ fileId: `file-${n}`, createdAt: 1_758_000_000 + n, attributes: { n } }),
      );
      for (const row of attachments) {
        harness.world.putFile(fileSnapshot({ id: row.fileId }));
        harness.world.putAttachment('vs_1', row);
      }
      const pages = await collect(port.listAttachments('vs_1'));
      expect(pages.flatMap((page) => page.items)).toEqual(attachments);
      expect(port.requestCount).toBe(Math.max(1, Math.ceil(count / 100)));
    });

    it('lists files, 10,000 a request', async () => {
      const files = range(10_001).map((n) => fileSnapshot({ id: `file-${n}`, createdAt: 1_758_000_000 + n }));
      for (const file of files) harness.world.putFile(file);
      const pages = await collect(port.listFiles());
      expect(pages.map((page) => page.items.length)).toEqual([10_000, 1]);
      expect(pages.flatMap((page) => page.items)).toEqual(files);
      expect(port.requestCount).toBe(2);
    });

    it('says with every page and every check whose data it is', async () => {
      const pages = await collect(port.listFiles());
      expect(pages.map((page) => page.scope)).toEqual([harness.scope]);
      expect(await port.check()).toEqual(harness.scope);
    });

    it('throws gone for the attachments of a store that is not there', async () => {
      await expect(drain(port.listAttachments('vs_none'))).rejects.toMatchObject({ kind: 'gone', httpStatus: 404 });
    });

    it('throws gone when the store is deleted between two pages of its attachments', async () => {
      harness.world.putStore(storeSnapshot({ id: 'vs_1' }));
      for (const n of range(150)) {
        harness.world.putFile(fileSnapshot({ id: `file-${n}` }));
        harness.world.putAttachment('vs_1', attachmentSnapshot({ fileId: `file-${n}` }));
      }
      const listing = drainWith(port.listAttachments('vs_1'), () => harness.world.removeStore('vs_1'));
      await expect(listing).rejects.toMatchObject({ kind: 'gone' });
    });

    it('lists every survivor when the object of the cursor is deleted while paging', async () => {
      for (const n of range(250)) {
        harness.world.putStore(storeSnapshot({ id: `vs_${n}`, createdAt: 1_758_000_000 + n }));
      }
      const seen = new Set<string>();
      let pageCount = 0;
      for await (const page of port.listVectorStores()) {
        for (const store of page.items) seen.add(store.id);
        if (++pageCount === 2) harness.world.removeStore('vs_199');
      }
      expect(range(250).filter((n) => n !== 199 && !seen.has(`vs_${n}`))).toEqual([]);
    });

    it('lists what is added while paging', async () => {
      for (const n of range(101)) {
        harness.world.putStore(storeSnapshot({ id: `vs_${n}`, createdAt: 1_758_000_000 + n }));
      }
      let hasAdded = false;
      const ids: string[] = [];
      for await (const page of port.listVectorStores()) {
        ids.push(...page.items.map((store) => store.id));
        if (!hasAdded) harness.world.putStore(storeSnapshot({ id: 'vs_new', createdAt: 1_758_900_000 }));
        hasAdded = true;
      }
      expect(ids).toHaveLength(102);
      expect(ids.at(-1)).toBe('vs_new');
    });

    it('tells present from absent, for stores, files and attachments', async () => {
      harness.world.putStore(storeSnapshot({ id: 'vs_1' }));
      harness.world.putFile(fileSnapshot({ id: 'file-1' }));
      harness.world.putFile(fileSnapshot({ id: 'file-2' }));
      harness.world.putAttachment('vs_1', attachmentSnapshot({ fileId: 'file-1' }));
      expect(await port.probeVectorStore('vs_1')).toBe('present');
      expect(await port.probeVectorStore('vs_2')).toBe('absent');
      expect(await port.probeFile('file-1')).toBe('present');
      expect(await port.probeFile('file-3')).toBe('absent');
      expect(await port.probeAttachment('vs_1', 'file-1')).toBe('present');
      expect(await port.probeAttachment('vs_1', 'file-2')).toBe('absent');
      expect(await port.probeAttachment('vs_2', 'file-1')).toBe('absent');
      expect(await port.probeFile('file-1', { isInteractive: true })).toBe('present');
    });

    it.each<UpstreamErrorKind>(['unauthorized', 'forbidden', 'rate_limited', 'unavailable', 'malformed'])(
      'throws %s from everything, and never takes it for absence',
      async (kind) => {
        harness.failAll(kind);
        await expect(drain(port.listVectorStores())).rejects.toMatchObject({ name: 'UpstreamError', kind });
        await expect(drain(port.listAttachments('vs_1'))).rejects.toMatchObject({ kind });
        await expect(drain(port.listFiles())).rejects.toMatchObject({ kind });
        await expect(port.probeVectorStore('vs_1')).rejects.toMatchObject({ kind });
        await expect(port.probeAttachment('vs_1', 'file-1')).rejects.toMatchObject({ kind });
        await expect(port.probeFile('file-1')).rejects.toMatchObject({ kind });
        await expect(port.check()).rejects.toMatchObject({ kind });
        if (kind === 'rate_limited') expect(port.rateLimitedCount).toBeGreaterThanOrEqual(7);
        else expect(port.rateLimitedCount).toBe(0);
      },
    );

    it('throws the reason of a signal that is aborted already, without a request', async () => {
      const signal = AbortSignal.abort(new Error('cancelled'));
      await expect(drain(port.listVectorStores({ signal }))).rejects.toThrow('cancelled');
      await expect(port.probeFile('file-1', { signal })).rejects.toThrow('cancelled');
      await expect(port.check({ signal })).rejects.toThrow('cancelled');
      expect(port.requestCount).toBe(0);
    });

    it('throws the reason of a signal that is aborted between two pages, without another request', async () => {
      for (const n of range(101)) {
        harness.world.putStore(storeSnapshot({ id: `vs_${n}`, createdAt: 1_758_000_000 + n }));
      }
      const controller = new AbortController();
      const listing = drainWith(port.listVectorStores({ signal: controller.signal }), () =>
        controller.abort(new Error('cancelled')),
      );
      await expect(listing).rejects.toThrow('cancelled');
      expect(port.requestCount).toBe(1);
    });

    it('sends nothing more when the reader stops early', async () => {
      for (const n of range(101)) {
        harness.world.putStore(storeSnapshot({ id: `vs_${n}`, createdAt: 1_758_000_000 + n }));
      }
      for await (const page of port.listVectorStores()) {
        expect(page.items).toHaveLength(100);
        break;
      }
      expect(port.requestCount).toBe(1);
    });
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

async function collect<T>(pages: AsyncIterable<UpstreamPage<T>>): Promise<UpstreamPage<T>[]> {
  const collected: UpstreamPage<T>[] = [];
  for await (const page of pages) collected.push(page);
  return collected;
}

async function drain<T>(pages: AsyncIterable<UpstreamPage<T>>): Promise<void> {
  for await (const _ of pages);
}

async function drainWith<T>(pages: AsyncIterable<UpstreamPage<T>>, afterPage: () => void): Promise<void> {
  for await (const _ of pages) afterPage();
}
