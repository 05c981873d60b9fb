// What the pages of mailed links show.
import { html, type Html } from '../http/index.js';

/** A button that sends the token of a link. */
export const tokenForm = (token: string, button: string): Html =>
  html` <form method="post">
    <input type="hidden" name="token" value="${token}" />
    <button>${button}</button>
  </form>`;

export const resetForm = (token: string, email: string, hasSecondFactor: boolean): Html =>
  html` <form method="post">
    <input type="hidden" name="token" value="${token}" />
    <p>For ${email}. It ends all your sessions.</p>
    <input type="text" name="username" value="${email}" autocomplete="username" hidden />
    <label
      >New password<input
        type="password"
        name="password"
        autocomplete="new-password"
        minlength="10"
        maxlength="200"
        required
        autofocus
    /></label>
    <p class="hint">Ten characters or more. A few words in a row are good, and easy to remember.</p>
    ${hasSecondFactor ? codeField : undefined}
    <button>Set the password</button>
  </form>`;

export const codeForm = (): Html =>
  html` <form method="post">
    ${codeField}
    <button>Log in</button>
  </form>`;

const codeField = html`<label
  >Code of your app, or a recovery code<input type="text" name="totp" autocomplete="one-time-code" required
/></label>`;

export const doneContent = (text: string): Html =>
  html` <p>${text}</p>
    <p><a href="/">Go on to token-hub</a></p>`;

export const faultContent = (text: string): Html => html`<p class="fault" role="alert">${text}</p>`;
