import { Body, Controller, Delete, Get, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AtMost } from '../../platform/http/index.js';
import { accepted, type Amount, Clock, formatUsd, Refused, refuse } from '../../kernel/index.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { boughtIn, cardOf } from '../automatic/automatic-topup.js';
import { SavedCards } from '../provider/saved-cards.js';
import { FLOOR, price, readAmount } from '../orders/topup-offer.js';
import { TopupSettings } from '../orders/topup-settings.js';
import { AutomaticTopup, SetAutomaticTopup } from './automatic-topup.dto.js';

const noAddress = refuse(
  'conflict',
  'billing_address_needed',
  'The tax of a charge depends on your address, and this card was saved without one. Top up once with "save_card": true: its checkout asks for it.',
);

/** Topping up by itself, with a saved card. */
@ApiTags('Automatic top-up')
@Controller('api/automatic-topup')
@Access('customer')
export class AutomaticTopupController {
  constructor(
    private readonly automatic: AutomaticTopups,
    private readonly offer: TopupSettings,
    private readonly cards: SavedCards,
    private readonly clock: Clock,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({ summary: 'Whether and how your balance is topped up by itself' })
  @Answers(200, 'The settings and the saved card', AutomaticTopup)
  show(@Req() { principal }: FastifyRequest): Promise<AutomaticTopup> {
    return this.#answer(principal.accountId);
  }

  @Put()
  @AtMost(30)
  @ApiOperation({ summary: 'Switch automatic top-ups on; needs a card that was saved with `save_card` at a top-up' })
  @Answers(200, 'The settings', AutomaticTopup)
  async set(
    @Body() body: SetAutomaticTopup,
    @Req() { principal: { accountId } }: FastifyRequest,
  ): Promise<AutomaticTopup> {
    const amountOf = (text: string): Amount => accepted(readAmount(text));
    const [threshold, credit] = [amountOf(body.threshold), amountOf(body.amount)];
    const monthlyCeiling = amountOf(body.monthly_ceiling);
    const at = this.clock.now();
    accepted(price(credit, body.currency, this.offer, at));
    const { card } = await this.automatic.read(accountId, cardOf);
    if (card !== undefined && !(await this.cards.canBeTaxed(card))) throw new Refused(noAddress);
    const settings = { threshold, credit, monthlyCeiling, currency: body.currency };
    const bounds = { least: FLOOR, most: this.offer.max };
    await this.automatic.execute(accountId, { type: 'SetAutomaticTopup', at, settings, bounds });
    return this.#answer(accountId);
  }

  @Delete()
  @AtMost(30)
  @ApiOperation({ summary: 'Switch automatic top-ups off' })
  @Answers(200, 'The settings', AutomaticTopup)
  async stop(@Req() { principal: { accountId } }: FastifyRequest): Promise<AutomaticTopup> {
    const at = this.clock.now();
    await this.automatic.execute(accountId, { type: 'StopAutomaticTopup', at, reason: 'switched_off' });
    return this.#answer(accountId);
  }

  @Delete('card')
  @AtMost(30)
  @ApiOperation({ summary: 'Forget the saved card; automatic top-ups are switched off' })
  @Answers(200, 'The settings', AutomaticTopup)
  async forget(@Req() { principal: { accountId } }: FastifyRequest): Promise<AutomaticTopup> {
    const { card, underWay } = await this.automatic.read(accountId, cardOf);
    if (underWay !== undefined) {
      const message = 'The saved card is being charged just now. Try again in a minute.';
      throw new Refused(refuse('invalid', 'payment_under_way', message));
    }
    if (card !== undefined) await this.cards.forget(card);
    await this.automatic.execute(accountId, { type: 'RemoveCard', at: this.clock.now() });
    return this.#answer(accountId);
  }

  async #answer(accountId: string): Promise<AutomaticTopup> {
    const { settings, card, underWay, bought } = await this.automatic.read(accountId, (state) => ({
      ...cardOf(state),
      settings: state.settings,
      bought: boughtIn(state, this.clock.now()),
    }));
    const face = card && (await this.cards.face(card));
    return {
      object: 'automatic_topup',
      enabled: settings !== undefined,
      threshold: settings ? formatUsd(settings.threshold) : null,
      amount: settings ? formatUsd(settings.credit) : null,
      monthly_ceiling: settings ? formatUsd(settings.monthlyCeiling) : null,
      currency: settings?.currency ?? null,
      bought_this_month: formatUsd(bought),
      under_way: underWay?.topupId ?? null,
      card: face ? { brand: face.brand, last4: face.last4, exp_month: face.expMonth, exp_year: face.expYear } : null,
    };
  }
}
