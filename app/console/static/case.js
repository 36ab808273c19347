// Comforts of the page of one case: quoting a passage, the seconds left to take a reply back, a draft that survives a sign-in.

const form = document.querySelector("form[data-draft]");
const words = form?.querySelector("textarea");

for (const button of document.querySelectorAll("[data-quote]")) {
  button.hidden = !words;
  button.addEventListener("click", () => quote(button.closest("details").querySelector(".said").textContent));
}

function quote(text) {
  words.value = words.value ? `${words.value.trimEnd()}\n\n${text}` : text;
  words.dispatchEvent(new Event("input"));
  words.focus();
  words.scrollIntoView({ block: "center" });
}

for (const undo of document.querySelectorAll("[data-undo]")) {
  countDown(undo, Number(undo.dataset.undo));
}

function countDown(undo, seconds) {
  const shown = undo.querySelector("[data-seconds]");
  const end = Date.now() + seconds * 1000;
  const tick = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    shown.textContent = left > 0 ? `(${left})` : "";
    if (left <= 0) {
      clearInterval(tick);
      undo.remove();
    }
  }, 500);
}

// Kept in this tab only, and only until the reply is sent: what a parent is told should not stay in a shared browser.
if (form && words) {
  const name = form.dataset.draft;
  if ("sent" in form.dataset) {
    sessionStorage.removeItem(name);
  } else if (!words.value) {
    words.value = sessionStorage.getItem(name) ?? "";
  }
  words.addEventListener("input", () => sessionStorage.setItem(name, words.value));
}
