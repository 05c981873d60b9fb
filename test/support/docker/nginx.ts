// The load balancer: this machine's nginx with the very configuration that the Compose files give to theirs.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Running } from '../gateway/gateway-process.js';
import { until } from '../gateway/until.js';
import { readText } from './compose.js';
import { ownPort } from '../network/own-port.js';

const PATH = `${process.env['PATH']}:/usr/sbin`;

/** False where there is no nginx; then it has been said on the console. In CI that is an error. */
export const hasNginx = spawnSync('nginx', ['-v'], { env: { PATH } }).status === 0;

if (!hasNginx) {
  const missing = 'No nginx on this machine: install it, for example with "apt-get install nginx-light".';
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, the load balancer's specs. ${missing}`);
}

export interface LoadBalancer {
  readonly url: string;
  /** Where its own container asks how it is. */
  readonly healthUrl: string;
  /** What it keeps of requests and answers on disk at this moment. */
  files(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface LoadBalancerOptions {
  /** The gateways' URLs. */
  readonly gateways: readonly string[];
  /** Variables of the template in place of the defaults. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startLoadBalancer({ gateways, env }: LoadBalancerOptions): Promise<LoadBalancer> {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-nginx-'));
  const [listen, health] = [`127.0.0.1:${await ownPort()}`, `127.0.0.1:${await ownPort()}`];
  // Not `resolve`, as in the Compose files: these are addresses, and Debian's nginx is older than that.
  const servers = gateways.map((url) => `server ${new URL(url).host};`).join(' ');
  const variables = { ...env, LISTEN: listen, HEALTH_LISTEN: health, GATEWAYS: servers };
  const config = join(folder, 'nginx.conf');
  await writeFile(config, substituted(readText('nginx/nginx.conf.template'), variables));
  const command = ['nginx', '-e', 'stderr', '-p', `${folder}/`, '-c', config, '-g', 'daemon off;'];
  const nginx = new Running(command, { PATH });
  const url = `http://${listen}`;
  await until('nginx to listen', () => {
    if (nginx.ended !== undefined) throw new Error(`nginx ended with ${nginx.ended}:\n${nginx.output}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return {
    url,
    healthUrl: `http://${health}`,
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return files.filter((name) => !['nginx.conf', 'nginx.pid'].includes(name));
    },
    stop: async () => {
      await nginx.kill('SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}

/** As envsubst does it in the image: variables that are set, and nothing else that looks like one. */
const substituted = (template: string, variables: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\$\{(\w+)\}/g, (text, name: string) => variables[name] ?? text);
