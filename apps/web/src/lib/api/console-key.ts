import { ErrorBody } from '@espejo/contracts';
import { ApiError } from './client.ts';

/** Has the console's server delete the key of this browser. */
export async function forgetKey(): Promise<void> {
  await fetch('/api/session', { method: 'DELETE' });
}

/** Sends an API key to the console's server, which stores it in a cookie that scripts cannot read. Throws ApiError. */
export async function openSession(apiKey: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiKey }),
    });
  } catch {
    throw new ApiError(0, 'network', 'The console is not reachable. Check that it is running, then try again.', null);
  }
  if (response.ok) return;
  const body = ErrorBody.safeParse(await response.json().catch(() => null));
  const error = body.success ? body.data.error : null;
  throw new ApiError(
    response.status,
    error?.code ?? 'bad_response',
    error?.message ?? `The console answered ${response.status} without a reason.`,
    error?.requestId ?? null,
  );
}
