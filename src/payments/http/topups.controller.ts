import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, AtMost, Idempotent, ListQuery, type Page } from '../../platform/http/index.js';
import { accepted, formatUsd, toInstant } from '../../kernel/index.js';
import { OrderTopup } from '../orders/orders.messages.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentProvider } from '../provider/payment-provider.js';
import { PaymentReads } from './payment-reads.js';
import * as topupsDto from './topups.dto.js';
import { currenciesOf, FLOOR, PRESETS, readAmount } from '../orders/topup-offer.js';
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
      payment_methods: [...this.provider.methods],
    };
  }

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({ summary: 'Order credit at a fixed price; it is paid at `checkout_url`' })
  @Answers(201, 'The order', topupsDto.OrderedTopup)
  async order(
    @Body() { amount, currency, save_card: saveCard }: topupsDto.OrderTopup,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<topupsDto.OrderedTopup> {
    const input = { credit: accepted(readAmount(amount)), currency, saveCard };
    const order = await this.commands.execute(new OrderTopup(principal.accountId, idempotency.id, input));
    return {
      id: order.topupId,
      object: 'topup',
      credit: formatUsd(order.credit),
      currency: order.currency,
      price_minor: order.priceMinor,
      quote: order.quote ? topupsDto.showQuote(order.quote) : null,
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
  ): Promise<topupsDto.Topup & { readonly checkout_url?: string | null }> {
    const before = await this.reads.topup(principal.accountId, id);
    if (query.refresh !== 'true') return topupsDto.showTopup(before);
    const payment = await this.sync.sync(id);
    const after = await this.reads.topup(principal.accountId, id);
    return { ...topupsDto.showTopup(after), checkout_url: payment?.checkoutUrl ?? null };
  }
}
