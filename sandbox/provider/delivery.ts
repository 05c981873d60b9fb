import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Part, Plan } from './plan.js';

/**
 * Called once per answer with the usage it reports (null: none), before the bytes that report it, or end the answer,
 * are sent.
 */
export type Report = (usage: object | null) => void;

/** Carries out a plan. Stops quietly when the caller has left; if it had not reported usage by then, it never does. */
export function deliver(response: ServerResponse, plan: Plan, report: Report): Promise<void> | undefined {
  response.writeHead(200, plan.headers);
  if (plan.gapMs !== undefined) return deliverPaced(response, plan, plan.gapMs, report);
  report(lastUsage(plan.parts));
  const [first] = plan.parts;
  finish(
    response,
    plan.ending,
    plan.parts.length === 1 && first ? first.bytes : plan.parts.map(({ bytes }) => bytes).join(''),
  );
  return undefined;
}

/** Waits, or returns early when the caller leaves. */
export function pause(response: ServerResponse, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      response.off('close', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    response.once('close', wake);
  });
}

const lastUsage = (parts: readonly Part[]): object | null =>
  parts.findLast(({ usage }) => usage !== null)?.usage ?? null;

async function deliverPaced(
  response: ServerResponse,
  { parts, ending }: Plan,
  gapMs: number,
  report: Report,
): Promise<void> {
  const telling = parts.findLastIndex(({ usage }) => usage !== null);
  const reportAt = telling === -1 ? parts.length - 1 : telling;
  for (const [index, { bytes }] of parts.entries()) {
    if (index > 0) await (gapMs === 0 ? nextTurn() : pause(response, gapMs));
    if (response.destroyed) return;
    if (index === reportAt) report(lastUsage(parts));
    if (index === parts.length - 1) finish(response, ending, bytes);
    else if (!response.write(bytes)) await drained(response);
  }
}

function finish(response: ServerResponse, ending: Plan['ending'], bytes: string | Buffer): void {
  if (ending === 'end') response.end(bytes);
  else response.write(bytes, () => (ending === 'die' ? response.destroy() : undefined));
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      response.off('drain', wake).off('close', wake);
      resolve();
    };
    response.once('drain', wake).once('close', wake);
  });
}
