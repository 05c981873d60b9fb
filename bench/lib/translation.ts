// What it costs the gateway to translate a provider's stream, over passing one of OpenAI's through: CPU time of its process, in rounds
// that take the formats in turn, so that whatever else the machine does meets all three. A figure is the median over the rounds.
import { type Figure, figureOf, milliseconds, printTable, times, withSpread } from './figures.ts';
import { quick } from './options.ts';
import { CHUNKS, type Format, type Target } from './protocol.ts';
import type { Watch } from './quiet.ts';
import type { Measured } from './report.ts';
import type { Stage } from './stage.ts';

const ROUNDS = quick ? 1 : 8;
const ROUND_MS = quick ? 600 : 1_500;
const WARM_UP_MS = quick ? 300 : 1_500;
const IN_FLIGHT = 8;
const PER_CHUNKS = 100;
const FORMATS: readonly Format[] = ['openai', 'anthropic', 'gemini'];

/** Milliseconds of CPU time for one streamed call, by target and format. */
type Round = Readonly<Record<string, Readonly<Record<Format, number>>>>;

export interface Translation {
  /** A gateway. */
  readonly target: string;
  readonly format: Format;
  /** Of a streamed call, in milliseconds. */
  readonly cpuMs: Figure;
  /** Against a stream that passes through. */
  readonly ratio: Figure;
  /** For 100 chunks beyond those that pass through, the request included, in milliseconds. */
  readonly addedMs: Figure;
}

export async function measureTranslations(stage: Stage, watch: Watch): Promise<Translation[]> {
  for (const format of FORMATS) {
    for (const gateway of stage.gateways) await cpuPerCall(stage, stage.asking(gateway, format), WARM_UP_MS);
  }
  const rounds = await watch.rounds(ROUNDS, async (round) => {
    const cpu: Record<string, Record<Format, number>> = {};
    for (const gateway of stage.gateways) {
      const figures = { openai: Number.NaN, anthropic: Number.NaN, gemini: Number.NaN };
      const inTurn = round % 2 === 0 ? FORMATS : FORMATS.toReversed();
      for (const format of inTurn) figures[format] = await cpuPerCall(stage, stage.asking(gateway, format), ROUND_MS);
      cpu[gateway.name] = figures;
    }
    return cpu;
  });
  return stage.gateways.flatMap(({ name }) => FORMATS.map((format) => translation(name, format, rounds)));
}

async function cpuPerCall(stage: Stage, target: Target, forMs: number): Promise<number> {
  const before = await stage.resources(target);
  const { calls } = await stage.run({ target, stream: true, pace: { inFlight: IN_FLIGHT }, forMs });
  const after = await stage.resources(target);
  return (((after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? Number.NaN)) / calls) * 1_000;
}

function translation(target: string, format: Format, rounds: readonly Round[]): Translation {
  const figure = (of: (round: Readonly<Record<Format, number>>) => number): Figure =>
    figureOf(rounds.flatMap(({ [target]: round }) => (round === undefined ? [] : of(round))));
  return {
    target,
    format,
    cpuMs: figure((round) => round[format]),
    ratio: figure((round) => round[format] / round.openai),
    addedMs: figure((round) => ((round[format] - round.openai) / CHUNKS) * PER_CHUNKS),
  };
}

export function printTranslations(translations: readonly Translation[]): void {
  printTable(
    `Streams of ${CHUNKS} chunks, by what the provider speaks: CPU time of the gateway`,
    ['', '', 'per call', '÷ passed through', `added per ${PER_CHUNKS} chunks`],
    translations.map(({ target, format, cpuMs, ratio, addedMs }) => [
      target,
      format === 'openai' ? 'OpenAI, passed through' : `${format}, translated`,
      withSpread(cpuMs, milliseconds),
      ...(format === 'openai' ? ['', ''] : [withSpread(ratio, times), withSpread(addedMs, milliseconds)]),
    ]),
  );
}

/** All of it, for comparisons. */
export const translationFigures = (translations: readonly Translation[]): Measured[] =>
  translations.map(({ target, format, cpuMs }) => ({
    target,
    what: `stream from ${format}: CPU of a call`,
    unit: 'ms',
    ...cpuMs,
  }));
