'use client';

import { useEffect, useState } from 'react';

const TICK_MS = 1_000;

/** Whole seconds left of a wait, down to 0. It restarts when `cause` changes. */
export function useCountdown(seconds: number, cause: unknown): number {
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cause is the trigger: the same wait can occur twice
  useEffect(() => {
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), TICK_MS);
    return () => clearInterval(timer);
  }, [seconds, cause]);
  return left;
}
