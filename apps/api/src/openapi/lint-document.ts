import { createConfig, lintFromString } from '@redocly/openapi-core';

/** Examples may omit fields of a schema that is combined of several. */
const RULES = {
  'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true },
  // One of the servers is an Espejo on the reader's own machine.
  'no-server-example.com': 'off',
} as const;

/** Lints an OpenAPI document; returns the problems, one line each. */
export async function lintDocument(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'], rules: RULES });
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config,
  });
  return problems.map(({ ruleId, message, location: [place] }) => `${ruleId}: ${message} (${place?.pointer ?? ''})`);
}
