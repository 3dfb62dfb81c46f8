import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 25;

/** Observes the children of this process until it is stopped. */
export interface ChildWatch {
  /** The peak memory of any of them, as the kernel counted it; undefined if there is no `/proc`. */
  peakBytes(): number | undefined;
  stop(): void;
}

export function watchChildren(): ChildWatch {
  let peakBytes: number | undefined;
  const look = () => {
    for (const pid of childrenOf(process.pid)) {
      const bytes = peakOf(pid);
      if (bytes !== undefined) peakBytes = Math.max(peakBytes ?? 0, bytes);
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    peakBytes() {
      look();
      return peakBytes;
    },
    stop: () => clearInterval(timer),
  };
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** The high-water mark, which includes short peaks between two readings. */
function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
