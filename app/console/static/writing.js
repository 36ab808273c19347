// What is being written: kept in this browser until it is sent, and counted where it grows too long. Nothing is ever cut.
// data-draft names a form's words, data-sent on any element says that they went out, data-most stands on a field.

const KEPT_FOR = 12 * 60 * 60 * 1000; // a shift: what a parent is told should not stay in a shared browser
const PREFIX = "draft:";

function stored() {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden here: then nothing is kept
  }
}

function drop(name) {
  stored()?.removeItem(PREFIX + name);
}

function dropOld() {
  for (const name of Object.keys(stored() ?? {}).filter((one) => one.startsWith(PREFIX))) {
    const kept = read(name);
    if (!kept || kept.at < Date.now() - KEPT_FOR) {
      stored().removeItem(name);
    }
  }
}

function read(name) {
  try {
    return JSON.parse(stored().getItem(name));
  } catch {
    return null;
  }
}

function keep(form) {
  const fields = Object.fromEntries(words(form).map((field) => [field.name, field.value]));
  try {
    if (Object.values(fields).some((value) => value.trim())) {
      stored()?.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), fields }));
    } else {
      drop(form.dataset.draft);
    }
  } catch {
    // full: the words still stand in the field
  }
}

function words(form) {
  return [...form.querySelectorAll("textarea[name]")];
}

function follow(form) {
  const kept = read(PREFIX + form.dataset.draft);
  for (const field of words(form)) {
    field.value ||= kept?.fields[field.name] ?? "";
    count(field);
  }
  form.addEventListener("input", () => keep(form));
  keep(form); // also what the server put there: a reply taken back, or one that could not be sent
}

function count(field) {
  const most = Number(field.dataset.most);
  if (!most) {
    return;
  }
  const told = document.createElement("span");
  told.className = "late small";
  told.setAttribute("aria-live", "polite");
  field.after(told);
  const look = () => {
    const over = [...field.value.trim()].length - most;
    told.textContent = over > 0 ? field.dataset.over.replace("{over}", over) : "";
    field.setAttribute("aria-invalid", String(over > 0));
  };
  field.addEventListener("input", look);
  look();
}

dropOld();
for (const sent of document.querySelectorAll("[data-sent]")) {
  drop(sent.dataset.sent);
}
document.querySelectorAll("form[data-draft]").forEach(follow);
for (const field of document.querySelectorAll("textarea[data-most]")) {
  if (!field.form?.dataset.draft) {
    count(field);
  }
}
document.querySelector('form[action="/console/sign-out"]')?.addEventListener("submit", () => {
  Object.keys(stored() ?? {}).filter((name) => name.startsWith(PREFIX)).forEach((name) => stored().removeItem(name));
});
