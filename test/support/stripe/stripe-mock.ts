// stripe-mock, Stripe's own test server: it checks requests against Stripe's OpenAPI document. It is a Go module, the document is in its source.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const MODULE = 'github.com/stripe/stripe-mock@v0.203.0';

const inPath = (name: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go/bin'), '/usr/local/go/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const go = inPath('go');
const program = inPath('stripe-mock');

/** False where there is no stripe-mock; then it has been said on the console. In CI that is an error. */
export const hasStripeMock = go !== undefined && program !== undefined;

if (!hasStripeMock) {
  const missing = `No stripe-mock on this machine: go install ${MODULE}`;
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, the specs against Stripe's OpenAPI document. ${missing}`);
}

/** Stripe's OpenAPI document, out of the module's source. */
export function stripeOpenApi(): { readonly components: object; readonly info: { readonly version: string } } {
  const told = spawnSync(go ?? 'go', ['mod', 'download', '-json', MODULE], { encoding: 'utf8' });
  const { Dir: folder } = JSON.parse(told.stdout) as { readonly Dir: string };
  return JSON.parse(readFileSync(join(folder, 'embedded/openapi/spec3.json'), 'utf8')) as ReturnType<
    typeof stripeOpenApi
  >;
}

export class StripeMock {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static start(): Promise<StripeMock> {
    const addresses = ['-http-addr', '127.0.0.1:0', '-https-addr', '127.0.0.1:0'];
    const child = spawn(program ?? '', addresses, { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const [, port] = /HTTP at address: \S*:(\d+)/.exec(said) ?? [];
        if (port !== undefined) resolve(new StripeMock(child, Number(port)));
      });
      child.once('exit', () => reject(new Error(`stripe-mock did not start: ${said}`)));
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
