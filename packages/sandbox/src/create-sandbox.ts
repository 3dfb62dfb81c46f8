import { type Clock, createSystemClock } from './clock.ts';
import { type Delivery, dispatch, type RequestListener } from './dispatch.ts';
import { createFaultSet, type FaultSet } from './faults/fault-set.ts';
import { DEFAULT_ORGANIZATION, DEFAULT_PROJECT } from './http/authorise.ts';
import type { SandboxRequest } from './http/exchange.ts';
import { createRandom } from './random.ts';
import { createRequestRecorder, type RequestLog } from './request-log.ts';
import { type SampleSeed, seedSample } from './seed/sample/seed-sample.ts';
import { type BulkSeed, seedBulk } from './seed/seed-bulk.ts';
import { createProject, DEFAULT_SETTINGS, type Project, type ProjectSettings } from './state/project.ts';
import { createSandboxState, type SandboxState } from './state/sandbox-state.ts';

export interface SandboxOptions extends Partial<ProjectSettings> {
  /** Default: the machine's clock, which can be advanced. */
  readonly clock?: Clock | undefined;
  /** The seed of every id and every random choice. Default 1. */
  readonly seed?: number | undefined;
  /** The project of each key. Default: any key belongs to the default project. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  /** Value of the `openai-organization` header. */
  readonly organization?: string | undefined;
  /** Real milliseconds before each response. Default 0. */
  readonly latencyMs?: number | undefined;
}

/** A stand-in OpenAI server without its socket. */
export interface Sandbox {
  readonly clock: Clock;
  readonly faults: FaultSet;
  readonly requests: RequestLog;
  /** The default project: the first of the key ring, or the one of any key. */
  readonly state: SandboxState;
  /** Any project by id; created when it is first used. */
  stateOf(projectId: string): SandboxState;
  /** Fills the default project, or another one, with generated rows. */
  seed(size: BulkSeed, projectId?: string): void;
  /** Fills the default project, or another one, with the stores of a made-up company. */
  seedSample(sample: SampleSeed, projectId?: string): void;
  /** Calls back before each request under `/v1` is processed, and waits for it. Returns a function that stops it. */
  onRequest(listener: RequestListener): () => void;
  /** Removes all rows, faults and requests. The clock is not reset. */
  reset(): void;
  /** Answers one request under `/v1`. */
  handle(request: SandboxRequest): Promise<Delivery>;
}

/** Creates a sandbox. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = options.clock ?? createSystemClock();
  const seed = options.seed ?? 1;
  const settings: ProjectSettings = {
    processingDelayMs: options.processingDelayMs ?? DEFAULT_SETTINGS.processingDelayMs,
    ghostMode: options.ghostMode ?? DEFAULT_SETTINGS.ghostMode,
    deletedCursor: options.deletedCursor ?? DEFAULT_SETTINGS.deletedCursor,
    pollAfterMs: options.pollAfterMs ?? DEFAULT_SETTINGS.pollAfterMs,
  };
  const defaultProject = Object.values(options.keys ?? {})[0] ?? DEFAULT_PROJECT;
  const faults = createFaultSet();
  const recorder = createRequestRecorder();
  const listeners = new Set<RequestListener>();
  const projects = new Map<string, Project>();
  const projectOf = (id: string): Project => {
    const project = projects.get(id) ?? createProject({ id, clock, seed, settings });
    projects.set(id, project);
    return project;
  };
  const stateOf = (id: string): SandboxState => createSandboxState(() => projectOf(id));
  const deps = {
    keys: options.keys ?? null,
    organization: options.organization ?? DEFAULT_ORGANIZATION,
    latencyMs: options.latencyMs ?? 0,
    faults,
    recorder,
    listeners,
    random: createRandom(seed),
    projectOf,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };

  return {
    clock,
    faults,
    requests: recorder.log,
    state: stateOf(defaultProject),
    stateOf,
    seed: (size, projectId = defaultProject) => seedBulk(projectOf(projectId), size),
    seedSample: (sample, projectId = defaultProject) => seedSample(projectOf(projectId), sample),
    onRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: () => {
      projects.clear();
      faults.clear();
      recorder.log.clear();
    },
    handle: (request) => dispatch(deps, request),
  };
}
