// `tokenhub witness`: needs neither the stores nor the keys of a ledger, only a folder of its own.
import type { Command } from 'commander';
import { z } from 'zod';
import { FilePlace, prepareOutgoing } from '../adapters/index.js';
import { countOf } from '../kernel/index.js';
import { loadConfig } from '../platform/config.js';
import {
  assertConsistent,
  Cosigner,
  Fork,
  type GetProof,
  InvalidNote,
  type Proof,
  readPrivateKey,
  see,
  verifierOf,
} from '../seals/index.js';
import { textOf } from './files.js';
import { printRows, UsageError } from './output.js';
import { several } from './parse.js';

const FOLDER = 'witness';
const TIMEOUT_MS = 30_000;
const PROOF = z.object({ proof: z.array(z.base64()) });

interface AddOptions {
  readonly folder: string;
  readonly key: readonly string[];
  readonly proof?: string;
  readonly cosign?: string;
  readonly name: string;
}

export function witnessCommands(witness: Command): void {
  const inFolder = (command: Command): Command =>
    command.option('--folder <path>', 'where the checkpoints that were seen are kept', FOLDER);
  inFolder(witness.command('add'))
    .argument('<checkpoint>', 'a file, or the address of a gateway')
    .description('check that a checkpoint continues those that were seen, and keep it')
    .requiredOption('--key <vkey>', 'a public key of the ledger, from "tokenhub seal key"; may be repeated', several)
    .option('--proof <file>', 'the answer of /log/consistency, where the checkpoint is a file')
    .option('--cosign <file>', 'an Ed25519 key (PKCS#8 PEM), to print the checkpoint with a cosignature')
    .option('--name <name>', 'the name to cosign with', 'witness')
    .action(add);
  inFolder(witness.command('list')).description('list the checkpoints that were seen').action(list);
}

async function add(from: string, { folder, key, proof, cosign, name }: AddOptions): Promise<void> {
  const place = new FilePlace(folder);
  try {
    const seen = see(await checkpointFrom(from), key.map(verifierOf));
    const { size } = seen.checkpoint;
    const sizes = await place.sizes();
    const [before, after] = [sizes.findLast((each) => each <= size), sizes.find((each) => each > size)];
    for (const other of [before, after]) {
      if (other === undefined) continue;
      const known = see(await place.read(other), key.map(verifierOf));
      await assertConsistent(known, seen, proofFrom(from, proof));
    }
    const note = cosign === undefined ? seen.note : new Cosigner(name, keyIn(cosign)).cosign(seen.note, Date.now());
    if (!sizes.includes(size)) await place.write(size, note);
    // A note ends with a newline of its own.
    process.stdout.write(
      cosign === undefined ? `The checkpoint of ${countOf(size, 'event')} continues what was seen.\n` : note,
    );
  } catch (error) {
    if (error instanceof InvalidNote) throw new UsageError(`${from}: ${error.message}.`);
    if (error instanceof Fork) throw new UsageError(error.message);
    throw error;
  }
}

const isAddress = (text: string): boolean => /^https?:\/\//.test(text);

const checkpointFrom = async (from: string): Promise<string> =>
  isAddress(from) ? textAt(new URL('/log/checkpoint', from)) : textOf(from);

const proofFrom =
  (from: string, file: string | undefined): GetProof =>
  async (earlier, later) => {
    const path = `/log/consistency?from=${earlier}&to=${later}`;
    if (isAddress(from)) return hashesIn(await textAt(new URL(path, from)), from);
    if (file !== undefined) return hashesIn(textOf(file), file);
    throw new UsageError(`Give the proof with --proof: the answer of the gateway to GET ${path}.`);
  };

/** @throws UsageError */
function hashesIn(json: string, from: string): Proof {
  try {
    return PROOF.parse(JSON.parse(json)).proof.map((hash) => Buffer.from(hash, 'base64'));
  } catch {
    throw new UsageError(`${from} is not the answer of a gateway to GET /log/consistency.`);
  }
}

async function textAt(url: URL): Promise<string> {
  await prepareOutgoing(loadConfig());
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    throw new UsageError(`${url.origin} can’t be reached: ${String((error as Error).cause ?? error)}`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new UsageError(`${url.href} answered ${answer.status}: ${text}`);
  return text;
}

function keyIn(file: string) {
  const pem = textOf(file);
  try {
    return readPrivateKey(pem);
  } catch (error) {
    throw new UsageError(`${file} ${(error as Error).message}`);
  }
}

async function list({ folder }: { folder: string }, command: Command): Promise<void> {
  const sizes = await new FilePlace(folder).sizes();
  printRows(
    command,
    sizes.map((size) => ({ size })),
    'No checkpoint was seen yet.',
  );
}
