import type { Answer, RequestOptions } from '../support/http.ts';

type Ask = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

/** The expected state of a store: accepted writes, and writes without an answer. */
export interface StoreLedger {
  readonly id: string;
  /** Possible names: the last accepted one, and later requested ones without an answer. */
  names: string[];
  /** Accepted files, with the attributes each may have. */
  readonly files: Map<string, { rounds: (number | null)[] }>;
  /** `requested`: it may exist or not. */
  deletion: 'none' | 'requested' | 'accepted';
}

export interface Writer {
  /** Writes, one request after the other, until the server is gone. */
  run(): Promise<void>;
  readonly stores: readonly StoreLedger[];
  /** Answers that a stopping server must not give. */
  readonly faults: readonly string[];
}

/** Allowed from a stopping server: the deletion is recorded and continues at the next start. */
const STOPPING = new Set(['409 deletion_in_progress']);

/** A writer with its own stores. `onAccepted` is called for each write that was answered with success. */
export function createWriter(input: {
  readonly name: string;
  readonly ask: Ask;
  readonly random: () => number;
  readonly onAccepted: () => void;
}): Writer {
  const { name, ask, random, onAccepted } = input;
  const stores: StoreLedger[] = [];
  const faults: string[] = [];
  let serial = 0;
  let isGone = false;

  /** The answer to a write; null: it was rejected because of the stop, or not answered. */
  async function write(method: string, path: string, options: RequestOptions = {}): Promise<Answer | null> {
    let answer: Answer;
    try {
      answer = await ask(method, path, options);
    } catch {
      // The server no longer listens, or closed the connection before the answer: the write may be done or not.
      isGone = true;
      return null;
    }
    if (answer.status < 300) {
      onAccepted();
      return answer;
    }
    const { code } = (answer.json as { error?: { code?: string } } | undefined)?.error ?? {};
    const said = `${answer.status} ${code}`;
    if (!STOPPING.has(said)) faults.push(`${method} ${path}: ${said} ${answer.text.slice(0, 300)}`);
    return null;
  }

  async function create(): Promise<void> {
    serial += 1;
    const called = `${name} ${serial}`;
    const answer = await write('POST', '/api/vector-stores', { json: { name: called } });
    if (answer === null) return;
    const { id } = answer.json as { id: string };
    stores.push({ id, names: [called], files: new Map(), deletion: 'none' });
  }
  async function rename(store: StoreLedger): Promise<void> {
    serial += 1;
    const called = `${name} ${serial}`;
    store.names.push(called);
    const answer = await write('PATCH', `/api/vector-stores/${store.id}`, { json: { name: called } });
    if (answer !== null) store.names = [called];
  }
  async function upload(store: StoreLedger): Promise<void> {
    serial += 1;
    const path = `/api/vector-stores/${store.id}/uploads?filename=${serial}.txt`;
    const headers = { 'content-type': 'text/plain' };
    const answer = await write('POST', path, { body: `Note ${serial} of ${name}.`, headers });
    if (answer !== null) store.files.set((answer.json as { id: string }).id, { rounds: [null] });
  }
  async function setAttributes(store: StoreLedger): Promise<void> {
    const [fileId, file] = [...store.files][Math.floor(random() * store.files.size)] ?? [];
    if (fileId === undefined || file === undefined) return upload(store);
    serial += 1;
    const round = serial;
    file.rounds.push(round);
    const path = `/api/vector-stores/${store.id}/files/${fileId}`;
    const answer = await write('PATCH', path, { json: { attributes: { round } } });
    if (answer !== null) file.rounds = [round];
  }
  async function remove(store: StoreLedger): Promise<void> {
    store.deletion = 'requested';
    const answer = await write('DELETE', `/v1/vector_stores/${store.id}?files=delete`);
    if (answer !== null) store.deletion = 'accepted';
  }

  return {
    stores,
    faults,
    async run() {
      while (!isGone) {
        const store = stores.findLast(({ deletion }) => deletion === 'none');
        const chance = random();
        if (store === undefined || chance < 0.15) await create();
        else if (chance < 0.25) await remove(store);
        else if (chance < 0.5) await rename(store);
        else if (chance < 0.75) await upload(store);
        else await setAttributes(store);
      }
    },
  };
}
