import type { UpstreamDeleter } from './deleter.ts';
import type { UpstreamPort } from './port.ts';
import type { UpstreamPublisher } from './publisher.ts';
import type { UpstreamSearcher } from './searcher.ts';

/** The ports to one project. They share one pacer: after a 429 to one of them, all wait. */
export interface UpstreamConnection {
  readonly reader: UpstreamPort;
  readonly deleter: UpstreamDeleter;
  readonly searcher: UpstreamSearcher;
  readonly publisher: UpstreamPublisher;
}
