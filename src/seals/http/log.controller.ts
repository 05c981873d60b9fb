import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { refuse, Refused } from '../../kernel/index.js';
import { Access, Answers } from '../../platform/http/index.js';
import { Seals } from '../seals.js';
import { ConsistencyProof, ConsistencyQuery } from './log.dto.js';

/** What a witness needs to watch the ledger without seeing it (docs/audit.md). */
@ApiTags('Log')
@Controller('log')
@Access('anyone')
export class LogController {
  constructor(private readonly seals: Seals) {}

  @Get('checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'The newest signed checkpoint of the ledger, a note as in c2sp.org/tlog-checkpoint' })
  @Answers(200, 'The note, as text')
  async checkpoint(): Promise<string> {
    const newest = await this.seals.newest();
    if (newest === undefined) throw notSealed('This ledger has no checkpoint yet.');
    return newest.note;
  }

  @Get('key')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({
    summary:
      'The public keys of the ledger, a line each, newest first: what checkpoints and statements are checked with',
  })
  @Answers(200, 'The keys in the form of c2sp.org/signed-note, as text')
  key(): string {
    const { keys } = this.seals;
    if (keys === undefined) throw notSealed('This ledger has no key.');
    return keys.all.map(({ verifierKey }) => `${verifierKey}\n`).join('');
  }

  @Get('consistency')
  @ApiOperation({ summary: 'The proof that the ledger at one size begins with the ledger at an earlier size' })
  @Answers(200, 'The proof', ConsistencyProof)
  async consistency(@Query() { from, to }: ConsistencyQuery): Promise<ConsistencyProof> {
    const newest = await this.seals.newest();
    // What is not sealed yet is nobody's business.
    if (from > to || to > (newest?.size ?? 0)) throw notSealed(`The newest checkpoint has size ${newest?.size ?? 0}.`);
    const proof = await this.seals.tree.consistency(from, to);
    if (proof === undefined) throw notSealed('The ledger is shorter than its newest checkpoint.');
    return { object: 'consistency_proof', from, to, proof: proof.map((hash) => hash.toString('base64')) };
  }
}

const notSealed = (message: string): Refused => new Refused(refuse('not_found', 'not_sealed', message));
