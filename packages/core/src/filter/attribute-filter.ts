/** An attribute's value, as in OpenAI's API: text of 512 characters at most, a number, or a boolean. */
export type AttributeValue = string | number | boolean;

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface ComparisonFilter {
  readonly type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
  readonly key: string;
  readonly value: AttributeValue | readonly AttributeValue[];
}

export interface CompoundFilter {
  readonly type: 'and' | 'or';
  readonly filters: readonly AttributeFilter[];
}

/** OpenAI's filter grammar over the attributes of a store's files. */
export type AttributeFilter = ComparisonFilter | CompoundFilter;
