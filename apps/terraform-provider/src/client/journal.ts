import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Objects that are being created and are not in Terraform's state yet. If the provider is killed, Terraform
 * stores nothing; the next run finds the objects here and takes them over instead of creating them again.
 */

/** An object that a killed run was creating. */
export interface Leftover {
  readonly fingerprint: string;
  /** Null: the server's answer was not received. */
  readonly id: string | null;
  readonly atS: number;
}

export interface Journal {
  /** Records that an object is about to be created; the result is for `made` and `close`. */
  begin(fingerprint: string, atS: number): number;
  made(entry: number, id: string): void;
  /** It is in the state now, or was not created. */
  close(entry: number): void;
  /** Takes over what a killed run left under this fingerprint. */
  claim(fingerprint: string): Leftover | undefined;
  /** Ids of objects of killed runs that are in the state. */
  readonly knownIds: ReadonlySet<string>;
  end(): void;
}

type Line =
  | { readonly act: 'begin'; readonly entry: number; readonly fingerprint: string; readonly atS: number }
  | { readonly act: 'made'; readonly entry: number; readonly id: string }
  | { readonly act: 'close'; readonly entry: number };

const NAME = /^espejo-openai-(\d+)\.jsonl$/;

/** Opens the journal of this process in Terraform's data folder, with the journals of killed processes. */
export function openJournal(folder: string, pid: number, isAlive: (pid: number) => boolean): Journal {
  const path = join(folder, `espejo-openai-${pid}.jsonl`);
  const open = new Map<number, { fingerprint: string; id: string | null; atS: number }>();
  const knownIds = new Set<string>();
  const leftovers: Leftover[] = [];
  let lastEntry = 0;
  let file: number | undefined;
  // Written before the call returns, so that a kill right after it loses nothing.
  const append = (line: Line): void => {
    if (file === undefined) {
      mkdirSync(folder, { recursive: true });
      file = openSync(path, 'a', 0o600);
    }
    writeSync(file, `${JSON.stringify(line)}\n`);
  };
  const begin = (fingerprint: string, atS: number): number => {
    lastEntry += 1;
    open.set(lastEntry, { fingerprint, id: null, atS });
    append({ act: 'begin', entry: lastEntry, fingerprint, atS });
    return lastEntry;
  };
  const made = (entry: number, id: string): void => {
    const known = open.get(entry);
    if (known !== undefined) known.id = id;
    append({ act: 'made', entry, id });
  };
  const carried = new Map<Leftover, number>();
  for (const old of deadJournals(folder, pid, isAlive)) {
    for (const id of old.closedIds) knownIds.add(id);
    for (const leftover of old.leftovers) {
      leftovers.push(leftover);
      const entry = begin(leftover.fingerprint, leftover.atS);
      if (leftover.id !== null) made(entry, leftover.id);
      carried.set(leftover, entry);
    }
    rmSync(old.path, { force: true });
  }
  const close = (entry: number): void => {
    if (open.delete(entry)) append({ act: 'close', entry });
  };
  return {
    begin,
    made,
    close,
    knownIds,
    claim(fingerprint) {
      const at = leftovers.findIndex((leftover) => leftover.fingerprint === fingerprint);
      if (at === -1) return undefined;
      const [leftover] = leftovers.splice(at, 1);
      if (leftover !== undefined) close(carried.get(leftover) ?? -1);
      return leftover;
    },
    end() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      if (open.size === 0) rmSync(path, { force: true });
    },
  };
}

function deadJournals(folder: string, ownPid: number, isAlive: (pid: number) => boolean) {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== ownPid && isAlive(pid))) return [];
    const path = join(folder, name);
    return [{ path, ...readJournal(readFileSync(path, 'utf8')) }];
  });
}

/** The open entries of a journal. The last line of a killed process may be truncated. */
function readJournal(text: string): { leftovers: readonly Leftover[]; closedIds: readonly string[] } {
  const open = new Map<number, Leftover>();
  const closedIds: string[] = [];
  for (const line of text.split('\n')) {
    const read = parseLine(line);
    if (read?.act === 'begin') open.set(read.entry, { fingerprint: read.fingerprint, id: null, atS: read.atS });
    const known = read === undefined ? undefined : open.get(read.entry);
    if (read === undefined || known === undefined) continue;
    if (read.act === 'made') open.set(read.entry, { ...known, id: read.id });
    if (read.act === 'close') {
      if (known.id !== null) closedIds.push(known.id);
      open.delete(read.entry);
    }
  }
  return { leftovers: [...open.values()], closedIds };
}

function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
