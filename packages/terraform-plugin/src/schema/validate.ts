import { isObject, isUnknown, type ObjectValue, type Value } from '../cty/types.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { Attributes } from './schema.ts';

/** Runs the `check` of every attribute whose value is known; deeper errors name their path in the detail. */
export function checkAttributes(attributes: Attributes, config: ObjectValue): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (specs: Attributes, values: ObjectValue, root: string | undefined, path: string): void => {
    for (const [name, spec] of Object.entries(specs)) {
      const value = values[name] ?? null;
      if (value === null || isUnknown(value)) continue;
      const fault = spec.check?.(value);
      const at = `${path}${name}`;
      if (fault !== undefined) {
        found.push({
          severity: 'error',
          summary: `Invalid ${at}`,
          detail: fault,
          attribute: root ?? name,
        });
      }
      if (spec.nested === undefined) continue;
      for (const [key, member] of membersOf(value, spec.nested.nesting)) {
        if (isObject(member)) visit(spec.nested.attributes, member, root ?? name, `${at}${key}.`);
      }
    }
  };
  visit(attributes, config, undefined, '');
  return found;
}

function membersOf(value: Value, nesting: string): readonly (readonly [string, Value])[] {
  if (nesting === 'single') return [['', value]];
  if (Array.isArray(value)) return value.map((item, index) => [`[${index}]`, item as Value] as const);
  return isObject(value) ? Object.entries(value).map(([key, item]) => [`["${key}"]`, item] as const) : [];
}
