// The danger alarm of every page: asks every few seconds, also behind other windows, and changes the bar, the title and the sound.
// Without this script the bar stands on every page that is loaded.

const EVERY = 5000;
const RINGS_EVERY = 30000;
const MARK = /^🔴 \(\d+\) /u;
let rang = 0;
let sound = null;

async function look() {
  const answer = await fetch("/console/alarm", { credentials: "same-origin" });
  if (answer.redirected || answer.status === 403) {
    gone();
    return false;
  }
  if (answer.ok) {
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("alarm");
    show(made);
  }
  return true;
}

function show(made) {
  const bar = document.getElementById("alarm");
  if (made && bar.innerHTML !== made.innerHTML) {
    bar.innerHTML = made.innerHTML; // only when it changed: a screen reader says it once
  }
  const waiting = Number(made?.dataset.waiting ?? 0);
  document.title = (waiting ? `🔴 (${waiting}) ` : "") + document.title.replace(MARK, "");
  if (made && "rings" in made.dataset) {
    ring();
  } else {
    rang = 0;
  }
}

// Signed out meanwhile. The page is not loaded anew: somebody may be writing in it.
function gone() {
  const bar = document.getElementById("alarm");
  const said = document.createElement("p");
  said.className = "alarm";
  said.setAttribute("role", "alert");
  said.textContent = bar.dataset.gone;
  bar.replaceChildren(said);
}

function ring() {
  if (Date.now() - rang < RINGS_EVERY) {
    return;
  }
  rang = Date.now();
  try {
    sound ??= new AudioContext(); // a browser may keep it silent until something on the page was pressed
    sound.resume();
    for (const at of [0, 0.4, 0.8]) {
      const tone = new OscillatorNode(sound, { frequency: 880 });
      tone.connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + 0.2);
    }
  } catch {
    sound = null; // no sound here: the bar and the title stay
  }
}

async function round() {
  let goes = true;
  try {
    goes = await look();
  } catch {
    // the line is gone: ask again
  }
  if (goes) {
    setTimeout(round, EVERY);
  }
}

if (document.querySelector("#alarm[data-rings]")) {
  ring();
}
setTimeout(round, EVERY);
