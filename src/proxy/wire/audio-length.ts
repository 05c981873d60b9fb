// The longest that audio can last, judged by its first bytes. Only some formats bound it: in formats with a variable
// bit rate (FLAC, Opus, AAC …) an hour of silence takes a few kilobytes, and the header of a WAV file states its own
// byte rate. https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html, ISO/IEC 11172-3 and 13818-3 (frames
// of MP3)

/** PCM, floats, A-law and µ-law: every sample has the same size. */
const EVEN_CODINGS: ReadonlySet<number> = new Set([1, 3, 6, 7]);
const EXTENSIBLE = 0xfffe;
/** The lowest bit rate of MPEG audio: 8 kbit/s. */
const MPEG_BYTES_PER_SECOND = 1_000;
const MAX_CHUNKS = 1_000;

/** In seconds; `Infinity` when the size of the file sets no limit. */
export function secondsAtMost(file: Buffer): number {
  const bytesPerSecond = rateOf(file);
  return bytesPerSecond > 0 ? file.length / bytesPerSecond : Infinity;
}

/** The lowest number of bytes per second; 0 when unknown. */
function rateOf(file: Buffer): number {
  if (file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WAVE') return waveRate(file);
  return isMpeg(file.subarray(startOfFrames(file))) ? MPEG_BYTES_PER_SECOND : 0;
}

function waveRate(file: Buffer): number {
  let at = 12;
  for (let chunks = 0; chunks < MAX_CHUNKS && at + 24 <= file.length; chunks++) {
    if (file.toString('latin1', at, at + 4) === 'fmt ') return formatRate(file.subarray(at + 8));
    const size = file.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return 0;
}

/** The stated rate and the rate computed from the samples should agree; decoders use either. */
function formatRate(format: Buffer): number {
  const tag = format.readUInt16LE(0);
  const coding = tag === EXTENSIBLE && format.length >= 26 ? format.readUInt16LE(24) : tag;
  if (!EVEN_CODINGS.has(coding)) return 0;
  return Math.min(format.readUInt32LE(8), format.readUInt32LE(4) * format.readUInt16LE(12));
}

/** Skips ID3v2 tags, of which there may be several. https://id3.org/id3v2.4.0-structure */
function startOfFrames(file: Buffer): number {
  let at = 0;
  while (at + 10 <= file.length && file.toString('latin1', at, at + 3) === 'ID3') {
    const size = file.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
    at += 10 + size;
  }
  return at;
}

/**
 * Whether a frame begins here: MPEG audio of a known layer and bit rate. A free bit rate has no minimum; AAC has layer
 * 0.
 */
function isMpeg(frames: Buffer): boolean {
  const [sync = 0, kind = 0, rates = 0] = frames;
  const [version, layer, bitRate] = [(kind >> 3) & 3, (kind >> 1) & 3, rates >> 4];
  return sync === 0xff && kind >= 0xe0 && version !== 1 && layer !== 0 && bitRate !== 0 && bitRate !== 15;
}

/**
 * No maker counts more tokens per second: Gemini 32 (https://ai.google.dev/gemini-api/docs/tokens), Qwen 25, OpenAI 10.
 */
const AUDIO_TOKENS_PER_SECOND = 32;
/** Mistral counts 12.5 a second, but whole pieces of 30 seconds (recorded in https://github.com/pydantic/genai-prices/pull/591). */
const LEAST_AUDIO_TOKENS = 375;
/** A URL does not match, because of its colon. */
const BASE64 = /^[A-Za-z\d+/_-]+={0,2}$/;

/**
 * The most tokens that audio in a request can cost: base64, or a data URL of it. `Infinity` for audio that is only
 * referred to.
 */
export function audioTokensAtMost(data: string): number {
  const base64 = data.startsWith('data:') ? data.slice(data.indexOf(',') + 1) : data;
  if (!BASE64.test(base64)) return Infinity;
  const seconds = Math.ceil(secondsAtMost(Buffer.from(base64, 'base64')) + 1);
  return Math.max(LEAST_AUDIO_TOKENS, seconds * AUDIO_TOKENS_PER_SECOND);
}
