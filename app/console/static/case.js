// Comforts of the page of one case: quoting a passage, the seconds left to take a reply back.

const form = document.querySelector("form[data-draft]");
const words = form?.querySelector("textarea");

for (const button of document.querySelectorAll("[data-quote]")) {
  button.hidden = !words;
  button.addEventListener("click", () => quote(button.closest("details").querySelector(".said").textContent));
}

function quote(text) {
  words.value = words.value ? `${words.value.trimEnd()}\n\n${text}` : text;
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
  words.scrollIntoView({ block: "center" });
}

// The forms may be drawn anew by live.js, so they are looked up at each tick; a drawn-anew one carries its seconds anew.
setInterval(() => {
  for (const undo of document.querySelectorAll("[data-undo]")) {
    undo.dataset.end ??= Date.now() + Number(undo.dataset.undo) * 1000;
    const left = Math.ceil((undo.dataset.end - Date.now()) / 1000);
    if (left > 0) {
      undo.querySelector("[data-seconds]").textContent = `(${left})`;
    } else {
      undo.remove();
    }
  }
}, 500);
