import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers } from '../../platform/http/index.js';
import { PublicStatus } from './public-status.js';
import { PublicStatusShown } from './status.dto.js';

@ApiTags('Prices and status')
@Controller('api/status')
@Access('anyone')
export class StatusController {
  constructor(private readonly status: PublicStatus) {}

  @Get()
  @Header('cache-control', 'public, max-age=3')
  @ApiOperation({ summary: 'How this gateway and its providers do' })
  @Answers(200, 'Components, and the calls to each provider in the last minutes', PublicStatusShown)
  show(): Promise<PublicStatusShown> {
    return this.status.now();
  }
}
