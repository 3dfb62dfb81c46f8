import { createRandom } from '../random.ts';

const WORDS = (
  'access account agent agreement alert analysis annual api approval archive article asset audit backup balance bank ' +
  'batch benefit billing board branch budget build campaign card change channel claim client clinic cloud code ' +
  'compliance config contact contract cost credit customer dashboard data deadline delivery deploy design device ' +
  'discount document domain draft email employee encryption endpoint engineer error escalation estimate event export ' +
  'feature feedback field finance firmware forecast form gateway goal guide handbook health holiday import incident ' +
  'index insurance integration inventory invoice issue key label latency lease legal license limit log login loss ' +
  'maintenance manager margin market meeting member message metric migration model module monitor network notice offer ' +
  'office onboarding order outage owner packaging partner password patient payment payroll pension permission phone plan ' +
  'policy pricing privacy process product profile project proposal quality quarter query queue quota rate record refund ' +
  'region release renewal report request reset retention return revenue review risk role rollback route safety sales ' +
  'schedule scope search security sensor server service session shift shipment signature site stock storage store ' +
  'strategy supplier support survey system target tax team template tenant test ticket token tool training transfer ' +
  'travel trial update upgrade usage vacation vendor version visit volume warehouse warranty workflow'
).split(' ');

/** Plain English-looking text of exactly this many bytes under a title, always the same for a seed. */
export function makeText(seed: number, bytes: number, title: string): string {
  const random = createRandom(seed);
  let text = `${title.replace(/[^ -~]+/g, ' ')}\n\n`;
  while (text.length < bytes) {
    const wordCount = 6 + random.below(10);
    let sentence = '';
    for (let index = 0; index < wordCount; index += 1) {
      const word = WORDS[random.below(WORDS.length)] ?? 'data';
      sentence += index === 0 ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : ` ${word}`;
    }
    text += `${sentence}.${random.below(6) === 0 ? '\n\n' : ' '}`;
  }
  return text.slice(0, bytes);
}
