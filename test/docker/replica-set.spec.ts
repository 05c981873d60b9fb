// The script that makes MongoDB's replica set, against what it sees of MongoDB in its shell.
import { createContext, Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { PASSWORDS, readCompose, readText } from '../support/docker/compose.js';

/** Servers that become a replica set once, whose members need a moment to elect a primary. */
class Servers {
  readonly initiated: unknown[] = [];
  /** How often the script has waited. */
  waits = 0;

  status(): unknown {
    if (this.initiated.length === 0) {
      throw Object.assign(new Error('no replset config has been received'), { codeName: 'NotYetInitialized' });
    }
    const primary = { stateStr: this.waits < 3 ? 'SECONDARY' : 'PRIMARY' };
    return { members: [{ stateStr: 'SECONDARY' }, primary] };
  }

  /** Runs the script as mongosh does. */
  run(members: string): void {
    const rs = { status: () => this.status(), initiate: (config: unknown) => this.initiated.push(config) };
    const shell = {
      rs,
      process: { env: { MEMBERS: members } },
      sleep: () => (this.waits += 1),
      print: () => undefined,
    };
    new Script(readText('mongodb/replica-set.js')).runInContext(createContext(shell));
  }
}

describe.each(['compose.yaml', 'compose.cluster.yaml'])('the replica set of %s', (file) => {
  const { services } = readCompose(file, PASSWORDS);
  const members = services['replica-set']?.environment?.['MEMBERS'] ?? '';
  const servers = Object.keys(services).filter((name) => /^mongodb(-\d)?$/.test(name));

  it('has all servers there are, and is what the gateways call', () => {
    expect(members.split(',')).toEqual(servers.map((name) => `${name}:27017`));
    for (const name of servers) expect(services[name]?.command?.slice(0, 3)).toEqual(['mongod', '--replSet', 'rs0']);
    const url = services['gateway-1']?.environment?.['READ_MODEL_URL'];
    expect(url).toContain(`${members}/tokenhub?replicaSet=rs0`);
  });

  it('is made once, and waited for', () => {
    const set = new Servers();
    set.run(members);
    expect(set.waits, 'not over before there is a primary').toBe(3);
    set.run(members);
    const config = { _id: 'rs0', members: members.split(',').map((host, index) => ({ _id: index, host })) };
    expect(set.initiated).toEqual([config]);
  });
});

it('is not made when something else is wrong', () => {
  const set = new Servers();
  set.status = () => {
    throw Object.assign(new Error('not authorized on admin'), { codeName: 'Unauthorized' });
  };
  expect(() => set.run('mongodb:27017')).toThrow('not authorized on admin');
  expect(set.initiated).toEqual([]);
});
