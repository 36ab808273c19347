// A button that copies what a field holds. Without this script it stays hidden, and the field can be marked and copied by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // an office without https: no other way is open there
    }
    button.textContent = button.dataset.copied;
  });
}
