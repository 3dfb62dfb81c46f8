import type { z } from 'zod';
import { countCharacters } from '../base-name.ts';
import { OpenAiError } from './openai-error.ts';

type Issue = z.core.$ZodIssue;

/** A value in a message is cut to this length. */
const VALUE_SHOWN_MAX = 200;
const MISSING = 'missing_required_parameter';
/** The message of an issue that marks its place as one for a whole number. */
export const INTEGER_EXPECTED = 'integer expected';

/** The error of a value, made from the issues of its schema, with the message of the real API. */
export function refusalOfIssues(issues: readonly Issue[]): OpenAiError {
  return refusalOf(deepest(issues));
}

/** Of a union's branches, the one that got furthest is the most useful to the reader. */
function deepest(issues: readonly Issue[], path: PropertyKey[] = []): Issue {
  const [first] = issues;
  if (first === undefined) throw new Error('a failed parse has an issue');
  const here = [...path, ...first.path];
  const whole: Issue = { ...first, path: here };
  if (first.code !== 'invalid_union') return whole;
  const branches = first.errors.filter((branch) => branch.length > 0).map((branch) => deepest(branch, here));
  return branches.reduce((best, branch) => (tellsMore(branch, best) ? branch : best), whole);
}

/** At one place, "too long" says more than "not a string": the branch was the right one. */
function tellsMore(left: Issue, right: Issue): boolean {
  const isMismatch = ({ code }: Issue): boolean => code === 'invalid_type' || code === 'invalid_union';
  if (left.path.length !== right.path.length) return left.path.length > right.path.length;
  return isMismatch(right) && !isMismatch(left);
}

function refusalOf(issue: Issue): OpenAiError {
  const param = pathText(issue.path);
  const refuse = (message: string, code: string, at = param): OpenAiError =>
    new OpenAiError(400, message, at === '' ? { code } : { param: at, code });
  switch (issue.code) {
    case 'unrecognized_keys': {
      const name = pathText([...issue.path, issue.keys[0] ?? '']);
      return refuse(`Unknown parameter: '${name}'.`, 'unknown_parameter', name);
    }
    case 'invalid_type':
      if (issue.input === undefined) return refuse(missingText(param), MISSING);
      return refuse(
        `Invalid ${param === '' ? 'body' : `type for '${param}'`}: expected ${withArticle(issue.message === INTEGER_EXPECTED ? 'int' : issue.expected)}, ` +
          `but got ${described(issue.input)} instead.`,
        'invalid_type',
      );
    case 'invalid_union': {
      const { discriminator, input } = issue;
      if (input === undefined) return refuse(missingText(param), MISSING);
      if (discriminator === undefined) {
        return refuse(`Invalid type for '${param}': got ${described(input)}.`, 'invalid_type');
      }
      const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
      const given: unknown = Object(input)[discriminator];
      return refuse(valueText(param, given, options), given === undefined ? MISSING : 'invalid_value');
    }
    case 'invalid_value':
      return refuse(valueText(param, issue.input, issue.values), issue.input === undefined ? MISSING : 'invalid_value');
    case 'invalid_key':
      return refusalOf({ ...(issue.issues[0] ?? issue), path: issue.path });
    case 'too_big':
      return refuseSize({ issue, param, limit: Number(issue.maximum), ...TOO_BIG });
    case 'too_small':
      return refuseSize({ issue, param, limit: Number(issue.minimum), ...TOO_SMALL });
    default:
      return refuse(issue.message, 'invalid_value');
  }
}

function missingText(param: string): string {
  return `Missing required parameter: '${param}'.`;
}

function valueText(param: string, input: unknown, values: readonly unknown[]): string {
  if (input === undefined) return missingText(param);
  const quoted = values.map((value) => `'${String(value)}'`);
  const list = quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
  const rule = quoted.length < 2 ? `Value must be ${list}.` : `Supported values are: ${list}.`;
  return `Invalid value: ${shown(input)}. ${rule}`;
}

/** A value in a message: anything but text or a number is named by its kind, because it may not convert to text. */
function shown(input: unknown): string {
  if (typeof input === 'object' && input !== null) return described(input);
  const text = String(input);
  return `'${text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text}'`;
}

const TOO_BIG = { length: 'long', bound: 'maximum', side: 'above', sign: '<=', code: 'above_max' };
const TOO_SMALL = { length: 'short', bound: 'minimum', side: 'below', sign: '>=', code: 'below_min' };

interface SizeIssue extends Readonly<typeof TOO_BIG> {
  readonly issue: Issue & { readonly origin: string };
  readonly param: string;
  readonly limit: number;
}

function refuseSize({ issue, param, limit, length, bound, side, sign, code }: SizeIssue): OpenAiError {
  const { input, origin } = issue;
  if (origin === 'object') {
    const given = Object.keys(Object(input)).length;
    const names = (count: number) => `${count} ${count === 1 ? 'property' : 'properties'}`;
    return new OpenAiError(
      400,
      `Invalid '${param}': too many properties. Expected an object with at most ${names(limit)}, ` +
        `but got an object with ${names(given)} instead.`,
      { param, code: 'object_above_max_properties' },
    );
  }
  if (origin === 'string' || origin === 'array') {
    const given = typeof input === 'string' ? countCharacters(input) : Array.isArray(input) ? input.length : 0;
    const name = withArticle(origin);
    return new OpenAiError(
      400,
      `Invalid '${param}': ${origin} too ${length}. Expected ${name} with ${bound} length ${limit}, ` +
        `but got ${name} with length ${given} instead.`,
      { param, code: `${origin}_${code}_length` },
    );
  }
  const kind = Number.isInteger(input) ? 'integer' : 'decimal';
  return new OpenAiError(
    400,
    `Invalid '${param}': ${kind} ${side} ${bound} value. Expected a value ${sign} ${limit}, ` +
      `but got ${String(input)} instead.`,
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
