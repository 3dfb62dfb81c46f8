/** The filenames of a store: every head goes with every tail. */
export interface Topic {
  readonly heads: readonly string[];
  readonly tails: readonly string[];
  readonly extensions: readonly [string, ...string[]];
}

const words = (text: string): readonly string[] => text.split(' ');

export const TOPICS = {
  help: {
    heads: words('how-to-change how-to-cancel how-to-export troubleshoot set-up understand share restore'),
    tails: words(
      'your-plan an-invoice two-factor-login a-dashboard alerts api-keys team-members a-report meter-readings ' +
        'time-zones billing-address sso saved-views webhooks tariffs sites notifications integrations data-retention ' +
        'tags forecasts the-mobile-app audit-log permissions custom-fields',
    ),
    extensions: ['md', 'md', 'md', 'html'],
  },
  docs: {
    heads: words('guide reference tutorial concepts migration quickstart'),
    tails: words(
      'authentication pagination rate-limits webhooks events sites meters tariffs forecasts exports imports errors ' +
        'sandbox sdk-python sdk-node sdk-go terraform cli filtering bulk-edits idempotency changelog glossary ' +
        'data-model permissions',
    ),
    extensions: ['md', 'md', 'html', 'json'],
  },
  people: {
    heads: words('policy handbook form faq'),
    tails: words(
      'parental-leave remote-work expenses travel holidays sick-leave pension equipment referrals performance-review ' +
        'code-of-conduct payroll-calendar training-budget relocation',
    ),
    extensions: ['pdf', 'docx', 'md'],
  },
  legal: {
    heads: words('msa dpa nda order-form amendment renewal'),
    tails: words(
      'albion-energy brightwater-coop castello-grid dornier-haus eastfield-council fjordkraft gansevoort-realty ' +
        'helios-parks inverness-hotels jutland-dairy kestrel-logistics lumiere-retail monteverde-foods norrland-steel ' +
        'orchard-schools',
    ),
    extensions: ['pdf', 'pdf', 'docx'],
  },
  sales: {
    heads: words('playbook battlecard case-study one-pager objection-handling'),
    tails: words('retail hotels public-sector manufacturing logistics schools data-centres property grid-operators'),
    extensions: ['pdf', 'pptx', 'docx', 'md'],
  },
  releases: {
    heads: words('2024 2025 2026'),
    tails: words('w02 w04 w06 w09 w11 w14 w16 w19 w21 w23 w26 w28 w31 w33 w36 w38 w41 w43 w46 w48'),
    extensions: ['md'],
  },
  incidents: {
    heads: words('postmortem timeline'),
    tails: words(
      'ingest-backlog login-outage stale-tariffs wrong-currency dns-expiry queue-poison disk-full slow-exports ' +
        'double-invoices missing-readings bad-deploy replica-lag cert-rotation webhook-storm region-failover cache-stampede',
    ),
    extensions: ['md', 'md', 'pdf'],
  },
  security: {
    heads: words('questionnaire evidence control'),
    tails: words(
      'iso-27001 soc-2 pen-test-2025 pen-test-2026 encryption access-review backups subprocessors gdpr vendors',
    ),
    extensions: ['pdf', 'docx', 'txt'],
  },
  tickets: {
    heads: words('zendesk-2024 zendesk-2025 zendesk-2026'),
    tails: words(
      'q1-part-1 q1-part-2 q1-part-3 q2-part-1 q2-part-2 q2-part-3 q3-part-1 q3-part-2 q3-part-3 q4-part-1 q4-part-2 q4-part-3',
    ),
    extensions: ['json', 'txt'],
  },
  engineering: {
    heads: words('adr runbook onboarding'),
    tails: words(
      'ingest-pipeline tariff-engine forecasting billing identity mobile data-warehouse on-call observability',
    ),
    extensions: ['md', 'md', 'md', 'py'],
  },
  german: {
    heads: ['anleitung', 'störung', 'häufige-fragen'],
    tails: ['zähler-tauschen', 'rechnung-prüfen', 'tarif-ändern', 'zugang-sperren', 'größe-anpassen', 'kündigung'],
    extensions: ['md', 'pdf'],
  },
  japanese: {
    heads: ['ご利用ガイド', 'よくある質問'],
    tails: ['料金', '請求書', 'ログイン', '通知', '契約変更', '解約'],
    extensions: ['md', 'html'],
  },
  brand: {
    heads: words('brand press campaign'),
    tails: words('voice-and-tone colours logo-use boilerplate launch-plan'),
    extensions: ['pdf', 'docx', 'pptx'],
  },
  evals: {
    heads: words('case'),
    tails: words('001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017 018 019 020'),
    extensions: ['json', 'txt'],
  },
  uploads: {
    heads: words('scan notes contract meeting export'),
    tails: words('2026-03-02 2026-04-17 2026-05-21 2026-06-30 2026-08-11 final final-v2 draft'),
    extensions: ['pdf', 'docx', 'txt'],
  },
} as const satisfies Record<string, Topic>;

export type TopicName = keyof typeof TOPICS;
