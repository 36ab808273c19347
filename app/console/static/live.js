// Keeps a part of the page as the server has it now. Without this script the page is complete, only older.
// data-live: the address that gives the part; data-every: seconds; data-while="building": only while a build is on its way.

const HIDDEN_PAUSE = 15;

for (const part of document.querySelectorAll("[data-live]")) {
  follow(part);
}

function follow(part) {
  const every = Number(part.dataset.every) * 1000;
  let last = null;

  async function look() {
    if (document.hidden || part.querySelector("details[open]") || (part.dataset.while && !part.querySelector(`[data-${part.dataset.while}]`))) {
      return;
    }
    const answer = await fetch(part.dataset.live, { headers: { "x-fragment": "list" }, credentials: "same-origin" });
    if (answer.redirected) {
      location.reload(); // signed out meanwhile: the page itself leads to the sign-in and back
      return;
    }
    if (!answer.ok) {
      return;
    }
    const text = withoutTokens(await answer.text());
    if (text.plain !== last) {
      replace(part, text.full);
    }
    last = text.plain;
  }

  async function round() {
    let pause = every;
    try {
      await look();
    } catch {
      pause = HIDDEN_PAUSE * 1000; // the line is gone: ask less often
    }
    setTimeout(round, pause);
  }

  setTimeout(round, every);
}

// A fresh form token on every answer, and a second less to take a reply back, are no news.
function withoutTokens(full) {
  return { full, plain: full.replace(/(name="form_token" value=")[^"]*|(data-undo=")[^"]*/g, "$1$2") };
}

function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = html;
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}
