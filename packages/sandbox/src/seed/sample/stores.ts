import type { Attributes, LastError, Metadata } from '../../state/rows.ts';
import type { TopicName } from './topics.ts';

/** One store of the sample company: a vendor of energy software. Ages count back from the seed's epoch. */
export interface SampleStore {
  readonly name: string | null;
  readonly description?: string;
  readonly metadata?: Metadata;
  readonly topic: TopicName;
  readonly files: number;
  readonly ageDays: number;
  /** Days since the last search or change. */
  readonly idleDays: number;
  readonly expiresAfterDays?: number;
  /** Assigned to the files in turn. */
  readonly attributes?: readonly Attributes[];
  /** Also attaches this many files of the newest earlier store of the same topic. */
  readonly sharedFiles?: number;
  readonly failed?: readonly { readonly filename?: string; readonly error: LastError }[];
  /** Files that stay `in_progress` for ever. */
  readonly stuckFiles?: number;
  /** Files of a batch that was cancelled. */
  readonly cancelledFiles?: number;
  /** Deleted files that the store still lists. */
  readonly ghosts?: number;
}

const UNSUPPORTED: LastError = { code: 'unsupported_file', message: 'The file type is not supported.' };
const SERVER_ERROR: LastError = { code: 'server_error', message: 'An internal error occurred.' };
const UNREADABLE: LastError = {
  code: 'invalid_file',
  message: 'The file could not be parsed because it is password protected.',
};

export const SAMPLE_STORES: readonly SampleStore[] = [
  {
    name: 'Help center',
    description: 'Published help articles, synced nightly from the CMS. Feeds the support assistant.',
    metadata: { env: 'production', owner: 'support', source: 'cms' },
    topic: 'help',
    files: 164,
    ageDays: 412,
    idleDays: 0.02,
    attributes: [
      { lang: 'en', product: 'console', is_public: true },
      { lang: 'en', product: 'billing', is_public: true },
      { lang: 'en', product: 'mobile', is_public: true, version: 4 },
    ],
    failed: [{ error: SERVER_ERROR }],
    ghosts: 2,
  },
  {
    name: 'Product documentation',
    description: 'Developer documentation, version 4.',
    metadata: { env: 'production', owner: 'developer-experience', version: '4' },
    topic: 'docs',
    files: 118,
    ageDays: 320,
    idleDays: 0.3,
    attributes: [
      { section: 'api', version: 4 },
      { section: 'sdk', version: 4 },
      { section: 'guides', version: 4, is_beta: true },
    ],
  },
  {
    name: 'Legal – contracts',
    description: 'Signed customer contracts. Ask legal before sharing.',
    metadata: { owner: 'legal', confidentiality: 'restricted' },
    topic: 'legal',
    files: 58,
    ageDays: 540,
    idleDays: 4,
    expiresAfterDays: 365,
    attributes: [
      { region: 'eu', signed: true, year: 2025 },
      { region: 'uk', signed: true, year: 2026 },
      { region: 'us', signed: false, year: 2026 },
    ],
    failed: [{ error: UNREADABLE }],
  },
  {
    name: 'Support bot',
    description: 'What the chat on the website answers from.',
    metadata: { env: 'production', owner: 'support', bot: 'web-chat' },
    topic: 'help',
    files: 6,
    sharedFiles: 96,
    ageDays: 210,
    idleDays: 0.01,
    attributes: [{ lang: 'en', channel: 'web' }],
  },
  {
    name: 'Support bot',
    metadata: { env: 'staging', owner: 'support', bot: 'web-chat' },
    topic: 'help',
    files: 0,
    sharedFiles: 41,
    ageDays: 96,
    idleDays: 12,
    expiresAfterDays: 30,
  },
  {
    name: 'HR handbook & policies',
    description: 'For the internal people assistant. English only.',
    metadata: { owner: 'people', audience: 'internal' },
    topic: 'people',
    files: 34,
    ageDays: 388,
    idleDays: 1.5,
    attributes: [
      { country: 'uk', effective_year: 2026 },
      { country: 'de', effective_year: 2026 },
      { country: 'pt', effective_year: 2025 },
    ],
  },
  {
    name: 'Sales playbooks 🚀',
    metadata: { owner: 'sales', region: 'emea' },
    topic: 'sales',
    files: 26,
    ageDays: 150,
    idleDays: 2,
    failed: [{ filename: 'pricing-calculator.xlsx', error: UNSUPPORTED }],
    attributes: [{ stage: 'discovery' }, { stage: 'proposal' }, { stage: 'closing' }],
  },
  {
    name: 'Release notes',
    description: 'Every release since 2024.',
    metadata: { env: 'production', owner: 'developer-experience' },
    topic: 'releases',
    files: 48,
    ageDays: 501,
    idleDays: 0.8,
    attributes: [{ year: 2024 }, { year: 2025 }, { year: 2026 }],
  },
  {
    name: 'Incident postmortems',
    metadata: { owner: 'platform', confidentiality: 'internal' },
    topic: 'incidents',
    files: 31,
    ageDays: 275,
    idleDays: 6,
    attributes: [
      { severity: 1, is_public: false },
      { severity: 2, is_public: false },
      { severity: 3, is_public: true },
    ],
  },
  {
    name: 'Security questionnaires',
    description: 'Answers and evidence for customer audits.',
    metadata: { owner: 'security' },
    topic: 'security',
    files: 22,
    ageDays: 190,
    idleDays: 9,
    expiresAfterDays: 90,
  },
  {
    name: 'Ticket archive (import running)',
    description: 'Four years of support tickets, imported in parts.',
    metadata: { owner: 'support', job: 'import-7731' },
    topic: 'tickets',
    files: 21,
    stuckFiles: 9,
    ageDays: 0.4,
    idleDays: 0.05,
    failed: [{ error: SERVER_ERROR }, { error: SERVER_ERROR }, { filename: 'tickets-2024.csv', error: UNSUPPORTED }],
  },
  {
    name: 'Engineering onboarding',
    metadata: { owner: 'engineering', audience: 'internal' },
    topic: 'engineering',
    files: 24,
    ageDays: 233,
    idleDays: 3,
  },
  {
    name: 'Handbuch Kundendienst – Österreich & Schweiz',
    metadata: { lang: 'de', owner: 'support-dach' },
    topic: 'german',
    files: 16,
    ageDays: 178,
    idleDays: 5,
    attributes: [
      { lang: 'de', land: 'at' },
      { lang: 'de', land: 'ch' },
    ],
  },
  {
    name: '日本語サポート',
    description: '日本のお客様向けヘルプ記事',
    metadata: { lang: 'ja', owner: 'support-apac' },
    topic: 'japanese',
    files: 12,
    ageDays: 88,
    idleDays: 1,
  },
  {
    name: 'Product documentation v3 (archived, read by the migration assistant until the last customers have moved)',
    description: 'Frozen. Do not add files.',
    metadata: { env: 'archive', owner: 'developer-experience', version: '3' },
    topic: 'docs',
    files: 9,
    sharedFiles: 38,
    ageDays: 610,
    idleDays: 21,
    expiresAfterDays: 24,
  },
  {
    name: 'Brand & press',
    metadata: { owner: 'marketing' },
    topic: 'brand',
    files: 11,
    ageDays: 64,
    idleDays: 17,
    failed: [
      { filename: 'logo-dark.png', error: UNSUPPORTED },
      { filename: 'moodboard.fig', error: UNSUPPORTED },
    ],
    cancelledFiles: 3,
  },
  {
    name: 'RFP answers 2025',
    metadata: { owner: 'sales', year: '2025' },
    topic: 'sales',
    files: 8,
    ageDays: 300,
    idleDays: 120,
    expiresAfterDays: 60,
  },
  {
    name: 'eval-run-2026-10-14 <baseline>',
    metadata: { run: '2026-10-14', team: 'ml', keep: 'no' },
    topic: 'evals',
    files: 14,
    ageDays: 20,
    idleDays: 19,
    expiresAfterDays: 3,
  },
  {
    name: 'eval-run (current)',
    metadata: { team: 'ml', keep: 'no' },
    topic: 'evals',
    files: 18,
    ageDays: 2.6,
    idleDays: 2.5,
    expiresAfterDays: 3,
    attributes: [
      { split: 'train', weight: 0.5 },
      { split: 'test', weight: 1.25 },
    ],
  },
  { name: null, topic: 'uploads', files: 3, ageDays: 6.4, idleDays: 6.2, expiresAfterDays: 7 },
  { name: null, topic: 'uploads', files: 1, ageDays: 31, idleDays: 30, expiresAfterDays: 7 },
  {
    name: null,
    metadata: { thread: 'thread_8Qm2' },
    topic: 'uploads',
    files: 2,
    ageDays: 1.2,
    idleDays: 0.6,
    expiresAfterDays: 7,
  },
  { name: 'test', topic: 'uploads', files: 0, ageDays: 143, idleDays: 143 },
  {
    name: 'دليل العملاء',
    description: 'Arabic customer guide, pilot.',
    metadata: { lang: 'ar', owner: 'support-mena' },
    topic: 'help',
    files: 0,
    sharedFiles: 5,
    ageDays: 15,
    idleDays: 7,
    attributes: [{ lang: 'ar', is_reviewed: false }],
  },
];

/** Files in no store; their names show why. */
export const SAMPLE_LOOSE_FILES: readonly {
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly ageDays: number;
  readonly lifeDays?: number;
}[] = [
  { filename: 'uploaded-a-moment-ago.md', purpose: 'assistants', bytes: 4_812, ageDays: 0.005 },
  { filename: 'meter-export-retry.json', purpose: 'assistants', bytes: 88_420, ageDays: 0.2 },
  { filename: 'policy-expenses (1).pdf', purpose: 'assistants', bytes: 412_007, ageDays: 2.1 },
  { filename: 'policy-expenses (2).pdf', purpose: 'assistants', bytes: 412_007, ageDays: 2.1 },
  { filename: 'msa-albion-energy-unsigned.docx', purpose: 'assistants', bytes: 96_233, ageDays: 9 },
  { filename: 'tmp_8f2c.txt', purpose: 'assistants', bytes: 311, ageDays: 33 },
  { filename: 'tmp_8f2d.txt', purpose: 'assistants', bytes: 298, ageDays: 33 },
  { filename: 'board-deck-q2.pptx', purpose: 'assistants', bytes: 7_204_118, ageDays: 61 },
  { filename: 'help-export-2025-11.html', purpose: 'assistants', bytes: 1_240_090, ageDays: 118 },
  { filename: 'old-tariffs.pdf', purpose: 'assistants', bytes: 2_018_557, ageDays: 240 },
  { filename: 'customer-list-2024.json', purpose: 'assistants', bytes: 640_112, ageDays: 395 },
  { filename: 'demo-recording-notes.txt', purpose: 'assistants', bytes: 15_008, ageDays: 21, lifeDays: 28 },
  { filename: 'site-plan-annotated.pdf', purpose: 'user_data', bytes: 3_310_442, ageDays: 3 },
  { filename: 'invoice-88213.pdf', purpose: 'user_data', bytes: 184_700, ageDays: 0.6, lifeDays: 2 },
  { filename: 'answers-night-run.jsonl', purpose: 'batch', bytes: 9_412_883, ageDays: 11 },
  { filename: 'tone-of-voice-train.jsonl', purpose: 'fine-tune', bytes: 2_204_990, ageDays: 77 },
];
