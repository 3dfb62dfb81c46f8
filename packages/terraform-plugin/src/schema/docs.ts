import type { CtyType } from '../cty/types.ts';
import type { PluginFunction } from '../provider.ts';
import { type Attribute, type Attributes, isComputed, type Schema } from './schema.ts';

/** A page of documentation for a resource, a data source or the provider, generated from its schema. */
export function renderSchemaPage(page: {
  readonly title: string;
  readonly schema: Schema;
  readonly example: string;
  readonly importExample?: string | undefined;
}): string {
  const { attributes, description } = page.schema;
  const entries = Object.entries(attributes);
  const groups: readonly (readonly [string, readonly (readonly [string, Attribute])[]])[] = [
    ['Required', entries.filter(([, spec]) => spec.required === true)],
    ['Optional', entries.filter(([, spec]) => spec.optional === true)],
    ['Read-only', entries.filter(([, spec]) => spec.required !== true && spec.optional !== true)],
  ];
  const parts = [`# ${page.title}`, description.trim(), '## Example', fence('terraform', page.example)];
  for (const [heading, group] of groups) {
    if (group.length > 0) parts.push(`## ${heading}`, group.map(([name, spec]) => line(name, spec, 0)).join('\n'));
  }
  if (page.importExample !== undefined) parts.push('## Import', fence('sh', page.importExample));
  return `${parts.join('\n\n')}\n`;
}

/** A page of documentation for a function. */
export function renderFunctionPage(title: string, spec: PluginFunction): string {
  const parameters = spec.parameters.map(
    ({ name, type, description }) => `- \`${name}\` (${typeWords(type)}): ${description}`,
  );
  const parts = [
    `# ${title}`,
    spec.description.trim(),
    '## Example',
    fence('terraform', spec.example),
    '## Arguments',
    parameters.join('\n'),
    `Returns ${typeWords(spec.returns)}.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}

function line(name: string, spec: Attribute, depth: number): string {
  const facts = [
    spec.nested === undefined ? typeWords(spec.type) : nestingWords(spec.nested.nesting),
    ...(depth > 0 ? [spec.required === true ? 'required' : spec.optional === true ? 'optional' : 'read-only'] : []),
    ...(spec.default !== undefined ? [`default \`${JSON.stringify(spec.default)}\``] : []),
    ...(spec.optional === true && isComputed(spec) && spec.default === undefined ? ['computed if not set'] : []),
    ...(spec.forcesReplacement === true ? ['a change replaces the object'] : []),
    ...(spec.sensitive === true ? ['sensitive'] : []),
  ];
  const head = `${'  '.repeat(depth)}- \`${name}\` (${facts.join('; ')}): ${spec.description.trim()}`;
  const members = spec.nested === undefined ? '' : memberLines(spec.nested.attributes, depth + 1);
  return members === '' ? head : `${head}\n${members}`;
}

function memberLines(attributes: Attributes, depth: number): string {
  return Object.entries(attributes)
    .map(([name, spec]) => line(name, spec, depth))
    .join('\n');
}

function nestingWords(nesting: string): string {
  return nesting === 'single' ? 'object' : `${nesting} of objects`;
}

function typeWords(type: CtyType): string {
  if (type === 'dynamic') return 'any type';
  if (typeof type === 'string') return type;
  if (type[0] === 'object') {
    const members = Object.entries(type[1]).map(([name, member]) => `${name}: ${typeWords(member)}`);
    return `object {${members.join(', ')}}`;
  }
  if (type[0] === 'tuple') return 'tuple';
  return `${type[0]} of ${typeWords(type[1])}`;
}
