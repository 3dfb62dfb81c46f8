import { type Provider, renderFunctionPage, renderSchemaPage } from '@espejo/terraform-plugin';

/** Every page of the provider's reference, by its name in docs/terraform. */
export function docsPages<Client>(provider: Provider<Client>): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  const { name, schema, example } = provider;
  pages.set('provider.md', renderSchemaPage({ title: `Provider \`${name}\``, schema, example }));
  for (const [type, resource] of Object.entries(provider.resources)) {
    pages.set(`resource-${type}.md`, renderSchemaPage({ title: `Resource \`${type}\``, ...resource }));
  }
  for (const [type, source] of Object.entries(provider.dataSources)) {
    pages.set(`data-${type}.md`, renderSchemaPage({ title: `Data source \`${type}\``, ...source }));
  }
  for (const [called, spec] of Object.entries(provider.functions)) {
    pages.set(`function-${called}.md`, renderFunctionPage(`Function \`${called}\``, spec));
  }
  const links = [...pages.entries()].map(([file, text]) => `- [${text.split('\n')[0]?.slice(2)}](${file})`);
  pages.set(
    'README.md',
    `# Reference of the Terraform provider\n\nThe guide is [docs/terraform.md](../terraform.md).\n\n${links.join('\n')}\n`,
  );
  return pages;
}
