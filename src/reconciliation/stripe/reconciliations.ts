import { Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore, StreamWriter } from '../../event-store/index.js';
import { accepted, Clock, newId, Refused, refuse, type Unissued } from '../../kernel/index.js';
import type { Approval } from '../approval.js';
import { type ItemRow, reconciliationItems } from './items.projection.js';
import { reconciliation, type ReconciliationCommand, type ReconciliationState } from './reconciliation.js';
import {
  type Agreement,
  type Comparison,
  type ItemSides,
  type ReconciliationEvent,
  reconciliationStream,
  reconciliationUpcasters,
  type ResolutionAction,
} from './reconciliation.events.js';

export interface Proposal {
  readonly action: ResolutionAction;
  readonly topupId?: string | undefined;
  readonly reason: string;
  readonly evidence?: string | undefined;
  readonly requestedBy: string;
}

/** Records comparisons with Stripe, and what people decide about what does not agree. One instance per process. */
@Injectable()
export class Reconciliations {
  readonly #writer: StreamWriter<ReconciliationState, ReconciliationCommand, ReconciliationEvent>;

  constructor(
    store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly clock: Clock,
  ) {
    this.#writer = new StreamWriter({ store, decider: reconciliation, upcasters: reconciliationUpcasters });
  }

  /** Records what a comparison found of an item that does not agree. */
  async recordItem(day: string, itemId: string, sides: ItemSides): Promise<void> {
    await this.#tell(day, { type: 'RecordItem', itemId, sides });
  }

  /** Records that an open item agrees now, and on what. */
  async recordMatch(day: string, itemId: string, agreement: Agreement): Promise<void> {
    await this.#tell(day, { type: 'RecordMatch', itemId, agreement });
  }

  async recordComparison(comparison: Comparison): Promise<void> {
    await this.#tell(comparison.day, { type: 'RecordComparison', comparison });
  }

  /** Proposes how to close an item. Refused: `item_not_found`, `item_closed`, `item_pending`, `resolution_requested`, `invalid_topup`, `invalid_currency`. */
  async propose(itemId: string, proposal: Proposal): Promise<void> {
    await this.#tell(await this.#dayOf(itemId), { type: 'RequestResolution', itemId, ...proposal });
  }

  /**
   * Closes an item and books its difference. Refused: `item_not_found`, `item_closed`, `nothing_to_approve`, `second_person_needed`,
   * `proposed_anew`.
   */
  async approve(itemId: string, approval: Approval): Promise<void> {
    await this.#tell(await this.#dayOf(itemId), { type: 'ApproveResolution', itemId, ...approval });
  }

  /** Refused: `item_not_found`, `item_closed`. */
  async decline(itemId: string, decision: { readonly declinedBy: string; readonly reason: string }): Promise<void> {
    await this.#tell(await this.#dayOf(itemId), { type: 'DeclineResolution', itemId, ...decision });
  }

  /** @throws Refused `item_not_found` */
  async item(itemId: string): Promise<ItemRow> {
    const row = (await this.readModels.load(reconciliationItems.view, [itemId])).get(itemId);
    if (row !== undefined) return row.doc as ItemRow;
    throw new Refused(refuse('not_found', 'item_not_found', `The reconciliation has no open item ${itemId}.`));
  }

  async #dayOf(itemId: string): Promise<string> {
    return (await this.item(itemId)).day;
  }

  async #tell(day: string, command: Unissued<ReconciliationCommand>): Promise<void> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() } as ReconciliationCommand;
    accepted(await this.#writer.execute(reconciliationStream(day), whole));
  }
}
