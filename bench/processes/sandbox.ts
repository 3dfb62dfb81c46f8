import { type BulkSeed, type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { serve } from '../lib/remote.ts';

/** Rows are the same in every run; their ids come from the sandbox's own seed. */
const EPOCH_MS = Date.UTC(2026, 0, 1);

let sandbox: RunningSandbox | undefined;

const methods = {
  async open(input: { size: BulkSeed; latencyMs?: number }): Promise<{
    url: string;
    seedMs: number;
    rssMaxBytes: number;
  }> {
    sandbox = await startSandbox({ latencyMs: input.latencyMs });
    const startedAt = performance.now();
    sandbox.seed({ ...input.size, epochMs: EPOCH_MS });
    return { url: sandbox.url, seedMs: performance.now() - startedAt, rssMaxBytes: rssMaxBytes() };
  },
  /** Requests since the last call. */
  takeRequests(): { total: number; writes: number; byRoute: Readonly<Record<string, number>> } {
    const { requests } = opened();
    const { total, writes, byRoute } = requests;
    requests.clear();
    return { total, writes, byRoute };
  },
  /** The current counts. */
  count(): { stores: number; files: number } {
    const { state } = opened();
    return { stores: state.storeIds().length, files: state.fileIds().length };
  },
  memory: () => ({ rssMaxBytes: rssMaxBytes() }),
};
export type SandboxMethods = typeof methods;

function opened(): RunningSandbox {
  if (sandbox === undefined) throw new Error('open comes first');
  return sandbox;
}

function rssMaxBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

serve(methods);
