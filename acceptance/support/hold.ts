import type { RunningSandbox } from '@espejo/sandbox';

export interface Hold extends Disposable {
  /** The first request that is held has arrived. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Holds every sandbox request with a matching path until it is released. */
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
