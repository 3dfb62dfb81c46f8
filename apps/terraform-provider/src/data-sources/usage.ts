import { monthlyCostUsd, PUBLISHED_RATES } from '@espejo/core';
import { attribute, type DataSource, type Schema } from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import { HttpError } from '../client/http-error.ts';

const GB = 2 ** 30;

const usageSchema: Schema = {
  version: 0,
  description:
    'The size of the vector stores of the project and its estimated cost. The default rates are OpenAI’s published ones, or those set in Espejo.',
  attributes: {
    usd_per_gb_day: attribute.number({
      optional: true,
      computed: true,
      description: 'Price of a GB (2^30 bytes) of indexed storage per day.',
    }),
    free_gb: attribute.number({ optional: true, computed: true, description: 'GB that are free.' }),
    store_count: attribute.number({ computed: true, description: 'The number of stores.' }),
    file_count: attribute.number({
      computed: true,
      description: 'The number of files in them; a file in several stores counts several times.',
    }),
    usage_bytes: attribute.number({ computed: true, description: 'Indexed bytes.' }),
    usd_per_month: attribute.number({
      computed: true,
      description: 'The estimated cost of a month of 30 days, in US dollars.',
    }),
    usage_bytes_by_store: attribute.of(['map', 'number'], {
      computed: true,
      description: 'Indexed bytes by store id.',
    }),
  },
};

export const usageData: DataSource<Client> = {
  schema: usageSchema,
  example: `
data "openai_vector_store_usage" "project" {}

check "budget" {
  assert {
    condition     = data.openai_vector_store_usage.project.usd_per_month < 50
    error_message = "Vector stores cost more than 50 USD a month."
  }
}`,
  async read({ client: connect }, config) {
    const client = await connect();
    const byStore: Record<string, number> = {};
    let [fileCount, isEspejo] = [0, false];
    for await (const store of client.openai.stores()) {
      byStore[store.id] = store.usage_bytes;
      fileCount += store.file_counts.total;
      isEspejo ||= store.source !== undefined;
    }
    const rates = isEspejo ? await ratesOf(client) : undefined;
    const usdPerGbDay = Number(config.usd_per_gb_day ?? rates?.usdPerGbDay ?? PUBLISHED_RATES.usdPerGbDay);
    const freeGb = Number(config.free_gb ?? rates?.freeGb ?? PUBLISHED_RATES.freeBytes / GB);
    const usageBytes = Object.values(byStore).reduce((sum, bytes) => sum + bytes, 0);
    const usdPerMonth = monthlyCostUsd(usageBytes, { usdPerGbDay, freeBytes: freeGb * GB });
    return {
      usd_per_gb_day: usdPerGbDay,
      free_gb: freeGb,
      store_count: Object.keys(byStore).length,
      file_count: fileCount,
      usage_bytes: usageBytes,
      usd_per_month: Math.round(usdPerMonth * 100) / 100,
      usage_bytes_by_store: byStore,
    };
  },
};

/** Espejo's rates; a key that may not read them gets OpenAI's. */
async function ratesOf(client: Client): Promise<{ usdPerGbDay: number; freeGb: number } | undefined> {
  try {
    return (await client.espejo.storageDebt()).rates;
  } catch (cause) {
    if (cause instanceof HttpError && (cause.status === 403 || cause.status === 404)) return undefined;
    throw cause;
  }
}
