import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, type Config } from '../../platform/config.js';
import { PublicUrl } from '../../platform/mail/index.js';

const EVERY_INTERFACE = new Set(['0.0.0.0', '::']);

/** `PUBLIC_URL`, or the address that this gateway listens on. */
@Injectable()
export class ListeningUrl extends PublicUrl {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'PUBLIC_URL' | 'HOST' | 'PORT'>,
    private readonly host: HttpAdapterHost,
  ) {
    super();
  }

  override link(path: string): string {
    return `${this.config.PUBLIC_URL ?? this.#listening()}${path}`;
  }

  #listening(): string {
    const { HOST, PORT } = this.config;
    const server = this.host.httpAdapter.getHttpServer() as { address(): { port: number } | string | null };
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : PORT;
    const host = EVERY_INTERFACE.has(HOST) ? '127.0.0.1' : HOST;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }
}
