// What the benchmark and its child processes tell each other.

export interface Ask {
  readonly command: string;
  readonly argument: unknown;
}

export interface Reply {
  readonly result?: unknown;
}

/** The usage an upstream handed out to one caller. */
export interface UsageTotals {
  readonly answers: number;
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
}

/** What a process has used so far. */
export interface Resources {
  readonly rssBytes: number;
  readonly cpuSeconds: number;
}

/** What a gateway's process holds, and what of it is of V8 on its main thread: room for objects, those in it, dead ones included, and buffers beside it. */
export interface MemoryParts {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly objectBytes: number;
  readonly bufferBytes: number;
}

/** The appends of a gateway so far, and the time until each was durable, all together. */
export interface Appends {
  readonly count: number;
  readonly seconds: number;
}

/** How many pieces of text a stream has. */
export const CHUNKS = 64;

/** The wire format of a provider. */
export type Format = 'openai' | 'anthropic' | 'gemini';

/** Where load goes: `direct`, `pass-through`, `gateway`, or the name of another build or program. */
export interface Target {
  readonly name: string;
  readonly model: string;
  readonly origin: string;
  readonly path: string;
  readonly authorization: string;
  /** Beside those of every call. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How load is made: calls at a fixed rate whatever comes back, or a number of callers that each wait for their answer. */
export type Pace = { readonly perSecond: number } | { readonly inFlight: number };

export interface LoadOrder {
  readonly target: Target;
  /** Others of the same name, where calls go in turn. */
  readonly alsoTo?: readonly Target[];
  readonly stream: boolean;
  readonly pace: Pace;
  readonly forMs: number;
  /** Callers that wait stop after so many. */
  readonly most?: number;
}

/** Clients that only cost: where they go, and how many there are. */
export interface NuisanceOrder extends Target {
  readonly unfinishedBodies: number;
  readonly silentConnections: number;
}

export interface NuisanceFigures {
  connections: number;
  sentBytes: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** In milliseconds. At a fixed rate, everything counts from the instant a call was due, not from when it got out. */
export interface LoadFigures {
  readonly calls: number;
  readonly failed: number;
  /** As the gateway had too much to do. */
  readonly refused: number;
  /** Whole answers. */
  readonly perSecond: number;
  readonly refusal: Percentiles;
  readonly whole: Percentiles;
  readonly firstChunk: Percentiles;
  readonly gap: Percentiles;
  /** How late calls got out, which is the fault of who makes the load. */
  readonly late: Percentiles;
}
