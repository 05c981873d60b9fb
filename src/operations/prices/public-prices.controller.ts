import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers, notFound } from '../../platform/http/index.js';
import { PublicPrices } from './public-prices.js';
import * as dto from './public-prices.dto.js';

/** Browsers and caches on the way need not ask again within it, in seconds. */
const CACHED = 'public, max-age=30';

/** The prices of all models, for anyone. */
@ApiTags('Prices and status')
@Controller('api/prices')
@Access('anyone')
export class PublicPricesController {
  constructor(private readonly prices: PublicPrices) {}

  @Get()
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'What every model costs now' })
  @Answers(200, 'The price list in force', dto.PublicPriceList)
  list(@Query() { search = '', provider }: dto.PricesQuery): dto.PublicPriceList {
    const list = this.prices.list();
    if (list === undefined) throw notFound('price_list_not_found', 'No price list is in force yet.');
    if (search === '' && provider === undefined) return list;
    const words = search.toLowerCase().split(/\s+/);
    return {
      ...list,
      data: list.data.filter(
        (model) =>
          (provider === undefined || model.provider === provider) &&
          words.every((word) => textOf(model).includes(word)),
      ),
    };
  }

  @Get(':model')
  @Header('cache-control', CACHED)
  @ApiOperation({ summary: 'What a model costs, did and will cost, by any of its names (slashes as %2F)' })
  @Answers(200, 'Its rates in every version of the price list', dto.ModelPriceHistory)
  show(@Param('model') model: string): dto.ModelPriceHistory {
    return this.prices.history(model);
  }
}

const textOf = ({ model, name, provider, aliases }: dto.PricedModel): string =>
  [model, name, provider, ...aliases].join(' ').toLowerCase();
