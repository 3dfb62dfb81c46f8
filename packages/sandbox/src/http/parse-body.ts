import type { z } from 'zod';
import { WireError } from '../errors.ts';

const BROKEN_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

type Issue = z.core.$ZodIssue;

/** Reads a JSON body by its schema; a body that breaks it is refused in the words of the real API. */
export function parseBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  let json: unknown = {};
  if (body.byteLength > 0) {
    try {
      json = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      throw new WireError(400, BROKEN_JSON);
    }
  }
  return parseValue(schema, json);
}

/** Checks a value by its schema and refuses the first thing wrong with it. */
export function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw refusalOf(deepest(result.error.issues));
}

/** Of a union's branches, the one that got furthest tells the reader most. */
function deepest(issues: readonly Issue[], path: PropertyKey[] = []): Issue {
  const [first] = issues;
  if (first === undefined) throw new Error('a failed parse has an issue');
  const here = [...path, ...first.path];
  if (first.code !== 'invalid_union' || first.errors.length === 0) return { ...first, path: here };
  const branches = first.errors.filter((branch) => branch.length > 0).map((branch) => deepest(branch, here));
  const inner = branches.sort((left, right) => right.path.length - left.path.length)[0];
  return inner === undefined || inner.path.length <= here.length ? { ...first, path: here } : inner;
}

function refusalOf(issue: Issue): WireError {
  const param = pathText(issue.path);
  const refuse = (message: string, code: string, at = param): WireError =>
    new WireError(400, message, at === '' ? { code } : { param: at, code });
  switch (issue.code) {
    case 'unrecognized_keys': {
      const name = pathText([...issue.path, issue.keys[0] ?? '']);
      return refuse(`Unknown parameter: '${name}'.`, 'unknown_parameter', name);
    }
    case 'invalid_type':
      if (issue.input === undefined) {
        return refuse(`Missing required parameter: '${param}'.`, 'missing_required_parameter');
      }
      return refuse(
        `Invalid type for '${param}': expected ${withArticle(issue.expected)}, but got ${described(issue.input)} instead.`,
        'invalid_type',
      );
    case 'invalid_union':
      if (issue.input === undefined) {
        return refuse(`Missing required parameter: '${param}'.`, 'missing_required_parameter');
      }
      return refuse(`Invalid value for '${param}': got ${described(issue.input)}.`, 'invalid_type');
    case 'invalid_value': {
      if (issue.input === undefined) {
        return refuse(`Missing required parameter: '${param}'.`, 'missing_required_parameter');
      }
      const values = issue.values.map((value) => `'${String(value)}'`);
      const list = values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
      const supported = values.length < 2 ? `Value must be ${list}.` : `Supported values are: ${list}.`;
      return refuse(`Invalid value: '${String(issue.input)}'. ${supported}`, 'invalid_value');
    }
    case 'too_big':
      return refuseSize(issue, param, 'too long', 'maximum', Number(issue.maximum), '<=', 'above_max');
    case 'too_small':
      return refuseSize(issue, param, 'too short', 'minimum', Number(issue.minimum), '>=', 'below_min');
    default:
      return refuse(issue.message, 'invalid_value');
  }
}

function refuseSize(
  issue: Issue & { readonly origin: string },
  param: string,
  fault: string,
  bound: string,
  limit: number,
  sign: string,
  code: string,
): WireError {
  const { input, origin } = issue;
  if (origin === 'string' || origin === 'array') {
    const length = typeof input === 'string' || Array.isArray(input) ? input.length : 0;
    const article = origin === 'array' ? 'an array' : 'a string';
    return new WireError(
      400,
      `Invalid '${param}': ${origin} ${fault}. Expected ${article} with ${bound} length ${limit}, but got ${article} with length ${length} instead.`,
      { param, code: `${origin}_${code}_length` },
    );
  }
  const kind = origin === 'int' || Number.isInteger(input) ? 'integer' : 'decimal';
  return new WireError(
    400,
    `Invalid '${param}': ${kind} ${code.split('_')[0]} ${bound} value. Expected a value ${sign} ${limit}, but got ${String(input)} instead.`,
    { param, code: `${kind}_${code}_value` },
  );
}

function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

function described(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'an array';
  if (typeof input === 'number') return Number.isInteger(input) ? 'an integer' : 'a decimal';
  return withArticle(typeof input);
}

function withArticle(type: string): string {
  const name = type === 'int' ? 'integer' : type === 'record' ? 'object' : type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}
