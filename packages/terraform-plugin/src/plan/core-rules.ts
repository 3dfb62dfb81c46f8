import { hasUnknown, isEqual, isObject, isUnknown, type ObjectValue, type Value } from '../cty/types.ts';
import { type Attribute, type Attributes, isComputed, type Schema } from '../schema/schema.ts';

/*
 * The rules by which Terraform's core accepts a plan and the result of an apply, as an oracle for tests. Core reports a
 * violation as "Provider produced invalid plan" or "Provider produced inconsistent result after apply".
 */

/** The reasons for which core would reject a plan, a sentence each. */
export function planFaults(
  schema: Schema,
  prior: ObjectValue | null,
  config: ObjectValue,
  planned: ObjectValue,
): readonly string[] {
  return attributeFaults(schema.attributes, prior, config, planned, '');
}

function attributeFaults(
  attributes: Attributes,
  prior: ObjectValue | null,
  config: ObjectValue,
  planned: ObjectValue,
  path: string,
): string[] {
  const faults: string[] = [];
  for (const name of Object.keys(planned)) {
    if (attributes[name] === undefined) faults.push(`${path}${name}: not in the schema.`);
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = `${path}${name}`;
    const plan = planned[name];
    if (plan === undefined) faults.push(`${at}: missing.`);
    else faults.push(...oneFault(attribute, prior?.[name] ?? null, config[name] ?? null, plan, at));
  }
  return faults;
}

function oneFault(attribute: Attribute, prior: Value, config: Value, planned: Value, at: string): string[] {
  const { type, nested } = attribute;
  if (config === null) {
    if (planned === null || isComputed(attribute) || isEqual(type, prior, planned)) return [];
    return [`${at}: planned value for a non-computed attribute.`];
  }
  if (isUnknown(config)) return [];
  if (nested !== undefined && isUnknown(planned)) return [`${at}: planned unknown for configured value.`];
  if (nested?.nesting === 'single' && isObject(config) && isObject(planned)) {
    return attributeFaults(nested.attributes, isObject(prior) ? prior : null, config, planned, `${at}.`);
  }
  if (hasUnknown(config) || isEqual(type, config, planned) || isEqual(type, prior, planned)) return [];
  return [`${at}: planned value does not match config value nor prior value.`];
}

/** The reasons for which core would reject a new state after an apply without an error. */
export function resultFaults(schema: Schema, planned: ObjectValue, result: ObjectValue): readonly string[] {
  const faults: string[] = [];
  for (const [name, { type }] of Object.entries(schema.attributes)) {
    const value = result[name];
    if (value === undefined) faults.push(`${name}: missing.`);
    else if (hasUnknown(value)) faults.push(`${name}: unknown after apply.`);
    else faults.push(...mismatches(type, planned[name] ?? null, value, name));
  }
  return faults;
}

function mismatches(type: Attribute['type'], planned: Value, result: Value, at: string): string[] {
  if (isUnknown(planned)) return [];
  if (isObject(planned) && isObject(result) && typeof type !== 'string') {
    const names = new Set([...Object.keys(planned), ...Object.keys(result)]);
    return [...names].flatMap((name) => {
      const member = type[0] === 'object' ? (type[1][name] ?? 'dynamic') : type[0] === 'map' ? type[1] : 'dynamic';
      return mismatches(member, planned[name] ?? null, result[name] ?? null, `${at}.${name}`);
    });
  }
  return hasUnknown(planned) || isEqual(type, planned, result) ? [] : [`${at}: was planned otherwise.`];
}
