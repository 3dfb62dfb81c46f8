const WORDS = [
  ...['invoice', 'contract', 'refund', 'handbook', 'release', 'ticket', 'onboarding', 'salary', 'holiday', 'travel'],
  ...['server', 'backup', 'password', 'printer', 'network', 'office', 'customer', 'supplier', 'delivery', 'warranty'],
  ...['meeting', 'budget', 'forecast', 'policy', 'insurance', 'training', 'security', 'audit', 'report', 'archive'],
];

/** A small vocabulary, as in a company's texts. */
export function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
}
