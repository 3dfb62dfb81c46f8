/** Every limit of the console API; schemas, messages and docs use this table. */
export const LIMITS = {
  pageSizeDefault: 50,
  pageSizeMax: 200,
  idMax: 256,
  searchTextMax: 200,
  emailMax: 254,
  personNameMax: 128,
  passwordMin: 10,
  passwordMax: 128,
  nameMax: 256,
  descriptionMax: 512,
  metadataPairsMax: 16,
  metadataKeyMax: 64,
  metadataValueMax: 512,
  /** A larger JSON body is rejected with `body_too_large`. */
  jsonBodyBytesMax: 1_048_576,
  /** For a file batch under `/v1`: 2,000 files with 16 long attributes each. */
  batchBodyBytesMax: 33_554_432,
  /** For texts to embed: the tokens that OpenAI accepts in one request, in any script. */
  embeddingsBodyBytesMax: 8_388_608,
  /** Values in one JSON body under `/v1`; the largest batch has fewer than 60,000. */
  wireBodyValuesMax: 65_536,
  /** OpenAI's largest file. */
  fileBytesMax: 536_870_912,
  expiresAfterDaysMin: 1,
  expiresAfterDaysMax: 365,
  /** OpenAI's bounds of a file's expiry. */
  fileExpirySecondsMin: 3_600,
  fileExpirySecondsMax: 2_592_000,
  /** Espejo's bounds: a hundred years, and instants of four-digit years. */
  expiryDaysMax: 36_500,
  expiryDurationSMin: 60,
  expiryDurationSMax: 3_153_600_000,
  expiryInstantSMax: 253_402_300_799,
  expiringDaysMax: 365,
  /** Stores that one bulk request may name or match. */
  bulkItemsMax: 10_000,
  connectionConcurrencyMax: 32,
  cronPreviewTicks: 5,
  /** Stores or files one deletion may name; a filter may match more. */
  deletionItemsMax: 10_000,
  agentKeyMax: 128,
  /** Stores that one agent may search. */
  agentStoresMax: 50,
  searchResultsMax: 50,
  /** Rows of a deletion plan that are shown; its counts are exact. */
  planRowsMax: 200,
} as const;
