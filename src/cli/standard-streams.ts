// What becomes of a command whose output can't be written.
import { fstatSync, writeFileSync } from 'node:fs';

type Written = (error?: Error) => void;

/**
 * A reader that has seen enough (`| head`) ends the command as it would have ended; where the output is lost otherwise, such as on a full
 * disk, that is a sentence. Of what can't even be told nobody hears: commands end by their exit code.
 */
export function watchStandardStreams(): void {
  const { stdout, stderr } = process;
  if (fstatSync(stdout.fd).isFile()) Object.assign(stdout, { _write: writeWhole });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.exitCode = 1;
      console.error(`tokenhub: the output is not whole: ${error.message}`);
    }
    // At once: an export may be far from its end.
    process.exit();
  });
  stderr.on('error', () => undefined);
}

/**
 * To a file, Node writes each chunk by one `writeSync` and takes no note of how much of it was written
 * (lib/internal/fs/sync_write_stream.js): a disk that fills up on the way would cut the output off without an error.
 */
function writeWhole(chunk: Uint8Array, _encoding: string, written: Written): void {
  try {
    writeFileSync(process.stdout.fd, chunk);
    written();
  } catch (error) {
    written(error as Error);
  }
}
