import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';

const SECOND_MS = 1_000;
const secondsUntil = (until: string): number => Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / SECOND_MS));
const padded = (count: number): string => String(count).padStart(2, '0');

/** The time that is left until an instant, by the second. */
export function Countdown({ until, over }: { readonly until: string; readonly over?: (() => void) | undefined }) {
  const [left, setLeft] = useState(() => secondsUntil(until));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(until)), SECOND_MS);
    return () => clearInterval(timer);
  }, [until]);
  useEffect(() => {
    if (left === 0) over?.();
    // Once, when the time is over: `over` is another function at each render.
  }, [left === 0]);
  return (
    <Text span inherit role="timer" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {Math.floor(left / 60)}:{padded(left % 60)}
    </Text>
  );
}
