import { type CtyType, Dynamic, dynamicOf, type ObjectValue, type Value } from './types.ts';

/**
 * Reads stored state by the current schema, whatever schema wrote it: missing attributes are null, unknown ones
 * are dropped, and a value of another type is null, to be read again from the server.
 */
export function fromRawState(type: CtyType, raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (type === 'dynamic') return fromRawDynamic(raw);
  if (type === 'string') return typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : null;
  if (type === 'bool') return typeof raw === 'boolean' ? raw : raw === 'true' ? true : raw === 'false' ? false : null;
  if (type === 'number') return numberFromRaw(raw);
  if (type[0] === 'object') {
    const source = Array.isArray(raw) && raw.length === 1 ? raw[0] : raw;
    if (!isRecord(source)) return null;
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, member]) => [name, fromRawState(member, source[name])]),
    );
  }
  if (type[0] === 'map') {
    if (!isRecord(raw)) return null;
    return Object.fromEntries(Object.entries(raw).map(([name, item]) => [name, fromRawState(type[1], item)]));
  }
  if (!Array.isArray(raw)) return null;
  return raw.map((item, index) => fromRawState(type[0] === 'tuple' ? (type[1][index] ?? 'dynamic') : type[1], item));
}

/** Terraform writes a dynamic value as `{"value": …, "type": …}`. */
function fromRawDynamic(raw: unknown): Value {
  if (!isRecord(raw)) return null;
  if (!('type' in raw && 'value' in raw)) return dynamicOf(raw as ObjectValue);
  const inner = fromRawState(raw.type as CtyType, raw.value);
  return inner === null ? null : new Dynamic(raw.type as CtyType, inner);
}

function numberFromRaw(raw: unknown): Value {
  if (typeof raw === 'number') return raw;
  if (typeof raw !== 'string' || raw.trim() === '' || Number.isNaN(Number(raw))) return null;
  return String(Number(raw)) === raw ? Number(raw) : raw;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
