import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { WaitFor } from '../../event-store/index.js';
import { charges } from '../../ledger/index.js';
import { Access, Answers, AtMost } from '../../platform/http/index.js';
import { forOwner } from './explain.js';
import { ChargeExplanation } from './explanation.dto.js';
import { Explanations } from './explanations.js';

/** Why calls cost what they cost, for who paid. */
@ApiTags('Usage')
@Controller('api/charges/:id/explanation')
@Access('customer')
export class OwnExplanationsController {
  constructor(
    private readonly explanations: Explanations,
    private readonly waitFor: WaitFor,
  ) {}

  @Get()
  @AtMost(30)
  @ApiOperation({ summary: 'Why one of your calls cost what it cost, by the id of its charge or request' })
  @Answers(200, 'The usage, the price rule, each multiplication, the lots, the place in the ledger', ChargeExplanation)
  async explain(
    @Param('id') id: string,
    @Req() { principal: { accountId } }: FastifyRequest,
  ): Promise<ChargeExplanation> {
    await this.waitFor.head(charges.view);
    return forOwner(await this.explanations.of(id, accountId));
  }
}

/** The same for operators, who also see what the provider charges and what is booked. */
@ApiTags('Operations')
@Controller('api/operator/charges/:id/explanation')
@Access('operator')
export class ExplanationsController {
  constructor(
    private readonly explanations: Explanations,
    private readonly waitFor: WaitFor,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({ summary: 'Why a call cost what it cost, what its provider charges, and what is booked' })
  @Answers(200, 'The same as its owner reads, with provider costs, postings and positions', ChargeExplanation)
  async explain(@Param('id') id: string): Promise<ChargeExplanation> {
    await this.waitFor.head(charges.view);
    return this.explanations.of(id);
  }
}
