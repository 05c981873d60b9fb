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

/** What is sent, made once for each target and not for each call. */
interface Call {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function callOf({ origin, path, authorization, headers, model }: Target, stream: boolean): Call {
  const body = JSON.stringify({ model, ...(stream ? streamed : plain) });
  return { origin, path, headers: { authorization, 'content-type': 'application/json', ...headers }, body };
}

/** The calls to make, one after another. */
function callsOf({ target, alsoTo = [], stream }: LoadOrder): () => Call {
  const first = callOf(target, stream);
  const all = [first, ...alsoTo.map((each) => callOf(each, stream))];
  let next = 0;
  return () => all[next++ % all.length] ?? first;
}

/** How early a pause ends before a call is due: timers are up to a millisecond late, so the rest is spent in turns of the loop. */
const EARLY_MS = 1.5;
/** Calls closer together than this are sent when a timer fires, all that are due at once. */
const FINE_GAP_MS = 4;

class Samples {
  calls = 0;
  failed = 0;
  readonly refusal: number[] = [];
  readonly whole: number[] = [];
  readonly firstChunk: number[] = [];
  readonly gap: number[] = [];
  readonly late: number[] = [];
}

/** One call; resolves when its last byte has come, with how long to wait if it was refused. Times count from `due`. */
function call({ origin, path, headers, body }: Call, due: number, samples: Samples): Promise<number> {
  samples.calls++;
  samples.late.push(performance.now() - due);
  return new Promise((resolve) => {
    let status = 0;
    let last = 0;
    let retryAfterMs: number | undefined;
    const fail = (): void => {
      samples.failed++;
      setImmediate(resolve, 0);
    };
    agent.dispatch(
      { origin, path, method: 'POST', headers, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, statusCode, answered) => {
          status = statusCode;
          const told = answered['retry-after-ms'];
          retryAfterMs = told === undefined ? undefined : Number(told);
        },
        onResponseData: () => {
          if (status !== 200) return;
          const now = performance.now();
          if (last === 0) samples.firstChunk.push(now - due);
          else samples.gap.push(now - last);
          last = now;
        },
        onResponseEnd: () => {
          const tookMs = performance.now() - due;
          if (status !== 200 && retryAfterMs === undefined) return fail();
          (status === 200 ? samples.whole : samples.refusal).push(tookMs);
          resolve(retryAfterMs ?? 0);
        },
        onResponseError: fail,
      },
    );
  });
}

async function openLoop(order: LoadOrder, perSecond: number, samples: Samples): Promise<void> {
  const { forMs } = order;
  const nextCall = callsOf(order);
  const gapMs = 1_000 / perSecond;
  const count = Math.floor(forMs / gapMs);
  const calls: Promise<number>[] = [];
  const start = performance.now() + gapMs;
  while (calls.length < count) {
    const due = start + calls.length * gapMs;
    const wait = due - performance.now();
    if (wait <= 0) calls.push(call(nextCall(), due, samples));
    else if (gapMs < FINE_GAP_MS) await delay(1);
    else await (wait > 2 * EARLY_MS ? delay(wait - EARLY_MS) : nextTurn());
  }
  await Promise.all(calls);
}

async function closedLoop(order: LoadOrder, inFlight: number, samples: Samples): Promise<void> {
  const { forMs, most = Number.POSITIVE_INFINITY } = order;
  const nextCall = callsOf(order);
  const end = performance.now() + forMs;
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < end && samples.calls < most; now = performance.now()) {
      const waitMs = await call(nextCall(), now, samples);
      if (waitMs > 0) await delay(Math.max(0, Math.min(waitMs, end - performance.now()))); // as OpenAI's clients do
    }
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
    refused: samples.refusal.length,
    perSecond: samples.whole.length / seconds,
    refusal: percentiles(samples.refusal),
    whole: percentiles(samples.whole),
    firstChunk: percentiles(samples.firstChunk),
    gap: percentiles(samples.gap),
    late: percentiles(samples.late),
  };
}

const percentiles = (samples: readonly number[]): Percentiles => ({
  p50: percentile(samples, 50),
  p95: percentile(samples, 95),
  p99: percentile(samples, 99),
});

serveCommands(0, { run });
