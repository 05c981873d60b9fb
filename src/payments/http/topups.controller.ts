import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  Access,
  Answers,
  Asks,
  AtMost,
  checked,
  Idempotent,
  JsonBody,
  listOf,
  ListQuery,
  type Page,
  Takes,
} from '../../platform/http/index.js';
import { accepted, formatUsd, toInstant } from '../../kernel/index.js';
import { OrderTopup } from '../orders/orders.messages.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentProvider } from '../provider/payment-provider.js';
import { PaymentReads } from './payment-reads.js';
import * as schemas from './payments.schemas.js';
import { currenciesOf, FLOOR, PRESETS, readAmount } from '../orders/topup-offer.js';
import { TopupSettings } from '../orders/topup-settings.js';

type Topup = z.output<typeof schemas.TopupAnswer>;

const RefreshQuery = z.strictObject({
  refresh: z.enum(['true', 'false']).optional().describe('`true`: ask the payment provider how it stands first'),
});

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
  @Answers(200, 'The offer', schemas.OptionsAnswer)
  options(): z.output<typeof schemas.OptionsAnswer> {
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
  @Takes(schemas.OrderTopupBody)
  @Answers(201, 'The order', schemas.OrderedAnswer)
  async order(
    @JsonBody(schemas.OrderTopupBody)
    { amount, currency, save_card: saveCard }: z.output<typeof schemas.OrderTopupBody>,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<z.output<typeof schemas.OrderedAnswer>> {
    const input = { credit: accepted(readAmount(amount)), currency, saveCard };
    const order = await this.commands.execute(new OrderTopup(principal.accountId, idempotency.id, input));
    return {
      id: order.topupId,
      object: 'topup',
      credit: formatUsd(order.credit),
      currency: order.currency,
      price_minor: order.priceMinor,
      quote: order.quote ? schemas.showQuote(order.quote) : null,
      expires_at: toInstant(order.expiresAt),
      checkout_url: order.checkoutUrl ?? null,
    };
  }

  @Get()
  @ApiOperation({ summary: 'Your top-ups, newest first' })
  @Asks(ListQuery)
  @Answers(200, 'A page of them', listOf(schemas.TopupAnswer))
  list(@Req() { principal }: FastifyRequest, @Query() query: unknown): Promise<Page<Topup>> {
    return this.reads.topups(principal.accountId, query);
  }

  @Get(':id')
  @AtMost(120)
  @ApiOperation({ summary: 'A top-up; with `refresh=true` the payment provider is asked first' })
  @Asks(RefreshQuery)
  @Answers(200, 'The top-up', schemas.TopupAnswer)
  async retrieve(
    @Req() { principal }: FastifyRequest,
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Topup & { readonly checkout_url?: string | null }> {
    const before = await this.reads.topup(principal.accountId, id);
    if (checked(RefreshQuery, query).refresh !== 'true') return schemas.showTopup(before);
    const payment = await this.sync.sync(id);
    const after = await this.reads.topup(principal.accountId, id);
    return { ...schemas.showTopup(after), checkout_url: payment?.checkoutUrl ?? null };
  }
}
