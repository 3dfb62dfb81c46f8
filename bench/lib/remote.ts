import { type ChildProcess, fork } from 'node:child_process';

/** Functions that a child process offers to its parent. Arguments and results are sent as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each method has its own argument type; `never` would reject every call.
export type Methods = Record<string, (input: any) => unknown>;

/** The same functions as the parent sees them. */
export type Remote<M extends Methods> = {
  readonly [K in keyof M]: (...args: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>>;
} & { stop(): Promise<void> };

interface Call {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}
type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly error: string });

/** In the child: answers the parent's calls, also concurrent ones, and ends with the parent. */
export function serve(methods: Methods): void {
  process.on('message', (call: Call) => {
    answer(methods, call).then(
      (reply) => process.send?.(reply),
      () => process.exit(1),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(methods: Methods, { id, method, input }: Call): Promise<Answer> {
  try {
    return { id, result: await methods[method]?.(input) };
  } catch (cause) {
    return { id, error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}

/** Starts `bench/processes/<name>.ts` in a separate process and discards its log. */
export function start<M extends Methods>(name: string, execArgv: readonly string[] = []): Remote<M> {
  const child = fork(new URL(`../processes/${name}.ts`, import.meta.url), {
    execArgv: [...process.execArgv, ...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (cause: Error) => void }>();
  let lastId = 0;
  child.on('message', (reply: Answer) => {
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if ('error' in reply) call?.reject(new Error(`${name}: ${reply.error}`));
    else call?.resolve(reply.result);
  });
  child.once('exit', (code, signal) => {
    for (const call of pending.values()) call.reject(new Error(`${name} ended with ${signal ?? `code ${code}`}.`));
    pending.clear();
  });
  const call = (method: string, input: unknown) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      child.send({ id: lastId, method, input } satisfies Call, (cause) => {
        if (cause !== null) reject(cause);
      });
    });
  return new Proxy({} as Remote<M>, {
    get: (_, method: string) => (method === 'stop' ? () => stop(child) : (input: unknown) => call(method, input)),
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.disconnect();
  });
}
