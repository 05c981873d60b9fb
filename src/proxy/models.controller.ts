import { Controller, Get, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { modelRefusal } from '../ledger/index.js';
import type { Model } from '../pricing/index.js';
import { errorOf } from './api-error.js';
import { FreshBearerGuard } from './bearer.guard.js';
import { ModelDirectory } from './model-directory.js';

/** The catalogue is not dated; OpenAI's shape wants a creation time all the same, in Unix seconds. */
const CREATED = 1_767_225_600;

const modelObject = ({ id, maker, contextWindow }: Model) => ({
  id,
  object: 'model',
  created: CREATED,
  owned_by: maker,
  context_length: contextWindow,
});

@Controller('v1/models')
@UseGuards(FreshBearerGuard)
export class ModelsController {
  constructor(private readonly models: ModelDirectory) {}

  @Get()
  list(@Req() { caller }: FastifyRequest): object {
    return { object: 'list', data: this.models.list(caller.settings).map(modelObject) };
  }

  @Get(':id')
  retrieve(@Req() { caller }: FastifyRequest, @Param('id') id: string): object {
    const model = this.models.require(id);
    const refusal = modelRefusal(caller.settings, id);
    if (refusal !== undefined) throw errorOf(refusal);
    return modelObject(model);
  }
}
