/** Whether a path after `/v1` matches a pattern: `*` is one segment, `**` any rest. */
export function fitsPath(pattern: string, path: string): boolean {
  const wanted = segments(pattern);
  const given = segments(path);
  for (const [index, part] of wanted.entries()) {
    if (part === '**') return true;
    if (given[index] === undefined || (part !== '*' && part !== given[index])) return false;
  }
  return wanted.length === given.length;
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
