import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DashboardController } from './dashboard.controller.js';
import { DashboardPage } from './dashboard-page.js';

/** Serves the pages of the dashboard, as the build has made and compressed them. */
@Module({ controllers: [DashboardController], providers: [DashboardPage] })
export class DashboardModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly page: DashboardPage,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const { folder } = this.page;
    // Not awaited: that would make the routes ready before Nest has set the handler of their errors.
    // The names of assets hold a hash of what is in them: they never change.
    void fastify.register(fastifyStatic, {
      serve: true,
      root: `${folder}/assets`,
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
      index: false,
      setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff'),
    });
    for (const name of ['favicon.svg', 'color-scheme.js']) {
      fastify.get(`/${name}`, (_request, reply) => reply.sendFile(name, folder, { maxAge: '1h', immutable: false }));
    }
  }
}
