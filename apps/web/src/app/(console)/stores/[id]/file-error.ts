/** Why a file failed, from upstream's `last_error`; null when there is none. */
export function errorText(lastError: Readonly<Record<string, unknown>> | null): string | null {
  if (lastError === null) return null;
  const { code, message } = lastError;
  const parts = [code, message].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? JSON.stringify(lastError) : parts.join(': ');
}
