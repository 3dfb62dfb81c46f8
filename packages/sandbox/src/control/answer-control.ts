import { OpenAiError } from '@espejo/contracts/openai';
import { z } from 'zod';
import type { Sandbox } from '../create-sandbox.ts';
import { Fault } from '../faults/fault.ts';
import { errorReply } from '../http/error-reply.ts';
import { jsonReply, type SandboxReply, type SandboxRequest } from '../http/exchange.ts';
import { parseBody } from '../http/parse-body.ts';

const OneOrMoreFaults = z.union([Fault, z.array(Fault)]);
const AdvanceClock = z.strictObject({ advanceMs: z.number().min(0) });
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const SampleSeed = z.strictObject({
  sample: z.literal(true),
  seedEpochMs: count.optional(),
  projectId: z.string().optional(),
});
const BulkSeed = z.strictObject({
  projectId: z.string().optional(),
  stores: count.max(1_000_000),
  filesPerStore: count.optional(),
  attachments: count.max(10_000_000).optional(),
  sharedFraction: share.optional(),
  failedFraction: share.optional(),
  orphans: count.optional(),
  seed: z.int().optional(),
  epochMs: count.optional(),
  spanDays: z.number().min(0).optional(),
});

/** Answers the controls under `/_sandbox`: faults, clock, seed, requests and reset, over HTTP. */
export function answerControl(sandbox: Sandbox, request: SandboxRequest): SandboxReply {
  try {
    return json(control(sandbox, request));
  } catch (error) {
    if (error instanceof OpenAiError) return errorReply(error);
    throw error;
  }
}

function control(sandbox: Sandbox, request: SandboxRequest): unknown {
  const [, , verb = '', id] = request.path.split('/');
  const action = `${request.method} ${verb}`;
  switch (action) {
    case 'GET faults':
      return { data: sandbox.faults.list() };
    case 'POST faults': {
      const faults = parseBody(OneOrMoreFaults, request.body);
      return { ids: (Array.isArray(faults) ? faults : [faults]).map((fault) => sandbox.faults.add(fault)) };
    }
    case 'DELETE faults':
      if (id === undefined || id === '') sandbox.faults.clear();
      else if (!sandbox.faults.remove(id)) throw new OpenAiError(404, `No fault with id '${id}'.`);
      return { data: sandbox.faults.list() };
    case 'GET clock':
      return { nowMs: sandbox.clock.now() };
    case 'POST clock':
      sandbox.clock.advance(parseBody(AdvanceClock, request.body).advanceMs);
      return { nowMs: sandbox.clock.now() };
    case 'POST seed': {
      const { projectId, ...seed } = parseBody(z.union([SampleSeed, BulkSeed]), request.body);
      if ('sample' in seed) {
        sandbox.seedSample({ seedEpochMs: seed.seedEpochMs ?? sandbox.clock.now() }, projectId);
      } else sandbox.seed(seed, projectId);
      const { project } = projectId === undefined ? sandbox.state : sandbox.stateOf(projectId);
      return { projectId: project.id, stores: project.stores.size, files: project.files.size };
    }
    case 'GET requests': {
      const { total, writes, byRoute, peakInFlight, entries } = sandbox.requests;
      return { total, writes, byRoute, peakInFlight, entries };
    }
    case 'DELETE requests':
      sandbox.requests.clear();
      return { total: 0 };
    case 'POST reset':
      sandbox.reset();
      return { isReset: true };
    default:
      throw new OpenAiError(404, `Unknown control: ${request.method} ${request.path}`);
  }
}

function json(value: unknown): SandboxReply {
  return jsonReply(JSON.stringify(value));
}
