import { describe, expect, it } from 'vitest';
import { answer, Calls, error, fail, type Script } from '../../../test/support/proxy/opening.js';
import { ConnectTimeout, UpstreamFailure, UpstreamTimeout } from './upstream.js';

const [one, other] = ['model-one', 'model-other'];
const ok = answer(200);
const resting = (status: number, told: object = { message: 'slow down' }): Script =>
  answer(status, JSON.stringify({ error: told }), 'application/json', 20_000);
const within = (told: object): Script => answer(200, JSON.stringify({ error: told }));

describe('who asks for rest', () => {
  const restedBy = async (script: Script, channel = 'a') => {
    const calls = new Calls();
    await calls.open({ [channel]: script }, undefined, one);
    const askedFor = (model: string) => calls.asked(model, { [channel]: ok, b: ok });
    return { one: await askedFor(one), other: await askedFor(other) };
  };

  it.each([429, 503, 529, 500])('by a %i rests for that model alone', async (status) => {
    expect(await restedBy(resting(status))).toEqual({ one: ['b'], other: ['a'] });
  });

  it('rests for all models where the maker has one limit for all', async () => {
    for (const maker of ['api.moonshot.ai', 'api.moonshot.cn'])
      expect(await restedBy(resting(429), maker)).toEqual({ one: ['b'], other: ['b'] });
    expect(await restedBy(resting(503), 'api.moonshot.ai')).toMatchObject({ other: ['api.moonshot.ai'] });
    expect(await restedBy(resting(429), 'not-moonshot.ai')).toMatchObject({ other: ['not-moonshot.ai'] });
  });

  it('because our key or credit there is no good rests for all models', async () => {
    const told = { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' };
    for (const script of [resting(429, told), resting(401), resting(402), resting(403)])
      expect(await restedBy(script)).toEqual({ one: ['b'], other: ['b'] });
  });

  it('may say so in its body alone, as Google does, also within an answer', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
    const told = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded', details };
    for (const script of [answer(429, JSON.stringify({ error: told })), within(told)]) {
      const calls = new Calls();
      const { outcome } = await calls.open({ a: script }, undefined, one);
      expect(outcome).toMatchObject({ error: { options: { headers: { 'retry-after': '35' } } } });
      expect(await calls.asked(one, { a: ok, b: ok })).toEqual(['b']);
      await calls.clock.pause(35_000);
      expect(await calls.asked(one, { a: ok, b: ok })).toEqual(['a']);
    }
  });
});

describe('who failed five times in a row', () => {
  const after = async (script: Script, times = 5) => {
    const calls = new Calls();
    for (let call = 0; call < times; call++) await calls.open({ a: script, b: ok }, undefined, one);
    return calls;
  };
  const passedOver = async (script: Script) => {
    const calls = await after(script);
    const askedFor = async (model: string) => (await calls.asked(model, { a: ok, b: ok }))[0] === 'b';
    return { one: await askedFor(one), other: await askedFor(other) };
  };
  const refused = fail(new UpstreamFailure('the connection failed (ECONNREFUSED)'));

  it.each<[string, Script]>([
    ['an overload', error(503, 'The model is overloaded')],
    ['a broken deployment', error(500, 'no')],
    ['silence', fail(new UpstreamTimeout('no answer within 5 ms'))],
    ['an overload within an answer', within({ message: 'Overloaded', type: 'overloaded_error' })],
  ])('%s: is passed over for that model alone', async (_case, script) => {
    expect(await passedOver(script)).toEqual({ one: true, other: false });
  });

  it.each<[string, Script]>([
    ['a key that is no good', error(401, 'bad key')],
    ['credit that is used up', error(429, 'no credit', { code: 'insufficient_quota' })],
    ['no connection', refused],
    ['no connection in time', fail(new ConnectTimeout('no connection within 5 ms'))],
  ])('%s: is passed over for all models', async (_case, script) => {
    expect(await passedOver(script)).toEqual({ one: true, other: true });
  });

  it('is whoever did not answer once in between', async () => {
    const calls = await after(refused, 4);
    expect(await calls.asked(one, { a: ok, b: ok })).toEqual(['a']);
    for (let call = 0; call < 4; call++) await calls.open({ a: refused, b: ok }, undefined, one);
    expect(await calls.asked(one, { a: ok, b: ok }), 'four, one that went well, and four').toEqual(['a']);
    for (let call = 0; call < 5; call++) await calls.open({ a: refused, b: ok }, undefined, one);
    expect(await calls.asked(one, { a: ok, b: ok })).toEqual(['b']);
  });

  const weEndedIt = () => {
    const ended = new AbortController();
    const script = () => {
      ended.abort();
      throw new UpstreamTimeout('the client left');
    };
    return [script, { signal: ended.signal }] as const;
  };

  it('is also who did not answer in between because we ended that', async () => {
    const calls = await after(refused, 4);
    const [a, ended] = weEndedIt();
    await calls.open({ a, b: ok }, ended, one);
    await calls.open({ a: refused, b: ok }, undefined, one);
    expect(await calls.asked(one, { a: ok, b: ok })).toEqual(['b']);
  });

  it('is not back because we ended the probe', async () => {
    const calls = await after(refused);
    const probed = async () => {
      const [a, ended] = weEndedIt();
      return (await calls.open({ a, b: ok }, ended, one)).asked[0];
    };
    await expect.poll(probed, { timeout: 3_000 }).toBe('a');
    expect(await calls.asked(other, { a: ok, b: ok })).toEqual(['b']);
  });

  it('as a channel is back for all models when any of them answers', async () => {
    const calls = await after(refused);
    const isBackFor = async (model: string) => (await calls.asked(model, { a: ok, b: ok }))[0] === 'a';
    await expect.poll(() => isBackFor(other)).toBe(true);
    await expect.poll(() => isBackFor(one)).toBe(true);
  });

  it('as a channel is back when one of its models answers with an error of its own', async () => {
    const calls = await after(refused);
    const askedFor = (model: string, script: Script) => calls.asked(model, { a: script, b: ok });
    await expect.poll(async () => (await askedFor(other, error(500, 'no')))[0]).toBe('a');
    expect((await askedFor('model-third', ok))[0]).toBe('a');
  });
});
