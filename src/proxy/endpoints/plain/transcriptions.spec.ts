import { expect, it } from 'vitest';
import { waveFile } from '../../../../test/support/proxy/wire/audio.js';
import { findModel, type Model } from '../../../pricing/index.js';
import { transcriptions } from './transcriptions.js';

const MODEL = findModel('whisper-1') as Model;
const ROUTE = { channel: { format: 'openai' }, upstreamModel: 'whisper-large' };

it.each(['multipart/form-data', 'Multipart/Form-Data'])(
  'a form of %s goes on with its model before its file',
  async (type) => {
    const form = new FormData();
    form.append('file', new File([new Uint8Array(waveFile({ sampleRate: 8_000, seconds: 1 }))], 'a.wav'));
    form.append('model', MODEL.id);
    form.append('language', 'de');
    const sent = new Response(form);
    const contentType = sent.headers.get('content-type')?.replace('multipart/form-data', type);
    const call = await transcriptions('/audio/transcriptions').read(Buffer.from(await sent.bytes()), {
      'content-type': contentType,
    });
    const { body, contentType: as } = await call.exchange(MODEL, ROUTE as never).send(undefined);
    const passedOn = await new Response(body as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': as },
    }).formData();
    expect([...passedOn.keys()]).toEqual(['model', 'response_format', 'file', 'language']);
    expect([passedOn.get('model'), passedOn.get('language')]).toEqual(['whisper-large', 'de']);
  },
);
