import { isEqual, isObject, type ObjectValue, UNKNOWN, type Value } from '../cty/types.ts';
import { type Attribute, type Attributes, isComputed, type Schema } from '../schema/schema.ts';

/**
 * The initial plan of a resource, before the provider's own rules: configured values are kept; computed
 * values are the default, the prior value, or unknown.
 */
export function startPlan(
  schema: Schema,
  prior: ObjectValue | null,
  proposed: ObjectValue,
  config: ObjectValue,
): ObjectValue {
  return planAttributes(schema.attributes, prior, proposed, config);
}

function planAttributes(
  attributes: Attributes,
  prior: ObjectValue | null,
  proposed: ObjectValue,
  config: ObjectValue,
): ObjectValue {
  const planned: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    planned[name] = planAttribute(
      attribute,
      prior === null ? undefined : (prior[name] ?? null),
      proposed[name] ?? null,
      config[name] ?? null,
    );
  }
  return planned;
}

/** `prior` undefined: there is no object yet. */
function planAttribute(attribute: Attribute, prior: Value | undefined, proposed: Value, config: Value): Value {
  if (config === null) {
    if (attribute.default !== undefined) return attribute.default;
    if (!isComputed(attribute)) return null;
    return prior === undefined ? UNKNOWN : prior;
  }
  const { nested } = attribute;
  // A configured nested object may not be unknown as a whole; missing members are filled in one by one.
  if (nested?.nesting === 'single' && isObject(config)) {
    const source = isObject(proposed) ? proposed : config;
    return planAttributes(nested.attributes, isObject(prior) ? prior : null, source, config);
  }
  return config;
}

/** Whether a plan changes anything. */
export function isChanged(schema: Schema, prior: ObjectValue, planned: ObjectValue): boolean {
  return changedAttributes(schema, prior, planned).length > 0;
}

/** The root attributes whose planned value differs from the prior one. */
export function changedAttributes(schema: Schema, prior: ObjectValue, planned: ObjectValue): readonly string[] {
  return Object.entries(schema.attributes)
    .filter(([name, { type }]) => !isEqual(type, prior[name] ?? null, planned[name] ?? null))
    .map(([name]) => name);
}

/** Plans volatile attributes as unknown if anything changes; a plan without changes is kept. */
export function markVolatile(schema: Schema, prior: ObjectValue, planned: ObjectValue): ObjectValue {
  if (!isChanged(schema, prior, planned)) return planned;
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [
      name,
      schema.attributes[name]?.isVolatile === true ? UNKNOWN : value,
    ]),
  );
}

/** Root attributes whose change replaces the object. */
export function replacingAttributes(schema: Schema, prior: ObjectValue, planned: ObjectValue): readonly string[] {
  return changedAttributes(schema, prior, planned).filter(
    (name) => schema.attributes[name]?.forcesReplacement === true,
  );
}

/** The expected new state: known planned values, and null for unknown ones. */
export function settle(planned: ObjectValue, values: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [name, resolve(value, values[name] ?? null)]),
  );
}

function resolve(planned: Value, value: Value): Value {
  if (planned === UNKNOWN) return value === UNKNOWN ? null : value;
  if (isObject(planned)) {
    const source = isObject(value) ? value : {};
    return Object.fromEntries(Object.entries(planned).map(([k, v]) => [k, resolve(v, source[k] ?? null)]));
  }
  return planned;
}

/** Replaces unknowns by null. */
export function known(value: Value): Value {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(known);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, known(v)]));
  return value;
}
