import { PluginError } from '@espejo/terraform-plugin';
import type { Client } from './client.ts';

const FIRST_WAIT_MS = 150;
const WAIT_MS_MAX = 5_000;

/**
 * Polls with increasing delays until there is a result. Throws at the time limit and when the run is
 * stopped.
 */
export async function waitUntil<T>(
  {
    client,
    signal,
    timeoutSeconds,
    what,
  }: { client: Client; signal: AbortSignal; timeoutSeconds: number; what: string },
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const endMs = client.nowMs() + timeoutSeconds * 1000;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, WAIT_MS_MAX)) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (client.nowMs() >= endMs) {
      throw new PluginError(
        `Still waiting after ${timeoutSeconds} s`,
        `${what} It continues at the server. Apply again, or raise wait_timeout_seconds.`,
      );
    }
    await client.sleep(waitMs);
  }
}
