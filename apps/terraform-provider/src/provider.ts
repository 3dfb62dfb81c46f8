import { attribute, type Log, type Provider, type Schema } from '@espejo/terraform-plugin';
import { apiKeyOf, type Client, connectClient, type Env } from './client/client.ts';
import { createSend, type Send } from './client/send.ts';
import { fileData, filesData, vectorStoreFilesData } from './data-sources/files.ts';
import { searchData } from './data-sources/search.ts';
import { usageData } from './data-sources/usage.ts';
import { vectorStoreData, vectorStoresData } from './data-sources/vector-stores.ts';
import { expiryInstant, fileExpiry, storeExpiry } from './functions/expiry.ts';
import { agentBinding } from './resources/agent-binding.ts';
import { between } from './resources/attributes.ts';
import { file } from './resources/file.ts';
import { vectorStore } from './resources/vector-store.ts';
import { vectorStoreDirectory } from './resources/vector-store-directory.ts';
import { vectorStoreFile } from './resources/vector-store-file.ts';
import { vectorStoreFileBatch } from './resources/vector-store-file-batch.ts';
import { VERSION } from './version.ts';

const providerSchema: Schema = {
  version: 0,
  description:
    'Vector stores and files of an OpenAI project, of a compatible server, or of Espejo. Every attribute is optional: the default is the environment variable of the official SDKs.',
  attributes: {
    api_key: attribute.string({
      optional: true,
      sensitive: true,
      description:
        'The key. Prefer `OPENAI_API_KEY` or an ephemeral variable, because Terraform stores other variables in saved plans.',
    }),
    base_url: attribute.string({
      optional: true,
      description: 'Where the API is, `/v1` included. Else `OPENAI_BASE_URL`, else `https://api.openai.com/v1`.',
    }),
    organization: attribute.string({ optional: true, description: 'Default: `OPENAI_ORG_ID`.' }),
    project: attribute.string({ optional: true, description: 'Default: `OPENAI_PROJECT_ID`.' }),
    max_concurrency: attribute.number({
      optional: true,
      description: 'Concurrent requests, default 10. A 429 delays all of them.',
      check: between(1, 64),
    }),
    request_timeout_seconds: attribute.number({
      optional: true,
      description: 'The time limit of one request, default 300.',
      check: between(1, 3_600),
    }),
  },
};

/** The provider `openai`, for this environment; requests go through `send`. */
export function createProvider(env: Env, log: Log, send: Send = createSend(env)): Provider<Client> {
  const secrets: string[] = [];
  return {
    name: 'openai',
    schema: providerSchema,
    example: `
terraform {
  required_providers {
    openai = {
      source = "espejo.local/espejo/openai"
    }
  }
}

provider "openai" {}
`,
    resources: {
      openai_vector_store: vectorStore,
      openai_vector_store_file: vectorStoreFile,
      openai_vector_store_file_batch: vectorStoreFileBatch,
      openai_vector_store_directory: vectorStoreDirectory,
      openai_vector_store_agent_binding: agentBinding,
      openai_file: file,
    },
    dataSources: {
      openai_vector_store: vectorStoreData,
      openai_vector_stores: vectorStoresData,
      openai_vector_store_files: vectorStoreFilesData,
      openai_vector_store_search: searchData,
      openai_vector_store_usage: usageData,
      openai_file: fileData,
      openai_files: filesData,
    },
    functions: { store_expiry: storeExpiry, file_expiry: fileExpiry, expiry_instant: expiryInstant },
    async connect(config, terraformVersion) {
      const key = apiKeyOf(config, env);
      if (key !== null) secrets.push(key);
      return connectClient(config, { env, version: VERSION, terraformVersion, log, send });
    },
    async close(client) {
      client.close();
    },
    secrets: () => secrets,
  };
}
