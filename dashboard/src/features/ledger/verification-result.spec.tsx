import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { show } from '../../../test/render.tsx';
import type { Schema } from '../../api/client.ts';
import { ReplayResult } from './replays.tsx';
import { VerificationResult } from './verifications.tsx';

const FOUND: Schema<'VerificationResult'> = {
  is_right: true,
  fault_count: 0,
  faults: [],
  warnings: [],
  events: 1_234,
  streams: 5,
  accounts: 3,
  charges: 7,
  open_holds: 0,
  checkpoints: 2,
  read_models: 20,
  trial_balance: [],
};

describe('what a verification found', () => {
  it('is right, and tells what was read', async () => {
    await show(<VerificationResult found={FOUND} />);
    const { textContent } = await screen.findByRole('status');
    expect(textContent).toContain('Everything is right');
    expect(textContent).toContain('1,234 events in 5 streams');
  });

  it('is wrong in words, with what to do now', async () => {
    const faults = ['The hash of revision 3 of account-a (TokensCharged) does not match.'];
    await show(<VerificationResult found={{ ...FOUND, is_right: false, fault_count: 1, faults }} />);
    const { textContent } = await screen.findByRole('alert');
    expect(textContent).toContain(`1 fault${faults[0] ?? ''}Stop the gateways`);
  });
});

describe('what a comparison found', () => {
  it('names the read models that differ, and how', async () => {
    const views = [
      { view: 'balances-1', position: 9, differences: 1 },
      { view: 'keys-2', position: 9, differences: 0 },
    ];
    const differences = ['balances-1 a: posted differs; live: 99.00, rebuilt: 5.00'];
    await show(<ReplayResult diff result={{ views, differences }} />);
    expect(screen.getByText(/^balances-1: 1 rows or fields differ/)).toBeDefined();
    expect(screen.getByText(differences[0] ?? '')).toBeDefined();
    expect(screen.queryByText(/keys-2/)).toBeNull();
  });
});
