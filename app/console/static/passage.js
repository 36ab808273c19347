// Comforts of the form of a passage: a preview that keeps up with the typing, and words that survive a sign-in or a closed window.
// Without this script the form is whole: a button shows the preview, and a draft is kept by saving it.

const PAUSE = 600;
const KEPT = "peiban-";
const SENT = `${KEPT}sent`; // which form this window sent last: only its words may go once they are saved
const OURS = new Set(["form_token", "base", "do", "see"]);

if (document.querySelector("[data-saved]") && sessionStorage.getItem(SENT)) {
  localStorage.removeItem(sessionStorage.getItem(SENT));
}
sessionStorage.removeItem(SENT);

const form = document.querySelector("form.writing");
if (form) {
  watch(form);
  keep(form);
}

function watch(form) {
  const place = form.querySelector("[data-preview]");
  const findings = form.querySelector("[data-lint]");
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
        findings.replaceChildren(place.querySelector(".lint"));
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
  // A finding leads into its field, ready to type; without this script it leads to the field.
  document.addEventListener("click", (event) => {
    const field = document.getElementById(event.target.closest?.("[data-field]")?.dataset.field ?? "");
    if (field && form.contains(field)) {
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    }
  });
  for (const part of form.querySelectorAll("[data-lang]")) {
    part.addEventListener("focusin", () => {
      form.querySelector(`#see-${part.dataset.lang}`).checked = true;
    });
  }
}

// The words are kept with the revision they began from, so that saving them later still shows what a colleague changed meanwhile.
function keep(form) {
  const name = KEPT + form.dataset.draft;
  const told = form.querySelector("[data-restored]");
  const base = form.elements.base;
  const came = { base: base.value, words: JSON.stringify(said(form)) };
  const returned = "returned" in form.dataset;

  function store() {
    const words = said(form);
    if (!returned && base.value === came.base && JSON.stringify(words) === came.words) {
      localStorage.removeItem(name);
    } else {
      localStorage.setItem(name, JSON.stringify({ base: base.value, words }));
    }
  }

  const kept = JSON.parse(localStorage.getItem(name));
  if (returned) {
    store();
  } else if (kept && JSON.stringify(kept.words) !== came.words) {
    restore(form, kept.words);
    base.value = kept.base;
    told.hidden = false;
    form.dispatchEvent(new Event("input"));
  }
  form.addEventListener("input", store);
  form.addEventListener("submit", (event) => {
    if (["save", "submit"].includes(event.submitter?.value)) {
      sessionStorage.setItem(SENT, name);
    }
  });
  told.querySelector("[data-drop]").addEventListener("click", () => {
    form.querySelectorAll("[data-rebuilt]").forEach((box) => box.remove());
    form.reset();
    base.value = came.base;
    told.hidden = true;
    form.dispatchEvent(new CustomEvent("input"));
    localStorage.removeItem(name);
  });
}

function said(form) {
  return [...new FormData(form)].filter(([name]) => !OURS.has(name));
}

function restore(form, entries) {
  rebuild(form, entries.filter(([name]) => name === "sources").map(([, value]) => value));
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

// Sources that were added but not saved have no box in a fresh form.
function rebuild(form, values) {
  const place = form.querySelector("[data-sources]");
  const there = new Set([...place.querySelectorAll("input")].map((box) => box.value));
  for (const value of values.filter((each) => !there.has(each))) {
    const [organisation, title, year] = JSON.parse(value);
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "sources", value });
    const label = Object.assign(document.createElement("label"), { className: "box" });
    const chinese = document.documentElement.lang.startsWith("zh");
    label.append(box, chinese ? ` ${organisation}，${title}（${year}）` : ` ${organisation}, ${title} (${year})`);
    label.dataset.rebuilt = "";
    place.append(label);
  }
}
