import { UpstreamError } from '../port.ts';
import { UpstreamRefused } from '../publisher.ts';
import type { UpstreamConnection } from '../upstream-connection.ts';

/**
 * One error for every failure of the network, for users who must not learn what listens where: a refused address or
 * connection, silence, a broken response, and a server without OpenAI's API all look the same.
 */
export function noSuchServer(cause: unknown): UpstreamError {
  return new UpstreamError('unavailable', MESSAGE, { cause });
}

const MESSAGE =
  "No server that speaks OpenAI's API answered at the base URL of this connection. Check the base URL. The operator of this Espejo finds the reason in the log, and may have to allow the address.";

/**
 * Ports whose failures show only what a server with OpenAI's API said itself. Their kind for the running work stays.
 */
export function veilConnection({ reader, deleter, searcher, publisher }: UpstreamConnection): UpstreamConnection {
  return {
    reader: veilPort(reader),
    deleter: veilPort(deleter),
    searcher: veilPort(searcher),
    publisher: veilPort(publisher),
  };
}

/** Wraps every method, including future ones. */
function veilPort<T extends object>(port: T): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...inputs: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, inputs);
        if (result instanceof Promise) return result.catch(rethrowVeiled);
        return isPages(result) ? veilPages(result) : result;
      };
    },
  });
}

async function* veilPages(pages: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    yield* pages;
  } catch (cause) {
    rethrowVeiled(cause);
  }
}

function rethrowVeiled(cause: unknown): never {
  if (!(cause instanceof UpstreamError) || cause.isSpoken) throw cause;
  const details = { httpStatus: cause.httpStatus, shownKind: 'unavailable', cause } as const;
  throw cause instanceof UpstreamRefused
    ? new UpstreamRefused(cause.kind, MESSAGE, details)
    : new UpstreamError(cause.kind, MESSAGE, details);
}

function isPages(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
