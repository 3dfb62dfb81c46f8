import type { RunningSandbox } from '@espejo/sandbox';

export interface Hold extends Disposable {
  /** The first request that is held has arrived. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Makes the sandbox wait with every request whose path fits until it is released: a sync in slow motion. */
export function hold(sandbox: RunningSandbox, path: RegExp): Hold {
  const arrival = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const stop = sandbox.onRequest((request) => {
    if (!path.test(request.path)) return undefined;
    arrival.resolve();
    return gate.promise;
  });
  function release(): void {
    stop();
    gate.resolve();
  }
  return { reached: arrival.promise, release, [Symbol.dispose]: release };
}
