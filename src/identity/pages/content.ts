// What the pages of people show.
import { html, type Html } from '../../platform/http/index.js';

/** A button that sends the token of a link. */
export const tokenForm = (token: string, button: string): Html =>
  html` <form method="post">
    <input type="hidden" name="token" value="${token}" />
    <button>${button}</button>
  </form>`;

const emailField = (email: string): Html =>
  html`<label
    >Email address<input type="email" name="email" value="${email}" autocomplete="username" required autofocus
  /></label>`;

const newPasswordField = (label: string, attribute?: Html): Html =>
  html`<label
      >${label}<input
        type="password"
        name="password"
        autocomplete="new-password"
        minlength="10"
        maxlength="200"
        required${attribute}
    /></label>
    <p class="hint">Ten characters or more. A few words in a row are good, and easy to remember.</p>`;

const withGoogle = (isConfigured: boolean): Html | undefined =>
  isConfigured ? html`<p class="hint"><a href="/api/auth/google">Go on with Google</a></p>` : undefined;

export const loginForm = (email: string, google: boolean): Html =>
  html` <form method="post" action="/login">
      ${emailField(email)}
      <label>Password<input type="password" name="password" autocomplete="current-password" required /></label>
      <label
        >Code from your app, if you have set one up<input type="text" name="totp" autocomplete="one-time-code"
      /></label>
      <button>Log in</button>
    </form>
    ${withGoogle(google)}
    <p class="hint"><a href="/forgot">Forgot your password?</a> · <a href="/register">Sign up</a></p>`;

export const registerForm = (email: string, google: boolean): Html =>
  html` <form method="post" action="/register">
      ${emailField(email)} ${newPasswordField('Password')}
      <button>Sign up</button>
    </form>
    ${withGoogle(google)}
    <p class="hint">Already have an account? <a href="/login">Log in</a></p>`;

export const emailForm = (email: string): Html =>
  html` <form method="post" action="/forgot">
    ${emailField(email)}
    <button>Send me a link</button>
  </form>`;

/** The same for an address that is known and one that is not. */
export const sentContent = (email: string): Html =>
  html`<p>If this address can be used, an email to ${email} is on its way. Open the link in it.</p>`;

export const welcomeContent = (): Html =>
  html`<p>Every model with one key, prepaid, with a bill that you can check.</p>
    <p><a href="/register">Sign up</a> · <a href="/login">Log in</a></p>
    <p class="hint">Programs call <code>/v1</code>, as they call OpenAI.</p>`;

export const homeContent = (email: string, accountId: string): Html =>
  html`<dl>
      <dt>As</dt>
      <dd>${email}</dd>
      <dt>Account</dt>
      <dd>${accountId}</dd>
    </dl>
    <p>
      <a href="/api/statement?format=pdf">Statement</a> of this month · <a href="/api/usage?format=csv">Usage</a> of the
      last 30 days ·
      <a href="/api/entries?format=csv">Every entry</a>
    </p>
    <p class="hint">There are no pages for keys and top-ups yet: <a href="/api/openapi.json">/api</a> has both.</p>
    <form method="post" action="/logout"><button>Log out</button></form>`;

export const resetForm = (token: string, email: string, hasSecondFactor: boolean): Html =>
  html` <form method="post">
    <input type="hidden" name="token" value="${token}" />
    <p>For ${email}. It ends all your sessions.</p>
    <input type="text" name="username" value="${email}" autocomplete="username" hidden />
    ${newPasswordField('New password', html` autofocus`)} ${hasSecondFactor ? codeField : undefined}
    <button>Set the password</button>
  </form>`;

export const codeForm = (): Html =>
  html` <form method="post">
    ${codeField}
    <button>Log in</button>
  </form>`;

const codeField = html`<label
  >Code from your app, or a recovery code<input type="text" name="totp" autocomplete="one-time-code" required
/></label>`;

export const doneContent = (text: string): Html =>
  html` <p>${text}</p>
    <p><a href="/">Continue to token-hub</a></p>`;
