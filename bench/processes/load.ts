// Makes load: calls at a fixed rate (open loop) or from a fixed number of callers (closed loop), over kept-alive connections.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { percentile } from '../lib/figures.ts';
import type { LoadFigures, LoadOrder, Percentiles, Target } from '../lib/protocol.ts';
import { serveCommands } from './child.ts';

const agent = new Agent({ connections: 1_024, keepAliveTimeout: 30_000 });
const PROMPT = 'Give me one fact about octopuses, and say how sure you are of it. '.repeat(4);
const plain = { messages: [{ role: 'user', content: PROMPT }], max_tokens: 256 };
const streamed = { ...plain, stream: true, stream_options: { include_usage: true } };
/** Made once for each target, not for each call. */
const bodyOf = ({ target, stream }: LoadOrder): string =>
  JSON.stringify({ model: target.model, ...(stream ? streamed : plain) });
/** How early a pause ends before a call is due: timers are up to a millisecond late, so the rest is spent in turns of the loop. */
const EARLY_MS = 1.5;
/** Calls closer together than this are sent when a timer fires, all that are due at once. */
const FINE_GAP_MS = 4;

class Samples {
  calls = 0;
  failed = 0;
  readonly whole: number[] = [];
  readonly firstChunk: number[] = [];
  readonly gap: number[] = [];
}

/** One call; resolves when its last byte has come. Times count from `due`. */
function call({ origin, path, authorization }: Target, body: string, due: number, samples: Samples): Promise<void> {
  samples.calls++;
  return new Promise((resolve) => {
    let status = 0;
    let last = 0;
    const headers = { authorization, 'content-type': 'application/json' };
    const fail = (): void => {
      samples.failed++;
      setImmediate(resolve);
    };
    agent.dispatch(
      { origin, path, method: 'POST', headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode) => void (status = statusCode),
        onResponseData: () => {
          const now = performance.now();
          if (last === 0) samples.firstChunk.push(now - due);
          else samples.gap.push(now - last);
          last = now;
        },
        onResponseEnd: () => {
          if (status !== 200) return fail();
          samples.whole.push(performance.now() - due);
          resolve();
        },
        onResponseError: fail,
      },
    );
  });
}

async function openLoop(order: LoadOrder, perSecond: number, samples: Samples): Promise<void> {
  const { target, forMs } = order;
  const body = bodyOf(order);
  const gapMs = 1_000 / perSecond;
  const count = Math.floor(forMs / gapMs);
  const calls: Promise<void>[] = [];
  const start = performance.now() + gapMs;
  while (calls.length < count) {
    const due = start + calls.length * gapMs;
    const wait = due - performance.now();
    if (wait <= 0) calls.push(call(target, body, due, samples));
    else if (gapMs < FINE_GAP_MS) await delay(1);
    else await (wait > 2 * EARLY_MS ? delay(wait - EARLY_MS) : nextTurn());
  }
  await Promise.all(calls);
}

async function closedLoop(order: LoadOrder, inFlight: number, samples: Samples): Promise<void> {
  const { target, forMs } = order;
  const body = bodyOf(order);
  const end = performance.now() + forMs;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) await call(target, body, performance.now(), samples);
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

async function run(order: LoadOrder): Promise<LoadFigures> {
  const samples = new Samples();
  const start = performance.now();
  await ('perSecond' in order.pace
    ? openLoop(order, order.pace.perSecond, samples)
    : closedLoop(order, order.pace.inFlight, samples));
  const seconds = (performance.now() - start) / 1_000;
  return {
    calls: samples.calls,
    failed: samples.failed,
    perSecond: samples.calls / seconds,
    whole: percentiles(samples.whole),
    firstChunk: percentiles(samples.firstChunk),
    gap: percentiles(samples.gap),
  };
}

const percentiles = (samples: readonly number[]): Percentiles => ({
  p50: percentile(samples, 50),
  p95: percentile(samples, 95),
  p99: percentile(samples, 99),
});

serveCommands(0, { run });
