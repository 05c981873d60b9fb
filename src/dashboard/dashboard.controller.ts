import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiExcludeController } from '#openapi';
import { Access, pathOf } from '../platform/http/index.js';
import { DashboardPage } from './dashboard-page.js';

/** What programs call: a path that does not exist there is told to them in JSON, even to a browser. */
const OF_PROGRAMS = /^\/(?:api|v1|assets|metrics|sandbox)(?:\/|$)/;

/** Every address that is nobody else's: a browser gets the dashboard, which knows its own pages; a program is told that there is nothing. */
@Controller()
@ApiExcludeController()
@Access('anyone')
export class DashboardController {
  constructor(private readonly page: DashboardPage) {}

  @Get('*')
  show(@Req() { url, headers }: FastifyRequest, @Res() reply: FastifyReply): void {
    const isForPerson = headers.accept?.includes('text/html') === true && !OF_PROGRAMS.test(pathOf(url));
    if (!isForPerson) throw new NotFoundException();
    this.page.send(reply);
  }
}
