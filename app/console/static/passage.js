// Comforts of the form of a passage: a preview that keeps up with the typing, and words that survive a sign-in or a closed window.
// Without this script the form is whole: a button shows the preview, and a draft is kept by saving it.

const PAUSE = 600;
const KEPT = "peiban-";
const OURS = new Set(["form_token", "base", "do", "see"]);

const saved = document.querySelector("[data-saved]");
if (saved) {
  forget((name) => name.startsWith(`passage-${saved.dataset.saved}-`) || name.startsWith("passage-new-"));
}

const form = document.querySelector("form.writing");
if (form) {
  watch(form);
  keep(form);
}

function watch(form) {
  const place = form.querySelector("[data-preview]");
  let timer = 0;
  let asked = 0;

  async function refresh() {
    const mine = ++asked;
    const words = new FormData(form);
    words.set("do", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: words, headers: { "x-fragment": "preview" }, credentials: "same-origin" });
      if (answer.ok && !answer.redirected && mine === asked) {
        place.innerHTML = await answer.text();
      }
    } catch {
      // the line is gone: the next letter tries again
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "preview") {
      event.preventDefault();
      refresh();
      if (event.submitter.hasAttribute("data-preview-button")) {
        document.getElementById("preview").scrollIntoView({ block: "start" });
      }
    }
  });
  for (const part of form.querySelectorAll("[data-lang]")) {
    part.addEventListener("focusin", () => {
      form.querySelector(`#see-${part.dataset.lang}`).checked = true;
    });
  }
}

function keep(form) {
  const name = KEPT + form.dataset.draft;
  const told = form.querySelector("[data-restored]");
  const kept = localStorage.getItem(name);
  if ("returned" in form.dataset) {
    localStorage.setItem(name, said(form));
  } else if (kept && kept !== said(form)) {
    restore(form, JSON.parse(kept));
    told.hidden = false;
    form.dispatchEvent(new Event("input"));
  }
  form.addEventListener("input", () => localStorage.setItem(name, said(form)));
  told.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(name);
    form.reset();
    told.hidden = true;
    form.dispatchEvent(new CustomEvent("input"));
    localStorage.removeItem(name);
  });
}

function said(form) {
  return JSON.stringify([...new FormData(form)].filter(([name]) => !OURS.has(name)));
}

function restore(form, entries) {
  for (const field of form.elements) {
    if (!field.name || OURS.has(field.name) || field.type === "submit") {
      continue;
    }
    const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox") {
      field.checked = values.includes(field.value);
    } else if (values.length) {
      field.value = values[0];
    }
  }
}

function forget(ours) {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(KEPT) && ours(name.slice(KEPT.length))) {
      localStorage.removeItem(name);
    }
  }
}
