import { TEST_CODE } from './import-graph.mjs';

/** @typedef {import('./import-graph.mjs').ImportGraph} ImportGraph */

/**
 * Forbidden imports. `from` and `to` are matched against paths from the root; a target that matches `except`
 * is allowed.
 * @typedef {{ readonly name: string, readonly from: RegExp, readonly to: RegExp, readonly except?: RegExp }} LayerRule
 */

/** @type {readonly LayerRule[]} */
const LAYER_RULES = [
  {
    name: 'packages import no app, and nothing of bench, acceptance or e2e',
    from: /^packages\//,
    to: /^(apps|bench|acceptance|e2e|scripts)\//,
  },
  { name: 'core imports no other package', from: /^packages\/core\//, to: /^packages\/(?!core\/)/ },
  { name: 'contracts import no other package', from: /^packages\/contracts\//, to: /^packages\/(?!contracts\/)/ },
  { name: 'db imports core alone', from: /^packages\/db\//, to: /^packages\/(?!(db|core)\/)/ },
  {
    name: 'upstream imports core alone',
    from: /^packages\/upstream\//,
    to: /^packages\/(?!(upstream|core|sandbox)\/)/,
  },
  { name: 'retrieval imports core alone', from: /^packages\/retrieval\//, to: /^packages\/(?!(retrieval|core)\/)/ },
  { name: 'ui imports no other package', from: /^packages\/ui\//, to: /^packages\/(?!ui\/)/ },
  {
    name: 'services import neither protocols nor jobs, config, wiring or the server',
    from: /^apps\/api\/src\/services\//,
    to: /^apps\/api\/src\/(protocols\/|jobs\/|metrics\/|config\.ts|wire|app\.ts|serve\.ts|main\.ts)/,
  },
  {
    name: 'protocols do not import each other',
    from: /^apps\/api\/src\/protocols\/console\//,
    to: /^apps\/api\/src\/protocols\/openai\//,
  },
  {
    name: 'protocols do not import each other',
    from: /^apps\/api\/src\/protocols\/openai\//,
    to: /^apps\/api\/src\/protocols\/console\//,
  },
  {
    name: 'what protocols share imports no protocol',
    from: /^apps\/api\/src\/protocols\/http\//,
    to: /^apps\/api\/src\/protocols\/(?!http\/)/,
  },
  {
    name: 'protocols build no adapters',
    from: /^apps\/api\/src\/protocols\//,
    to: /^apps\/api\/src\/(wire|config\.ts|app\.ts|serve\.ts|main\.ts)/,
  },
  {
    name: 'web: lib imports neither components nor pages',
    from: /^apps\/web\/src\/lib\//,
    to: /^apps\/web\/src\/(components|app)\//,
  },
  { name: 'web: components import no page', from: /^apps\/web\/src\/components\//, to: /^apps\/web\/src\/app\// },
  {
    name: 'the console imports no package but contracts and ui',
    from: /^apps\/web\/src\//,
    to: /^packages\/(?!(contracts|ui|core)\/)/,
  },
];

/**
 * @param {ImportGraph} graph
 * @param {readonly LayerRule[]} [rules]
 * @returns {string[]} a line for each import that breaks a rule, tests apart
 */
export function findBrokenRules(graph, rules = LAYER_RULES) {
  return [...graph].flatMap(([from, { imports }]) =>
    TEST_CODE.test(from)
      ? []
      : imports.flatMap((to) =>
          rules
            .filter((rule) => rule.from.test(from) && rule.to.test(to) && !rule.except?.test(to))
            .map((rule) => `${rule.name}: ${from} imports ${to}`),
        ),
  );
}
