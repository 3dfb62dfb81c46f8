import type { Answer, RequestOptions } from '../support/http.ts';

type Ask = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

/** A store as its writer knows it: what was answered, and beside it what was asked and not answered. */
export interface StoreLedger {
  readonly id: string;
  /** Names it may have: the last accepted one, and those asked for since without an answer. */
  names: string[];
  /** Files accepted into it, with the attributes each may have. */
  readonly files: Map<string, { rounds: (number | null)[] }>;
  /** `asked`: it may be there or not. */
  deletion: 'none' | 'asked' | 'accepted';
}

export interface Writer {
  /** Writes, one request after the other, until the server is gone. */
  run(): Promise<void>;
  readonly stores: readonly StoreLedger[];
  /** Answers that a server on its way out may not give. */
  readonly faults: readonly string[];
}

/** What a server that stops may answer: the deletion is on record, and goes on at the next start. */
const STOPPING = new Set(['409 deletion_in_progress']);

/** A writer of its own stores. `onAccepted` is called at each write that was answered with success. */
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

  /** The answer to a write; null: it was refused for the stop, or nobody answered. */
  async function write(method: string, path: string, options: RequestOptions = {}): Promise<Answer | null> {
    let answer: Answer;
    try {
      answer = await ask(method, path, options);
    } catch {
      // Nobody listens any more, or the connection was closed before the answer: it may have been done or not.
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
    store.deletion = 'asked';
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
