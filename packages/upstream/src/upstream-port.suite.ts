import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamErrorKind, UpstreamPage, UpstreamPort, UpstreamScope } from './port.ts';

/** One upstream under test: the port, and control over the other side. */
export interface PortHarness {
  readonly port: UpstreamPort;
  readonly scope: UpstreamScope;
  /** Each returns the id of the new object. */
  addStore(): string;
  addFile(): string;
  attach(storeId: string, fileId: string): void;
  removeStore(storeId: string): void;
  removeFile(fileId: string): void;
  detach(storeId: string, fileId: string): void;
  /** What exists, oldest first. */
  stores(): readonly StoreSnapshot[];
  files(): readonly FileSnapshot[];
  attachmentsOf(storeId: string): readonly AttachmentSnapshot[];
  /** Every request from now on fails in a way that the port must report as this kind. */
  failAll(kind: UpstreamErrorKind): void;
  close(): Promise<void>;
}

/** What every implementation of the port guarantees. */
export function describeUpstreamPort(name: string, start: () => Promise<PortHarness>): void {
  describe(`${name} is an UpstreamPort`, () => {
    let upstream: PortHarness;
    let port: UpstreamPort;

    beforeEach(async () => {
      upstream = await start();
      port = upstream.port;
    });
    afterEach(async () => {
      await upstream.close();
    });

    function addStores(count: number): string[] {
      return Array.from({ length: count }, () => upstream.addStore());
    }

    function addStoreWithFiles(count: number): { readonly storeId: string; readonly fileIds: readonly string[] } {
      const storeId = upstream.addStore();
      const fileIds = Array.from({ length: count }, () => upstream.addFile());
      for (const fileId of fileIds) upstream.attach(storeId, fileId);
      return { storeId, fileIds };
    }

    it.each([0, 1, 99, 100, 101, 200, 250])('lists %i stores in exactly ceil(n/100) requests', async (count) => {
      addStores(count);
      expect(await rowsOf(port.listVectorStores())).toEqual(upstream.stores());
      expect(upstream.stores()).toHaveLength(count);
      expect(port.requestCount).toBe(Math.max(1, Math.ceil(count / 100)));
    });

    it.each([0, 1, 100, 201])('lists %i attachments in exactly ceil(n/100) requests', async (count) => {
      const { storeId } = addStoreWithFiles(count);
      expect(await rowsOf(port.listAttachments(storeId))).toEqual(upstream.attachmentsOf(storeId));
      expect(upstream.attachmentsOf(storeId)).toHaveLength(count);
      expect(port.requestCount).toBe(Math.max(1, Math.ceil(count / 100)));
    });

    it('lists files, 10,000 per request', async () => {
      for (let n = 0; n < 10_001; n++) upstream.addFile();
      const pages = await collect(port.listFiles());
      expect(pages.map((page) => page.items.length)).toEqual([10_000, 1]);
      expect(pages.flatMap((page) => page.items)).toEqual(upstream.files());
      expect(port.requestCount).toBe(2);
    });

    it('reports with every page and every check whose data it is', async () => {
      const pages = await collect(port.listFiles());
      expect(pages.map((page) => page.scope)).toEqual([upstream.scope]);
      expect(await port.check()).toEqual(upstream.scope);
    });

    it('throws gone for the attachments of a store that does not exist', async () => {
      const [storeId = ''] = addStores(1);
      upstream.removeStore(storeId);
      await expect(collect(port.listAttachments(storeId))).rejects.toMatchObject({ kind: 'gone', httpStatus: 404 });
    });

    it('throws gone when the store is deleted between two pages of its attachments', async () => {
      const { storeId } = addStoreWithFiles(150);
      const listing = drain(port.listAttachments(storeId), () => upstream.removeStore(storeId));
      await expect(listing).rejects.toMatchObject({ kind: 'gone' });
    });

    it('lists every remaining row when the object of the cursor is deleted while paging', async () => {
      const ids = addStores(250);
      const deleted = ids[199] ?? '';
      const seen = new Set<string>();
      let pageCount = 0;
      await drain(port.listVectorStores(), (stores) => {
        for (const store of stores) seen.add(store.id);
        if (++pageCount === 2) upstream.removeStore(deleted);
      });
      expect(ids.filter((id) => id !== deleted && !seen.has(id))).toEqual([]);
    });

    it('lists what is added while paging', async () => {
      addStores(101);
      const seen: string[] = [];
      let added: string | null = null;
      await drain(port.listVectorStores(), (stores) => {
        seen.push(...stores.map((store) => store.id));
        added ??= upstream.addStore();
      });
      expect(seen).toHaveLength(102);
      expect(seen.at(-1)).toBe(added);
    });

    it('distinguishes present from absent, for stores, files and attachments', async () => {
      const { storeId, fileIds } = addStoreWithFiles(2);
      const [kept = '', detached = ''] = fileIds;
      upstream.detach(storeId, detached);
      expect(await port.probeVectorStore(storeId)).toBe('present');
      expect(await port.probeFile(kept)).toBe('present');
      expect(await port.probeFile(kept, { isInteractive: true })).toBe('present');
      expect(await port.probeAttachment(storeId, kept)).toBe('present');
      expect(await port.probeAttachment(storeId, detached)).toBe('absent');
      upstream.removeStore(storeId);
      upstream.removeFile(detached);
      expect(await port.probeVectorStore(storeId)).toBe('absent');
      expect(await port.probeFile(detached)).toBe('absent');
      expect(await port.probeAttachment(storeId, kept)).toBe('absent');
    });

    it.each<UpstreamErrorKind>(['unauthorized', 'forbidden', 'rate_limited', 'unavailable', 'malformed'])(
      'throws %s from everything, and never treats it as absence',
      async (kind) => {
        const { storeId, fileIds } = addStoreWithFiles(1);
        const [fileId = ''] = fileIds;
        upstream.failAll(kind);
        await expect(collect(port.listVectorStores())).rejects.toMatchObject({ name: 'UpstreamError', kind });
        await expect(collect(port.listAttachments(storeId))).rejects.toMatchObject({ kind });
        await expect(collect(port.listFiles())).rejects.toMatchObject({ kind });
        await expect(port.probeVectorStore(storeId)).rejects.toMatchObject({ kind });
        await expect(port.probeAttachment(storeId, fileId)).rejects.toMatchObject({ kind });
        await expect(port.probeFile(fileId)).rejects.toMatchObject({ kind });
        await expect(port.check()).rejects.toMatchObject({ kind });
        if (kind === 'rate_limited') expect(port.rateLimitedCount).toBe(port.requestCount);
        else expect(port.rateLimitedCount).toBe(0);
      },
    );

    it('throws the reason of a signal that is aborted already, without a request', async () => {
      const signal = AbortSignal.abort(new Error('cancelled'));
      await expect(collect(port.listVectorStores({ signal }))).rejects.toThrow('cancelled');
      await expect(port.probeFile('file-1', { signal })).rejects.toThrow('cancelled');
      await expect(port.check({ signal })).rejects.toThrow('cancelled');
      expect(port.requestCount).toBe(0);
    });

    it('throws the reason of a signal that is aborted between two pages, without another request', async () => {
      addStores(101);
      const controller = new AbortController();
      const listing = drain(port.listVectorStores({ signal: controller.signal }), () =>
        controller.abort(new Error('cancelled')),
      );
      await expect(listing).rejects.toThrow('cancelled');
      expect(port.requestCount).toBe(1);
    });

    it('sends nothing more when the reader stops early', async () => {
      addStores(101);
      for await (const page of port.listVectorStores()) {
        expect(page.items).toHaveLength(100);
        break;
      }
      expect(port.requestCount).toBe(1);
    });
  });
}

async function collect<T>(pages: AsyncIterable<UpstreamPage<T>>): Promise<UpstreamPage<T>[]> {
  const collected: UpstreamPage<T>[] = [];
  for await (const page of pages) collected.push(page);
  return collected;
}

async function rowsOf<T>(pages: AsyncIterable<UpstreamPage<T>>): Promise<T[]> {
  return (await collect(pages)).flatMap((page) => page.items);
}

async function drain<T>(pages: AsyncIterable<UpstreamPage<T>>, onPage: (rows: readonly T[]) => void): Promise<void> {
  for await (const page of pages) onPage(page.items);
}
