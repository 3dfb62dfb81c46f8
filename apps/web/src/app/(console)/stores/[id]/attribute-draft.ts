import { type FileAttributes, LIMITS } from '@espejo/contracts';

export type AttributeType = 'text' | 'number' | 'boolean';

/** One attribute in the form. */
export interface AttributeRow {
  /** A stable key for the row; not sent. */
  readonly rowId: number;
  readonly key: string;
  readonly type: AttributeType;
  readonly value: string;
}

/** The initial rows of the form. */
export function attributeRowsOf(attributes: Readonly<Record<string, unknown>> | null): AttributeRow[] {
  return Object.entries(attributes ?? {}).map(([key, value], rowId) => ({
    rowId,
    key,
    type: typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text',
    value: String(value),
  }));
}

export type AttributeDraft =
  | { readonly ok: true; readonly attributes: FileAttributes }
  | { readonly ok: false; readonly reason: string };

/** The attributes in the rows, or the first error. Rows with neither key nor value are dropped. */
export function toAttributes(rows: readonly AttributeRow[]): AttributeDraft {
  const attributes = new Map<string, string | number | boolean>();
  for (const row of rows) {
    const key = row.key.trim();
    if (key === '' && row.value.trim() === '') continue;
    if (key === '') return refuse(`The value '${row.value}' has no key.`);
    if (attributes.has(key)) return refuse(`The key '${key}' is used twice.`);
    const value = toValue(row);
    if (value === undefined) return refuse(`'${row.value}' is not a ${row.type}.`);
    attributes.set(key, value);
  }
  if (attributes.size > LIMITS.metadataPairsMax)
    return refuse(`A file can have at most ${LIMITS.metadataPairsMax} attributes.`);
  return { ok: true, attributes: Object.fromEntries(attributes) };
}

function toValue({ type, value }: AttributeRow): string | number | boolean | undefined {
  if (type === 'text') return value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined;
  const number = Number(value.trim());
  return value.trim() !== '' && Number.isFinite(number) ? number : undefined;
}

function refuse(reason: string): AttributeDraft {
  return { ok: false, reason };
}
