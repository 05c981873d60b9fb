// Sends the conversation to the server and appends what comes back, piece by piece.

const form = document.querySelector('form');
const list = document.querySelector('#messages');
const problem = document.querySelector('#error');
const { prompt, send, stop } = form.elements;

/** The conversation so far, as the model gets it. */
const messages = [];

let stopped = new AbortController();
stop.addEventListener('click', () => stopped.abort());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void converse({ role: 'user', content: prompt.value });
});
prompt.addEventListener('keydown', (event) => {
  // Enter sends, with Shift it begins a line; an input method has its own use for it.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!send.disabled) form.requestSubmit();
});

async function converse(question) {
  stopped = new AbortController();
  const asked = show(question);
  const answer = show({ role: 'assistant', content: '' });
  problem.textContent = '';
  form.reset();
  busy(true);
  try {
    for await (const delta of deltas([...messages, question], stopped.signal)) answer.append(delta);
  } catch (error) {
    if (!stopped.signal.aborted) problem.textContent = error.message;
  }
  busy(false);
  if (answer.textContent === '') {
    // Nothing was answered: the question goes back to where it can be sent again.
    asked.remove();
    answer.remove();
    prompt.value = question.content;
  } else messages.push(question, { role: 'assistant', content: answer.textContent });
}

/** As text, never as HTML: nobody knows what a model writes. */
function show({ role, content }) {
  const item = document.createElement('li');
  item.className = role;
  item.textContent = content;
  list.append(item);
  return item;
}

function busy(isBusy) {
  send.disabled = isBusy;
  stop.disabled = !isBusy;
}

/** The pieces of an answer, as they come. Throws an Error that says what the user can do. */
async function* deltas(conversation, signal) {
  const response = await fetch('/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: conversation }),
    signal,
  }).catch(() => {
    throw new Error('The server can’t be reached. Check your connection and try again.');
  });
  if (!response.ok) throw new Error(await reason(response));
  for await (const data of serverSentEvents(response.body)) {
    if (data === '[DONE]') return;
    const { choices, error } = JSON.parse(data);
    if (error) throw new Error(`The answer broke off: ${error.message}`);
    yield choices[0]?.delta?.content ?? '';
  }
  throw new Error('The answer broke off. Try again.');
}

/** The data of each event: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
async function* serverSentEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop();
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (lines.length > 0) yield lines.map((line) => line.slice('data:'.length).trimStart()).join('\n');
    }
  }
}

async function reason(response) {
  const { error } = await response.json().catch(() => ({}));
  if (response.status === 429)
    return `Too many questions. Try again in ${response.headers.get('retry-after')} seconds.`;
  if (response.status === 402) return 'This chat has used up its credit. Its owner has to top up.';
  if (response.status === 401) return 'This chat has no valid key. Its owner has to set one.';
  return error?.message ?? `The server answered with ${response.status}. Try again.`;
}
