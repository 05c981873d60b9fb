// Audio files whose length is known.

export interface WaveFormat {
  readonly sampleRate: number;
  readonly seconds: number;
  readonly channels?: number;
  readonly bytesPerSample?: number;
  /** The coding; 1 is PCM. */
  readonly tag?: number;
}

/** Silence. */
export function waveFile({ sampleRate, seconds, channels = 1, bytesPerSample = 2, tag = 1 }: WaveFormat): Buffer {
  const block = channels * bytesPerSample;
  const file = Buffer.alloc(44 + sampleRate * block * seconds);
  file.write('RIFF');
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(tag, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * block, 28);
  file.writeUInt16LE(block, 32);
  file.write('data', 36);
  return file;
}

/** At the lowest rate: 8 kbit/s, so that 1,000 bytes are a second. */
export function mp3File(bytes: number): Buffer {
  const file = Buffer.alloc(bytes);
  Buffer.from([0xff, 0xe3, 0x18, 0xc4]).copy(file);
  return file;
}
