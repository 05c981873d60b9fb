// What it costs the gateway to translate a provider's stream, over passing one of OpenAI's through: CPU time of its process, in rounds
// that take the formats in turn, so that whatever else the machine does meets all three. A figure is the median over the rounds.
import { median, milliseconds, printTable } from './figures.ts';
import { quick } from './options.ts';
import { CHUNKS, type Format } from './protocol.ts';
import type { Stage } from './stage.ts';

const ROUNDS = quick ? 2 : 8;
const ROUND_MS = quick ? 900 : 1_500;
const WARM_UP_MS = quick ? 500 : 1_500;
const IN_FLIGHT = 8;
const PER_CHUNKS = 100;
const FORMATS: readonly Format[] = ['openai', 'anthropic', 'gemini'];

/** Milliseconds of CPU time for one streamed call, by round. */
type Rounds = readonly Readonly<Record<Format, number>>[];

export interface Translation {
  readonly format: Format;
  /** Of a streamed call, in milliseconds. */
  readonly cpuMs: number;
  /** Against a stream that passes through. */
  readonly ratio: number;
  /** For 100 chunks beyond those that pass through, the request included, in milliseconds. */
  readonly addedMs: number;
}

export async function measureTranslations(stage: Stage): Promise<Translation[]> {
  for (const format of FORMATS) await cpuPerCall(stage, format, WARM_UP_MS);
  const rounds: Record<Format, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = { openai: Number.NaN, anthropic: Number.NaN, gemini: Number.NaN };
    const inTurn = round % 2 === 0 ? FORMATS : FORMATS.toReversed();
    for (const format of inTurn) cpu[format] = await cpuPerCall(stage, format, ROUND_MS);
    rounds.push(cpu);
  }
  return FORMATS.map((format) => translation(format, rounds));
}

async function cpuPerCall(stage: Stage, format: Format, forMs: number): Promise<number> {
  const target = stage.gatewayTo(format);
  const before = await stage.gatewayResources();
  const { calls } = await stage.run({ target, stream: true, pace: { inFlight: IN_FLIGHT }, forMs });
  const after = await stage.gatewayResources();
  return ((after.cpuSeconds - before.cpuSeconds) / calls) * 1_000;
}

const translation = (format: Format, rounds: Rounds): Translation => ({
  format,
  cpuMs: median(rounds.map((round) => round[format])),
  ratio: median(rounds.map((round) => round[format] / round.openai)),
  addedMs: median(rounds.map((round) => ((round[format] - round.openai) / CHUNKS) * PER_CHUNKS)),
});

export function printTranslations(translations: readonly Translation[]): void {
  printTable(
    `Streams of ${CHUNKS} chunks, by what the provider speaks: CPU time of the gateway`,
    ['', 'per call', '÷ pass-through', `added per ${PER_CHUNKS} chunks`],
    translations.map(({ format, cpuMs, ratio, addedMs }) =>
      format === 'openai'
        ? ['OpenAI, passed through', milliseconds(cpuMs), '', '']
        : [`${format}, translated`, milliseconds(cpuMs), ratio.toFixed(2), milliseconds(addedMs)],
    ),
  );
}
