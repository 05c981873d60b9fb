// Handles output that can't be written.
import { fstatSync, writeFileSync } from 'node:fs';

type Written = (error?: Error) => void;

/**
 * A reader that closes early (`| head`) ends the command normally. Any other loss of output, such as a full disk, is
 * reported in a sentence. If even that can't be written, only the exit code shows it.
 */
export function watchStandardStreams(): void {
  const { stdout, stderr } = process;
  if (fstatSync(stdout.fd).isFile()) Object.assign(stdout, { _write: writeWhole });
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.exitCode = 1;
      console.error(`tokenhub: the output is incomplete: ${error.message}`);
    }
    // At once: an export may be far from its end.
    process.exit();
  });
  stderr.on('error', () => undefined);
}

/**
 * For a file, Node writes each chunk with one `writeSync` and ignores how much was written
 * (lib/internal/fs/sync_write_stream.js): a disk that fills up would cut the output off without an error.
 */
function writeWhole(chunk: Uint8Array, _encoding: string, written: Written): void {
  try {
    writeFileSync(process.stdout.fd, chunk);
    written();
  } catch (error) {
    written(error as Error);
  }
}
