const SHOWN = '(sensitive)';
/** Shorter texts would redact words that have nothing to do with a secret. */
const LENGTH_MIN = 6;

/** Takes secrets out of texts. */
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
