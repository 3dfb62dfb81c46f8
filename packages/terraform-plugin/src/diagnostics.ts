/** A message to the user: an error ends the command, a warning does not. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** A root attribute; Terraform shows its line. Deeper paths have no line, so name the rest in the detail. */
  readonly attribute?: string | undefined;
}

/** An error with a message for the user. Any other thrown error is reported as unexpected. */
export class PluginError extends Error {
  readonly summary: string;
  readonly detail: string;
  readonly attribute: string | undefined;

  constructor(summary: string, detail: string, options: { attribute?: string; cause?: unknown } = {}) {
    super(`${summary}: ${detail}`, { cause: options.cause });
    this.name = 'PluginError';
    this.summary = summary;
    this.detail = detail;
    this.attribute = options.attribute;
  }
}

export function errorDiagnostic(cause: unknown): Diagnostic {
  if (cause instanceof PluginError) {
    return { severity: 'error', summary: cause.summary, detail: cause.detail, attribute: cause.attribute };
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return { severity: 'error', summary: 'The provider failed', detail: `${text}\n\nTF_LOG=debug shows more.` };
}

/** Diagnostics in the form of the protocol, with secrets redacted. */
export function toMessages(diagnostics: readonly Diagnostic[], redact: (text: string) => string) {
  return diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: severity === 'error' ? 1 : 2,
    summary: redact(summary),
    detail: redact(detail),
    ...(attribute !== undefined && { attribute: { steps: [{ attributeName: attribute }] } }),
  }));
}
