import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, BodiesUpTo, invalidRequest } from '../../platform/http/index.js';
import { PaymentNotices } from '../provider/payment-notices.js';
import { Webhooks } from '../sync/webhooks.js';

/** Far larger than any event. */
const MOST_BYTES = 524_288;

/** Where Stripe tells that something happened. It answers 2xx only when what happened is in the ledger; otherwise Stripe tells again. */
@ApiTags('Webhooks')
@Controller('webhooks/stripe')
@Access('anyone')
@BodiesUpTo(MOST_BYTES)
export class WebhookController {
  constructor(
    private readonly notices: PaymentNotices,
    private readonly webhooks: Webhooks,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes an event of Stripe’s, signed in the header Stripe-Signature' })
  async receive(@Body() body: unknown, @Headers('stripe-signature') signature?: string): Promise<object> {
    if (!Buffer.isBuffer(body) || body.length === 0) throw invalidRequest('The request has no body.');
    const notice = this.notices.read(body, signature);
    if (notice !== undefined) await this.webhooks.follow(notice.hint, [notice]);
    return { received: true };
  }
}
