import {
  type Conversion,
  type ExpiryPolicy,
  fromTerraformForm,
  parseDurationS,
  parseInstantS,
  toFileForm,
  toStoreForm,
} from '@espejo/core';
import { PluginError, type PluginFunction } from '@espejo/terraform-plugin';

/*
 * Converts expiry by the rules of Espejo: nothing is rounded down, and what cannot be expressed is an
 * error.
 */

const DAY_S = 86_400;

/** `P30D` as the `expires_after` of a store. */
export const storeExpiry: PluginFunction = {
  summary: 'A duration as the expiry of a vector store',
  description:
    'Returns `expires_after` of `openai_vector_store` for an ISO 8601 duration in weeks, days, hours, minutes and seconds. Stores count whole days after the last use, so a part of a day is rounded up to a day. More than 365 days is an error.',
  example: `
resource "openai_vector_store" "sprint" {
  name          = "Sprint"
  expires_after = provider::openai::store_expiry("P2W")
}`,
  parameters: [{ name: 'duration', type: 'string', description: 'Such as `P30D`, `PT36H` or `P2W`.' }],
  returns: ['object', { anchor: 'string', days: 'number' }],
  call([duration]) {
    const policy: ExpiryPolicy = { kind: 'after_creation', durationS: durationOf(duration) };
    const { anchor, days } = saidBy(toStoreForm(policy, { createdAtS: 0, lastActiveAtS: 0, nowS: 0 }));
    return { anchor, days };
  },
};

/** `P30D` as the `expires_after` of a file. */
export const fileExpiry: PluginFunction = {
  summary: 'A duration as the expiry of a file',
  description:
    'Returns `expires_after` of `openai_file` for an ISO 8601 duration. Files count seconds after the upload: an hour to 30 days; less is raised to an hour, more is an error.',
  example: `
resource "openai_file" "leave" {
  content       = "Thirty days."
  filename      = "leave.md"
  expires_after = provider::openai::file_expiry("P7D")
}`,
  parameters: [{ name: 'duration', type: 'string', description: 'Such as `P7D` or `PT12H`.' }],
  returns: ['object', { seconds: 'number' }],
  call([duration]) {
    const policy: ExpiryPolicy = { kind: 'after_creation', durationS: durationOf(duration) };
    return { seconds: saidBy(toFileForm(policy, { createdAtS: 0, lastActiveAtS: null, nowS: 0 })).seconds };
  },
};

/** The instant at which a declaration expires, counted from a given one. */
export const expiryInstant: PluginFunction = {
  summary: 'The expiry time of a store counted from now',
  description:
    'The instant, in unix seconds, at which `expires_after = { anchor = "now", days = … }` expires when it is applied at `from`.',
  example: `
output "ends_at" {
  value = provider::openai::expiry_instant("2027-01-31T00:00:00Z", 30)
}`,
  parameters: [
    { name: 'from', type: 'string', description: 'When it is applied: ISO 8601 with `Z` or an offset.' },
    { name: 'days', type: 'number', description: 'Days of 86,400 s.' },
  ],
  returns: 'number',
  call([from, days]) {
    const instant = parseInstantS(String(from));
    if (!instant.isOk) throw new PluginError('Invalid instant', instant.reason);
    const policy = fromTerraformForm({ anchor: 'now', days: Number(days) }, instant.value);
    if (!policy.isOk) throw new PluginError('Invalid days', policy.reason);
    return policy.value.kind === 'at' ? policy.value.instantS : instant.value + Number(days) * DAY_S;
  },
};

function durationOf(value: unknown): number {
  const duration = parseDurationS(String(value));
  if (!duration.isOk) throw new PluginError('Invalid duration', duration.reason);
  return duration.value;
}

function saidBy<T>(conversion: Conversion<T | null>): T {
  if (conversion.result === 'refused')
    throw new PluginError('The expiry cannot be converted', conversion.refusal.message);
  if (conversion.value === null) throw new PluginError('The expiry cannot be converted', 'The policy never expires.');
  return conversion.value;
}
