const WORDS = [
  ...['invoice', 'contract', 'refund', 'handbook', 'release', 'ticket', 'onboarding', 'salary', 'holiday', 'travel'],
  ...['server', 'backup', 'password', 'printer', 'network', 'office', 'customer', 'supplier', 'delivery', 'warranty'],
  ...['meeting', 'budget', 'forecast', 'policy', 'insurance', 'training', 'security', 'audit', 'report', 'archive'],
];

/** Words as texts of a company have them: the same few again and again. */
export function words(random: () => number, count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
}
