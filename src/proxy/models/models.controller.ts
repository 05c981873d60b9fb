import { Controller, Get, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { modelRefusal } from '../../ledger/index.js';
import { Access, errorOf } from '../../platform/http/index.js';
import { ModelDirectory } from './model-directory.js';

@Controller('v1/models')
@Access('api-key')
export class ModelsController {
  constructor(private readonly models: ModelDirectory) {}

  @Get()
  list(@Req() { caller }: FastifyRequest): object {
    return { object: 'list', data: this.models.list(caller.settings).map((model) => this.models.show(model)) };
  }

  @Get(':id')
  retrieve(@Req() { caller }: FastifyRequest, @Param('id') id: string): object {
    const model = this.models.require(id);
    const refusal = modelRefusal(caller.settings, model);
    if (refusal !== undefined) throw errorOf(refusal);
    return this.models.show(model, id);
  }
}
