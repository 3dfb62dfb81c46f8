const SHOWN = '(sensitive)';
/** Shorter texts would redact unrelated words. */
const LENGTH_MIN = 6;

/** Redacts secrets in texts. */
export function createRedactor() {
  const secrets = new Set<string>();
  return {
    add(texts: readonly string[]): void {
      for (const text of texts) if (text.length >= LENGTH_MIN) secrets.add(text);
    },
    redact(text: string): string {
      let clean = text;
      for (const secret of secrets) clean = clean.replaceAll(secret, SHOWN);
      return clean;
    },
  };
}
