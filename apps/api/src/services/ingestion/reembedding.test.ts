import { asSystem } from '@espejo/core';
import { createLexicalEmbedder, type Embedder } from '@espejo/retrieval';
import { describe, expect, it } from 'vitest';
import { ACTOR, createPrimaryHarness, type PrimaryHarness, TENANT } from '../../testing/primary-harness.ts';
import { addFile, addStore, attach, countsOf } from '../../testing/primary-verbs.ts';
import { detachFile } from '../attachments/detach-file.ts';
import { openStoreIndex } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';

/** Four-dimensional vectors computed from the lengths of texts. */
function tinyEmbedder(onEmbed: () => Promise<void> = async () => undefined): Embedder {
  return {
    model: { fingerprint: 'tiny', name: 'tiny-4', dimensions: 4, kind: 'remote' },
    async embed(texts) {
      await onEmbed();
      return texts.map((text) => Float32Array.of(text.length, 1, 0, 0));
    },
  };
}

const lexical = createLexicalEmbedder();

/** A store with two files, made with the lexical embedder. */
async function filledStore(): Promise<{ h: PrimaryHarness; storeId: string; ids: string[] }> {
  const h = await createPrimaryHarness();
  await h.primary.start();
  const storeId = await addStore(h);
  const ids = [(await addFile(h, 'one')).id, (await addFile(h, 'two')).id];
  for (const id of ids) await attach(h, storeId, id);
  await h.primary.idle();
  return { h, storeId, ids };
}

const open = (h: PrimaryHarness, storeId: string) => openStoreIndex(h.deps, { tenantId: TENANT, storeId });

describe('reembedding', () => {
  it('rebuilds every store in the background from the text in its index', async () => {
    const { h, storeId } = await filledStore();
    const before = await countsOf(h, storeId);
    const next = await h.openAgain({ embedder: tinyEmbedder() });
    await expect(open(next, storeId)).rejects.toMatchObject({ code: 'embeddings_unavailable' });
    await next.primary.start();
    await next.primary.idle();
    expect(next.index.fingerprintOf(storeKey(TENANT, storeId))).toBe('tiny');
    expect((await open(next, storeId)).model.name).toBe('tiny-4');
    const content = Object.values(next.index.contentOf(storeKey(TENANT, storeId)) ?? {}).flat();
    expect(content.sort()).toEqual(['one', 'two']);
    expect(await countsOf(next, storeId)).toEqual(before);
    expect(await next.db.read.embeddingModels.ofStore(TENANT, storeId)).toBe('tiny');
  });

  it('keeps a store searchable with its old model until then, when that model is available', async () => {
    const { h, storeId } = await filledStore();
    const next = await h.openAgain({ embedder: tinyEmbedder(), others: [lexical] });
    expect((await open(next, storeId)).model.fingerprint).toBe(lexical.model.fingerprint);
  });

  it('is interrupted by other work in the store, and then continues', async () => {
    const { h, storeId, ids } = await filledStore();
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let isFirst = true;
    const embedder = tinyEmbedder(async () => {
      if (!isFirst) return;
      isFirst = false;
      reached.resolve();
      await gate.promise;
    });
    const next = await h.openAgain({ embedder });
    await next.primary.start();
    await reached.promise;
    const added = await addFile(next, 'three');
    await attach(next, storeId, added.id);
    await detachFile(next.deps, { by: asSystem(TENANT, ACTOR), storeId, fileId: ids[0] ?? '' });
    gate.resolve();
    await next.primary.idle();
    await next.primary.idle();
    expect(next.index.fingerprintOf(storeKey(TENANT, storeId))).toBe('tiny');
    expect(next.index.contentOf(storeKey(TENANT, storeId))).toEqual({ [ids[1] ?? '']: ['two'], [added.id]: ['three'] });
  });

  it('reads the model from the index when a process died before recording it', async () => {
    const { h, storeId } = await filledStore();
    const tiny = tinyEmbedder();
    await h.index.reembed(storeKey(TENANT, storeId), tiny.model, (texts) => tiny.embed(texts, { purpose: 'document' }));
    const next = await h.openAgain({ embedder: tiny });
    expect((await open(next, storeId)).model.fingerprint).toBe('tiny');
    expect(await next.db.read.embeddingModels.ofStore(TENANT, storeId)).toBe('tiny');
  });

  it('leaves the store as it was after an error, and retries it', async () => {
    const { h, storeId } = await filledStore();
    let isDown = true;
    const embedder = tinyEmbedder(async () => {
      if (isDown) throw new Error('no answer');
    });
    const next = await h.openAgain({ embedder });
    await next.primary.start();
    await next.primary.idle();
    expect(next.index.fingerprintOf(storeKey(TENANT, storeId))).toBe(lexical.model.fingerprint);
    isDown = false;
    const last = await next.openAgain({ embedder });
    await last.primary.start();
    await last.primary.idle();
    expect(last.index.fingerprintOf(storeKey(TENANT, storeId))).toBe('tiny');
  });
});
