import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../platform/config.js';
import { LOGGER, PlatformModule } from '../../platform/index.js';
import { Catalogue } from '../../pricing/index.js';
import { Channels, Upstream } from '../../proxy/index.js';
import { ConfiguredChannels } from '../../reconciliation/index.js';
import type { SandboxProvider } from '../../../sandbox/provider/index.js';
import { loadSandbox } from '../sandboxes/load-sandbox.js';
import { GATEWAY_LOCK } from '../stores/gateway-stores.module.js';
import { configuredChannels } from '../configuration/channel-config.js';
import { HttpUpstream } from './http-upstream.js';
import { sandboxChannels } from './sandbox-channels.js';

/** The sandbox that stands in for model providers; undefined where one is configured. */
const SANDBOX = Symbol('sandbox provider');
type Sandbox = SandboxProvider | undefined;

/** The way to the model providers: their channels, and HTTP. */
@Global()
@Module({
  imports: [PlatformModule],
  providers: [
    { provide: SANDBOX, useFactory: startSandbox, inject: [CONFIG, LOGGER, Catalogue, GATEWAY_LOCK] },
    { provide: Channels, useFactory: openChannels, inject: [CONFIG, Catalogue, SANDBOX] },
    { provide: ConfiguredChannels, useFactory: namesOf, inject: [Channels] },
    { provide: Upstream, useClass: HttpUpstream },
  ],
  exports: [Channels, ConfiguredChannels, Upstream],
})
export class ProvidersModule implements OnApplicationShutdown {
  constructor(@Inject(SANDBOX) private readonly sandbox: Sandbox) {}

  async onApplicationShutdown(): Promise<void> {
    await this.sandbox?.close();
  }
}

function openChannels(config: Config, catalogue: Catalogue, sandbox: Sandbox): Channels {
  const channels = sandbox === undefined ? configuredChannels(config, catalogue) : sandboxChannels(sandbox, catalogue);
  return new Channels(channels, catalogue);
}

function namesOf({ all }: Channels): ConfiguredChannels {
  return { names: all.map(({ name }) => name) };
}

async function startSandbox(config: Config, logger: Logger, catalogue: Catalogue): Promise<Sandbox> {
  if (configuredChannels(config, catalogue).length > 0) return undefined;
  const { startSandboxProvider } = await loadSandbox(() => import('../../../sandbox/provider/index.js'));
  const sandbox = await startSandboxProvider({});
  logger.warn({
    url: sandbox.url,
    msg: 'no model provider is configured: a SANDBOX answers every model with made-up text',
  });
  return sandbox;
}
