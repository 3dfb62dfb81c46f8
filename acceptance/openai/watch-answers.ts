import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { declaredErrors, isOfPattern } from '../openapi/declared-errors.ts';
import { type OpenApiDocument, operationsOf } from '../openapi/document.ts';

const PREFIX = '/v1';

export interface Watch {
  /** Sends a request like `fetch` and validates the answer against the document. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Answers that violate the document, a sentence each. */
  readonly faults: readonly string[];
  /** Operations that were answered with success. */
  readonly answered: ReadonlySet<string>;
}

/** Validates answers under `/v1`: each success must match its schema, each error must be declared. */
export function watchAnswers(document: OpenApiDocument): Watch {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  const declared = declaredErrors([{ document, prefix: PREFIX }]);
  const operations = operationsOf(document).map(({ method, path, operation }) => {
    const isJson = operation.responses['200']?.content?.['application/json'] !== undefined;
    return {
      name: `${method} ${PREFIX}${path}`,
      method,
      pattern: `${PREFIX}${path}`,
      /** Null: the answer is the bytes of a file. */
      check: isJson ? checkOf(path, method) : null,
    };
  });
  const faults: string[] = [];
  const answered = new Set<string>();

  function checkOf(path: string, method: string): ValidateFunction {
    const place = path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
    const schema = `document#/paths/${place}/${method.toLowerCase()}/responses/200/content/application~1json/schema`;
    return ajv.compile({ $ref: schema });
  }

  async function judge(method: string, url: string, response: Response): Promise<void> {
    const operation = operations.find(
      (one) => one.method === method && isOfPattern(new URL(url).pathname, one.pattern),
    );
    if (operation === undefined) return;
    const { name, check } = operation;
    if (response.ok) {
      answered.add(name);
      if (check === null || check(await response.json())) return;
      faults.push(`${name}: ${ajv.errorsText(check.errors)}`);
      return;
    }
    const { error } = (await response.json()) as { error: { code: string | null } };
    if (declared.has(name, response.status, error.code)) return;
    faults.push(`${name}: status ${response.status} with code ${error.code} is not in the document`);
  }

  return {
    faults,
    answered,
    async fetch(input, init) {
      const response = await fetch(input, init);
      const url = input instanceof Request ? input.url : String(input);
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      await judge(method.toUpperCase(), url, response.clone());
      return response;
    },
  };
}
