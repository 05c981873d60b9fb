// What the model of an account remembers.
export interface ModelLot {
  readonly id: string;
  readonly bonus: boolean;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly amount: bigint;
  left: bigint;
  /** Made by a re-rating, for a lot that had ended. */
  readonly successor?: true;
}

/** What was taken from a lot; without a lot, it made a debt. */
export interface ModelTaken {
  readonly lot: ModelLot | undefined;
  readonly amount: bigint;
}

export interface ModelRefund {
  readonly lot: ModelLot;
  readonly fromLot: bigint;
  readonly owed: bigint;
  readonly by: string;
  approvedAlone: boolean;
  approvedAt: number;
  /** Once it was a day old. */
  uncounted: boolean;
  status: 'requested' | 'approved' | 'completed' | 'failed';
  /** How it is to end by hand. */
  end?: { readonly outcome: 'completed' | 'failed'; readonly outside: boolean; readonly by: string };
}

export interface ModelDispute {
  readonly lotId: string;
  frozen: boolean;
  /** How it ended; empty while it is open. It happens that the names sort by how final they are. */
  closed: string;
  withdrawn: bigint;
  reinstated: bigint;
  /** What was taken and not given back, in the order of taking; without a lot, it made a debt. */
  readonly taken: { readonly lot: ModelLot | undefined; amount: bigint }[];
}

export interface ModelCall {
  readonly keyId: string;
  readonly hold: bigint;
  readonly placedAt: number;
  readonly expiresAt: number;
  status: 'held' | 'charged' | 'released';
  endedAt: number;
  /** Once it had been released for a day. */
  forgotten: boolean;
  /** What it costs by now, and what of that was taken from where. */
  cost: bigint;
  taken: ModelTaken[];
}

export interface ModelCharge {
  /** `forgotten` once its key is. */
  keyId: string;
  readonly cost: bigint;
  at: number;
  /** The budgets whose period it fell into another charge has left. */
  readonly over: Set<string>;
}

/** What is known of a dispute. */
export const told = ({ frozen, closed, withdrawn, reinstated }: ModelDispute) =>
  `${frozen} ${closed} ${withdrawn} ${reinstated}`;

export const wholeCents = (amount: bigint): bigint => amount - (amount % 10_000_000_000n);

/** Decimal text of dollars in pico-dollars. */
export function pico(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(12, '0'));
  return text.startsWith('-') ? -size : size;
}

export const FIVE_MINUTES = 300_000;
export const DAY = 86_400_000;

/** What names the UTC day, week or month of an instant. */
export const periods = {
  budgetDaily: (at: number) => new Date(at).toISOString().slice(0, 10),
  budgetWeekly: (at: number) => new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10),
  budgetMonthly: (at: number) => new Date(at).toISOString().slice(0, 7),
  budgetTotal: () => 'ever',
} as const;

export const total = (numbers: readonly bigint[]): bigint => numbers.reduce((sum, number) => sum + number, 0n);

export const sizeOf = ({ fromLot, owed }: ModelRefund): bigint => fromLot + owed;
export const isUnderWay = ({ status }: ModelRefund): boolean => status === 'requested' || status === 'approved';
