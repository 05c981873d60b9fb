import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, AtMost, Idempotent, ListQuery, type Page } from '../../platform/http/index.js';
import { accepted, Clock, formatUsd, toInstant } from '../../kernel/index.js';
import { CancelTopup, OrderTopup } from '../orders/orders.messages.js';
import { RefundSettings } from '../refunds/refund-settings.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentProvider } from '../provider/payment-provider.js';
import { PaymentReads } from './payment-reads.js';
import * as topupsDto from './topups.dto.js';
import { currenciesOf, FLOOR, PRESETS, price, readAmount } from '../orders/topup-offer.js';
import { TopupSettings } from '../orders/topup-settings.js';

/** Buying credit. */
@ApiTags('Top-ups')
@Controller('api/topups')
@Access('customer')
export class TopupsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly settings: TopupSettings,
    private readonly provider: PaymentProvider,
    private readonly sync: PaymentSync,
    private readonly reads: PaymentReads,
    private readonly refunds: RefundSettings,
    private readonly clock: Clock,
  ) {}

  @Get('options')
  @ApiOperation({ summary: 'What can be bought, and how it can be paid' })
  @Answers(200, 'The offer', topupsDto.TopupOptions)
  options(): topupsDto.TopupOptions {
    const { settings } = this;
    return {
      presets: PRESETS.map(formatUsd),
      floor: formatUsd(FLOOR),
      max: formatUsd(settings.max),
      currencies: [...currenciesOf(settings)],
      cny_per_usd: settings.cnyPerUsd ?? null,
      refund_window_days: this.refunds.windowDays,
      payment_methods: [...this.provider.methods],
    };
  }

  @Get('quote')
  @ApiOperation({ summary: 'What credit costs now, and until when that price is offered' })
  @Answers(200, 'The price', topupsDto.TopupPrice)
  quote(@Query() { amount, currency }: topupsDto.QuoteQuery): topupsDto.TopupPrice {
    const credit = accepted(readAmount(amount));
    return topupsDto.showPrice(formatUsd(credit), accepted(price(credit, currency, this.settings, this.clock.now())));
  }

  @Post()
  @HttpCode(201)
  @AtMost(120)
  @Idempotent()
  @ApiOperation({ summary: 'Order credit at a fixed price; it is paid at `checkout_url`' })
  @Answers(201, 'The order', topupsDto.OrderedTopup)
  async order(
    @Body() { amount, currency, save_card: saveCard, price_minor: priceMinor }: topupsDto.OrderTopup,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<topupsDto.OrderedTopup> {
    const input = { credit: accepted(readAmount(amount)), currency, saveCard, priceMinor };
    const order = await this.commands.execute(new OrderTopup(principal.accountId, idempotency.id, input));
    return {
      id: order.topupId,
      object: 'topup',
      ...topupsDto.pricedCredit(formatUsd(order.credit), order),
      expires_at: toInstant(order.expiresAt),
      checkout_url: order.checkoutUrl ?? null,
    };
  }

  @Get()
  @ApiOperation({ summary: 'Your top-ups, newest first' })
  @AnswersPage('A page of them', topupsDto.Topup)
  list(@Req() { principal }: FastifyRequest, @Query() query: ListQuery): Promise<Page<topupsDto.Topup>> {
    return this.reads.topups(principal.accountId, query);
  }

  @Get(':id')
  @AtMost(120)
  @ApiOperation({ summary: 'A top-up; with `refresh=true` the payment provider is asked first' })
  @Answers(200, 'The top-up', topupsDto.Topup)
  async retrieve(
    @Req() { principal }: FastifyRequest,
    @Param('id') id: string,
    @Query() query: topupsDto.RefreshQuery,
  ): Promise<topupsDto.Topup> {
    const { accountId } = principal;
    await this.reads.topup(accountId, id);
    const payment = query.refresh === 'true' ? await this.sync.sync(id) : undefined;
    return this.reads.shownTopup(accountId, id, payment?.checkoutUrl);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @AtMost(120)
  @ApiOperation({ summary: 'Cancel a top-up that is not paid; a payment that arrives at the same moment wins' })
  @Answers(200, 'The top-up, canceled', topupsDto.Topup)
  async cancel(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<topupsDto.Topup> {
    const { accountId, userId } = principal;
    await this.commands.execute(new CancelTopup(accountId, id, userId));
    return this.reads.shownTopup(accountId, id);
  }
}
