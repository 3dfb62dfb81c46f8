import { type FaultInput, startSandbox } from '@espejo/sandbox';
import { createOpenAiUpstream } from './openai-upstream.ts';
import { parseAttachment } from './parse/parse-attachment.ts';
import { parseFile } from './parse/parse-file.ts';
import { parseStore } from './parse/parse-store.ts';
import { UpstreamError, type UpstreamErrorKind } from './port.ts';
import { createFakeUpstream } from './testing/fake-upstream.ts';
import { attachmentSnapshot, fileSnapshot, storeSnapshot } from './testing/snapshots.ts';
import { describeUpstreamPort } from './upstream-port.suite.ts';

describeUpstreamPort('the fake', async () => {
  const scope = { organization: 'org-1', project: 'proj_1' };
  let failure: UpstreamErrorKind | null = null;
  let lastId = 0;
  const port = createFakeUpstream({
    scope,
    onCall() {
      if (failure !== null) throw new UpstreamError(failure, 'scripted');
    },
  });
  const { world } = port;
  return {
    port,
    scope,
    addStore() {
      const id = `vs_${++lastId}`;
      world.putStore(storeSnapshot({ id }));
      return id;
    },
    addFile() {
      const id = `file-${++lastId}`;
      world.putFile(fileSnapshot({ id }));
      return id;
    },
    attach: (storeId, fileId) => world.putAttachment(storeId, attachmentSnapshot({ fileId, attributes: { fileId } })),
    removeStore: world.removeStore,
    removeFile: world.removeFile,
    detach: world.removeAttachment,
    stores: () => [...world.stores.values()],
    files: () => [...world.files.values()],
    attachmentsOf: (storeId) => [...world.attachmentsOf(storeId).values()],
    failAll(kind) {
      failure = kind;
    },
    close: async () => {},
  };
});

const FAULTS: Record<UpstreamErrorKind, FaultInput> = {
  gone: { kind: 'status', status: 404 },
  unauthorized: { kind: 'status', status: 401 },
  forbidden: { kind: 'status', status: 403 },
  rate_limited: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  unavailable: { kind: 'status', status: 503 },
  malformed: { kind: 'html' },
};

describeUpstreamPort('the adapter over the sandbox', async () => {
  const sandbox = await startSandbox();
  const { state } = sandbox;
  return {
    port: createOpenAiUpstream({ baseUrl: sandbox.url, apiKey: 'sk-test', sleep: async () => {} }),
    scope: { organization: 'org-sandbox', project: 'proj_sandbox' },
    addStore: () => state.createStore().id,
    addFile: () => state.createFile({ filename: 'a.txt', purpose: 'assistants', content: new Uint8Array(3) }).id,
    attach: (storeId, fileId) => state.attach({ storeId, fileId, attributes: { fileId } }),
    removeStore: state.deleteStore,
    removeFile: (fileId) => state.deleteFile(fileId),
    detach: state.detach,
    stores: () => state.snapshot().stores.map(parseStore),
    files: () => state.snapshot().files.map(parseFile),
    attachmentsOf: (storeId) =>
      (state.snapshot().attachments.get(storeId) ?? []).map((row) => parseAttachment(row, storeId)),
    failAll: (kind) => void sandbox.faults.add(FAULTS[kind]),
    close: sandbox.close,
  };
});
