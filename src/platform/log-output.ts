// Where the log goes: standard output. Each write there stops the thread, so a busy gateway's lines leave together.
import { pino } from 'pino';

/** How long a line may wait for others. */
const TOGETHER_MS = 100;
/** So many characters do not wait. */
const MOST_WAITING = 65_536;
/** So many bytes are kept while standard output takes none, as on a full disk; lines beyond that are lost. */
const MOST_KEPT = 1_048_576;
/** With this, pino tells a stream the level of each line. */
const TELL_LEVEL = Symbol.for('pino.metadata');

/**
 * A line that comes alone is written at once, and so is a warning or an error, with all before it. What has not been written yet is lost only with
 * a process that is killed at that moment: it is written before any other end, and nothing waits any more once the gateway closes.
 */
export class LogOutput {
  readonly [TELL_LEVEL] = true;
  lastLevel = 0;
  #waiting = '';
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(private readonly out: (lines: string) => void) {}

  write(line: string): void {
    this.#waiting += line;
    const waits = this.#timer !== undefined && this.lastLevel < pino.levels.values['warn']!;
    if (!waits || this.#waiting.length >= MOST_WAITING) this.flush();
    if (!this.#ending) this.#timer ??= setTimeout(() => this.#turn(), TOGETHER_MS).unref();
  }

  flush(): void {
    const lines = this.#waiting;
    this.#waiting = '';
    if (lines !== '') this.out(lines);
  }

  /** From now on no line waits. */
  end(): void {
    this.#ending = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }

  #turn(): void {
    this.#timer = undefined;
    if (this.#waiting === '') return;
    this.flush();
    this.#timer = setTimeout(() => this.#turn(), TOGETHER_MS).unref();
  }
}

let output: LogOutput | undefined;

/** The one of this process. */
export function standardOutput(): LogOutput {
  if (output !== undefined) return output;
  const stdout = pino.destination({ dest: 1, sync: true, maxLength: MOST_KEPT });
  outlive(stdout);
  const opened = new LogOutput((lines) => stdout.write(lines));
  process.once('exit', () => opened.end()); // after an uncaught exception, too
  return (output = opened);
}

/** A gateway goes on without its log: a full disk, or a reader that is gone, must not end calls that are under way. */
function outlive(stdout: ReturnType<typeof pino.destination>): void {
  let isTold = false;
  stdout.on('error', ({ message }: Error) => {
    if (!isTold) console.error(`token-hub: the log can’t be written (${message}); the gateway goes on without it`);
    isTold = true;
  });
  stdout.on('write', () => (isTold = false));
  // What is printed past the log: the welcome of a first start.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
