import { Controller, Get, HttpCode, Injectable, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers, AnswersPage, type Page, type Role } from '../http/index.js';
import * as dto from './jobs.dto.js';
import { Jobs } from './jobs.js';

/** The jobs that people of a role may see. */
@Injectable()
abstract class RoleJobsController {
  protected abstract readonly role: Role;

  constructor(protected readonly jobs: Jobs) {}

  @Get()
  @ApiOperation({ summary: 'Long work that was started here, newest first; kept for 90 days' })
  @AnswersPage('A page of jobs', dto.StartedJob)
  async list(@Query() { kind, status, ...query }: dto.JobsQuery): Promise<Page<dto.StartedJob>> {
    return this.jobs.page({ role: this.role, kind, status }, query, dto.showJob);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a job is, and what came of it' })
  @Answers(200, 'The job', dto.StartedJob)
  async retrieve(@Param('id') id: string): Promise<dto.StartedJob> {
    return dto.showJob(await this.jobs.get(this.role, id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'End a job early', description: 'What it has done so far stays. It may take two seconds.' })
  @Answers(200, 'The job', dto.StartedJob)
  async cancel(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<dto.StartedJob> {
    return dto.showJob(await this.jobs.cancel(this.role, id, principal.userId));
  }
}

@ApiTags('Operations')
@Controller('api/operator/jobs')
@Access('operator')
export class OperatorJobsController extends RoleJobsController {
  protected override readonly role = 'operator';
}

@ApiTags('Finance')
@Controller('api/finance/jobs')
@Access('finance')
export class FinanceJobsController extends RoleJobsController {
  protected override readonly role = 'finance';
}
