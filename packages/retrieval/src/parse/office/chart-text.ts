import { readXml } from '../text/read-xml.ts';

interface Series {
  name: string;
  categories: string[];
  values: string[];
}

/**
 * The text and numbers of a chart (DrawingML): its titles, then one line per series with each category and its value.
 */
export async function textOfChart(source: AsyncIterable<string>): Promise<string> {
  const titles: string[] = [];
  const series: Series[] = [];
  let current: Series | undefined;
  let place: 'name' | 'categories' | 'values' | undefined;
  let paragraph = '';
  let isText = false;
  let isValue = false;
  let value = '';
  await readXml(source, {
    open(name) {
      if (name === 'ser') {
        current = { name: '', categories: [], values: [] };
        series.push(current);
      } else if (name === 'tx' && current !== undefined) place = 'name';
      else if (name === 'cat' || name === 'xVal') place = 'categories';
      else if (name === 'val' || name === 'yVal' || name === 'bubbleSize') place = 'values';
      else if (name === 't') isText = true;
      else if (name === 'v') {
        isValue = true;
        value = '';
      }
    },
    close(name) {
      if (name === 'ser') current = undefined;
      else if (name === 't') isText = false;
      else if (name === 'p') {
        if (paragraph.trim() !== '') titles.push(paragraph.trim());
        paragraph = '';
      } else if (name === 'v') {
        isValue = false;
        if (current === undefined || place === undefined) return;
        if (place === 'name') current.name = value;
        else current[place].push(value);
      } else if (['tx', 'cat', 'val', 'xVal', 'yVal', 'bubbleSize'].includes(name)) place = undefined;
    },
    text(text) {
      if (isText) paragraph += text;
      else if (isValue) value += text;
    },
  });
  return [...titles, ...series.map(lineOf)].filter((line) => line !== '').join('\n');
}

function lineOf({ name, categories, values }: Series): string {
  const points = values.map((value, at) => (categories[at] === undefined ? value : `${categories[at]} ${value}`));
  const rest = categories.slice(values.length);
  return [name, [...points, ...rest].join(', ')].filter((part) => part !== '').join(': ');
}
