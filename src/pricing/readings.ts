// Reads usage blocks whose counts contradict each other. Most providers count a part within its whole, and a total that is the sum of the
// wholes. Some count a part beside its whole (cached tokens, audio, reasoning …), which then shows only in the total:
// https://github.com/earendil-works/pi/issues/2048, https://github.com/router-for-me/CLIProxyAPI/issues/5733. A reading is used when
// it is the only one that makes the total exact. Otherwise only what all readings have in common is charged: the answer is not free, and no
// token is charged that may not have been used.
import type { Usage } from '../ledger/index.js';

export type Reading = NonNullable<Usage['reading']>[number];
/** The counts that may contradict each other. */
export type TokenCounts = Omit<
  Usage,
  'reading' | 'totalTokens' | 'explicitCachedTokens' | 'images' | 'seconds' | 'characters'
>;

const BESIDE: readonly {
  readonly reading: Reading;
  readonly parts: readonly (keyof TokenCounts)[];
  readonly whole: Whole;
}[] = [
  { reading: 'cached_beside_prompt', parts: ['cachedTokens'], whole: 'promptTokens' },
  {
    reading: 'cache_writes_beside_prompt',
    parts: ['cacheWriteTokens', 'cacheWrite1hTokens'],
    whole: 'promptTokens',
  },
  { reading: 'audio_beside_prompt', parts: ['promptAudioTokens'], whole: 'promptTokens' },
  { reading: 'images_beside_prompt', parts: ['promptImageTokens'], whole: 'promptTokens' },
  { reading: 'reasoning_beside_completion', parts: ['reasoningTokens'], whole: 'completionTokens' },
  { reading: 'audio_beside_completion', parts: ['completionAudioTokens'], whole: 'completionTokens' },
];
type Whole = 'promptTokens' | 'completionTokens';

const cacheOf = (counts: TokenCounts): number =>
  counts.cachedTokens + counts.cacheWriteTokens + counts.cacheWrite1hTokens;

/** Whether every part fits into its whole. Cache and modalities are counted independently: they may overlap. */
const fits = (counts: TokenCounts): boolean =>
  cacheOf(counts) <= counts.promptTokens &&
  counts.promptAudioTokens + counts.promptImageTokens <= counts.promptTokens &&
  counts.reasoningTokens + counts.completionAudioTokens <= counts.completionTokens;

const agree = (counts: TokenCounts, totalTokens: number | undefined): boolean =>
  fits(counts) && (totalTokens === undefined || counts.promptTokens + counts.completionTokens === totalTokens);

/** The counts with every part within its whole, and how they were read; no readings when they agree already. */
export function agreed(
  counts: TokenCounts,
  totalTokens: number | undefined,
): { readonly counts: TokenCounts; readonly reading: readonly Reading[] } {
  if (agree(counts, totalTokens)) return { counts, reading: [] };
  const exact = totalTokens === undefined ? [] : readingsOf(counts).filter((read) => agree(read.counts, totalTokens));
  const [only, ...others] = exact;
  return only !== undefined && others.length === 0
    ? only
    : { counts: certain(counts, totalTokens), reading: ['certain'] };
}

/** Every combination of parts that may have been counted beside their wholes. */
function readingsOf(reported: TokenCounts): { readonly counts: TokenCounts; readonly reading: readonly Reading[] }[] {
  let all: { counts: TokenCounts; reading: readonly Reading[] }[] = [{ counts: reported, reading: [] }];
  for (const { reading, parts, whole } of BESIDE) {
    const tokens = parts.reduce((sum, part) => sum + reported[part], 0);
    if (tokens === 0) continue;
    const beside = all.map((one) => ({
      counts: { ...one.counts, [whole]: one.counts[whole] + tokens },
      reading: [...one.reading, reading],
    }));
    all = [...all, ...beside];
  }
  return all;
}

/**
 * What all readings have in common: the wholes, cut down to a smaller total (the completion first, as it costs more),
 * and of each kind with its own price only what must be of that kind. A part that is larger than its whole is ignored.
 */
function certain(reported: TokenCounts, totalTokens: number | undefined): TokenCounts {
  const most = totalTokens || Infinity; // a total of 0 with other counts is no information
  const promptTokens = lesser(reported.promptTokens, most);
  const completionTokens = lesser(reported.completionTokens, most - promptTokens);
  const cachedTokens = believed(reported.cachedTokens, promptTokens);
  const writes = {
    for5m: believed(reported.cacheWriteTokens, promptTokens),
    for1h: believed(reported.cacheWrite1hTokens, promptTokens),
  };
  const [promptAudioTokens, promptImageTokens] = apart(
    promptTokens,
    reported.promptAudioTokens,
    reported.promptImageTokens,
  );
  const [reasoningTokens, completionAudioTokens] = apart(
    completionTokens,
    reported.reasoningTokens,
    reported.completionAudioTokens,
  );
  return {
    ...reported,
    promptTokens,
    completionTokens,
    cachedTokens,
    ...written(promptTokens, cachedTokens, writes),
    promptAudioTokens,
    promptImageTokens,
    reasoningTokens,
    completionAudioTokens,
  };
}

/**
 * Where reads and writes overlap, the writes contain what was read, and that is not billed again: "A longer cache write
 * does not bill the already cached … tokens again" (https://developers.openai.com/api/docs/guides/prompt-caching). The
 * shorter lifetime costs less.
 */
function written(prompt: number, cached: number, { for5m, for1h }: { readonly for5m: number; readonly for1h: number }) {
  const all = for5m + for1h;
  const tokens = cached + all <= prompt ? all : greater(0, lesser(all, prompt) - cached);
  const cacheWriteTokens = lesser(for5m, tokens);
  return { cacheWriteTokens, cacheWrite1hTokens: tokens - cacheWriteTokens };
}

/** Of two parts that exclude each other, the tokens that are certainly of the one or the other. */
function apart(whole: number, ...reported: readonly [number, number]): readonly [number, number] {
  const [one, other] = [believed(reported[0], whole), believed(reported[1], whole)];
  const overlap = greater(0, one + other - whole);
  return [greater(0, one - overlap), greater(0, other - overlap)];
}

const believed = (part: number, whole: number): number => (part <= whole ? part : 0);
const lesser = (a: number, b: number): number => (a < b ? a : b);
const greater = (a: number, b: number): number => (a > b ? a : b);
