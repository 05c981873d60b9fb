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
    const models = this.models.list(caller.settings);
    const data = models.map((model) => this.models.show(model));
    // Anthropic's clients page through its list; this one is whole.
    return {
      object: 'list',
      data,
      has_more: false,
      first_id: models[0]?.id ?? null,
      last_id: models.at(-1)?.id ?? null,
    };
  }

  /** A name may have slashes, which not every client escapes. */
  @Get('*')
  retrieve(@Req() { caller }: FastifyRequest, @Param('*') id: string): object {
    const model = this.models.require(id, caller.settings);
    const refusal = modelRefusal(caller.settings, model);
    if (refusal !== undefined) throw errorOf(refusal);
    return this.models.show(model, id);
  }
}
